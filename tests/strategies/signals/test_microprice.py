"""Without a table the weighted mid stands in and says so; with one the cell is read."""

import pytest

from strategies.signals import microprice
from strategies.signals.microprice import BUCKETS, SPREADS, Microprice
from tests.support import MID_TICKS, new_desk, show


def observed(
    lots: tuple[int, int], spread: int = 2, table: list[float] | None = None
) -> Microprice:
    desk = new_desk()
    show(desk, MID_TICKS, MID_TICKS + spread, lots=lots)
    state = Microprice()
    if table is not None:
        state.table[:] = table
        state.has_table = True
    microprice.observe(state, desk.book)
    return state


@pytest.mark.parametrize(
    ("lots", "weighted"), [((5, 5), 0.0), ((20, 471), -451 / 491), ((1, 10**12), -1.0)]
)
def test_the_weighted_mid_leans_on_the_thin_side(lots: tuple[int, int], weighted: float) -> None:
    state = observed(lots)
    assert state.weighted_ticks == pytest.approx(weighted)
    assert state.offset_ticks == state.weighted_ticks
    assert not state.fitted


def test_the_table_is_read_by_spread_and_share_of_the_bid() -> None:
    table = [float(k) for k in range(SPREADS * BUCKETS)]
    for lots, bucket in (((1, 999), 0), ((5, 5), 5), ((999, 1), 9), ((37, 63), 3)):
        for spread in range(1, SPREADS + 1):
            state = observed(lots, spread, table)
            assert state.offset_ticks == table[(spread - 1) * BUCKETS + bucket]
            assert state.fitted


def test_a_wider_spread_than_the_table_has_falls_back() -> None:
    state = observed((9, 1), SPREADS + 1, [99.0] * (SPREADS * BUCKETS))
    assert (state.fitted, state.offset_ticks) == (False, state.weighted_ticks)
    assert state.offset_ticks == pytest.approx(0.8 * (SPREADS + 1) / 2)
