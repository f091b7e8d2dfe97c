"""Imbalance lies between -1 and 1, and only changes of mind with an amplitude are flips."""

import pytest

from strategies.desk import FLIPS, Desk
from strategies.signals.imbalance import FLIP_WINDOW_NS, recent_flips
from tests.support import MID_TICKS, MS, NOW_NS, new_desk, show


def lean(desk: Desk, bid_lots: int, ask_lots: int, now_ns: int = NOW_NS) -> float:
    show(desk, MID_TICKS - 1, MID_TICKS + 1, now_ns, (bid_lots, ask_lots))
    return desk.signals.imbalance


@pytest.mark.parametrize(
    ("lots", "expected"), [((5, 5), 0.0), ((20, 471), -451 / 491), ((3, 1), 0.5), ((1, 3), -0.5)]
)
def test_it_is_the_difference_over_the_sum(lots: tuple[int, int], expected: float) -> None:
    assert lean(new_desk(), *lots) == expected


def test_a_change_of_side_is_a_flip_and_the_first_side_is_none() -> None:
    desk = new_desk()
    for lots, flips in (((9, 1), 0), ((8, 1), 0), ((1, 9), 1), ((1, 9), 1), ((9, 1), 2)):
        lean(desk, *lots)
        assert desk.signals.flips == flips


@pytest.mark.parametrize("mind", [1, -1])
def test_what_is_between_the_amplitudes_changes_no_mind(mind: int) -> None:
    desk = new_desk()
    for lots in ((9, 1), (59, 41), (50, 50), (41, 59), (9, 1)):
        lean(desk, *lots[::mind])
    assert (desk.signals.flips, desk.signals.lean) == (0, mind)
    lean(desk, *(40, 60)[::mind])
    assert (desk.signals.flips, desk.signals.lean) == (1, -mind)


def test_recent_flips_forget_after_the_window() -> None:
    desk = new_desk()
    for k in range(6):
        lean(desk, *((9, 1) if k % 2 else (1, 9)), now_ns=NOW_NS + k * 50 * MS)
    last_ns = NOW_NS + 250 * MS
    assert desk.signals.flips == 5
    assert recent_flips(desk.signals, last_ns) == 5
    assert recent_flips(desk.signals, last_ns + 1) == 4
    assert recent_flips(desk.signals, last_ns + FLIP_WINDOW_NS + 1) == 0


def test_no_more_than_the_ring_is_remembered() -> None:
    desk = new_desk()
    for k in range(2 * FLIPS + 5):
        lean(desk, *((9, 1) if k % 2 else (1, 9)))
    assert desk.signals.flips == 2 * FLIPS + 4
    assert recent_flips(desk.signals, NOW_NS) == FLIPS
