"""After a start sizes grow from a part to full, by the later of time and fills."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.model.events import BUY, SELL
from connectors.model.orders import LEVELS
from strategies import reasons as why
from strategies.desk import Desk
from strategies.quoting import decide
from strategies.ramp import Ramp, RampKnobs, grow
from strategies.trades import Trades, count_fill
from tests.support import MID_TICKS, NOW_NS, SECOND_NS, shown_desk


def knobs_of(start_frac: float, after_s: int = 0, after_fills: int = 0) -> RampKnobs:
    knobs = RampKnobs()
    knobs.on = True
    knobs.start_frac = start_frac
    knobs.full_after_ns, knobs.full_after_fills = after_s * SECOND_NS, after_fills
    return knobs


def sizes(knobs: RampKnobs, *moments: tuple[float, int]) -> list[float]:
    """Return the share of a full size at each (second, fills so far)."""
    ramp, trades = Ramp(), Trades()
    found = []
    for second, fills in moments:
        trades.count = fills
        grow(ramp, knobs, trades, NOW_NS + int(second * SECOND_NS))
        found.append(ramp.size_frac)
    return found


def test_it_grows_linearly_with_time() -> None:
    found = sizes(knobs_of(0.2, 10), (0, 0), (5, 0), (10, 0), (99, 0))
    assert found == pytest.approx([0.2, 0.6, 1.0, 1.0])


def test_it_grows_linearly_with_fills_since_its_beginning() -> None:
    assert sizes(knobs_of(0.5, 0, 4), (0, 7), (0, 9), (0, 11)) == [0.5, 0.75, 1.0]


def test_with_both_the_later_counts() -> None:
    moments = ((0, 0), (10, 1), (20, 4), (5, 4))
    assert sizes(knobs_of(0.2, 10, 4), *moments) == pytest.approx([0.2, 0.4, 1.0, 0.6])


@given(
    st.floats(0.001, 1.0),
    st.integers(0, 100),
    st.integers(0, 100),
    st.lists(st.tuples(st.integers(0, 50), st.integers(0, 5)), min_size=1, max_size=30),
)
def test_it_never_shrinks_and_stays_between_its_start_and_full(
    start_frac: float, after_s: int, after_fills: int, steps: list[tuple[int, int]]
) -> None:
    second, fills, moments = 0.0, 0, []
    for seconds, more in steps:
        second, fills = second + seconds, fills + more
        moments.append((second, fills))
    found = sizes(knobs_of(start_frac, after_s, after_fills), *moments)
    assert found == sorted(found)
    assert all(start_frac <= size <= 1.0 for size in found)


def ramped() -> Desk:
    desk = shown_desk(warmup_s=0.0, refresh_ns=0)
    desk.params.ramp = knobs_of(0.5, 10)
    return desk


def test_a_decision_wants_the_share_and_says_why_until_it_is_full() -> None:
    desk = ramped()
    full = desk.params.order_lots
    for second, lots in ((0, full // 2), (8, full * 9 // 10), (10, full)):
        decide(desk, NOW_NS + second * SECOND_NS)
        assert desk.quotes.lots[0] == desk.quotes.lots[LEVELS] == lots
        is_told = [bool(desk.quotes.reasons[side] & why.RAMP) for side in (BUY, SELL)]
        assert is_told == [lots < full] * 2


def test_a_market_that_is_held_has_not_begun() -> None:
    desk = ramped()
    desk.held = why.RECONCILING
    decide(desk, NOW_NS)
    desk.held = 0
    decide(desk, NOW_NS + 20 * SECOND_NS)
    assert desk.quotes.lots[0] == desk.params.order_lots // 2


def test_fills_before_the_first_decision_do_not_count() -> None:
    desk = ramped()
    desk.params.ramp = knobs_of(0.5, 0, 2)
    count_fill(desk.trades, BUY, MID_TICKS, 1, NOW_NS)
    count_fill(desk.trades, SELL, MID_TICKS, 1, NOW_NS)
    decide(desk, NOW_NS)
    assert desk.quotes.lots[0] == desk.params.order_lots // 2
