"""The open position keeps its average entry and its age."""

from hypothesis import given
from hypothesis import strategies as st

from connectors.model.events import BUY, SELL
from strategies.holding import Holding, adopt, result_bps, take_fill
from tests.support import MID_TICKS, NOW_NS, SECOND_NS, checked, show, shown_desk

FILLS = st.lists(st.tuples(st.sampled_from((BUY, SELL)), st.integers(1, 999), st.integers(1, 20)))


@checked(300)
@given(FILLS)
def test_the_entry_is_the_mean_price_of_what_is_still_held(
    fills: list[tuple[int, int, int]],
) -> None:
    holding, cost, lots, since = Holding(), 0.0, 0, 0
    for k, (side, ticks, size) in enumerate(fills):
        signed = size if side == BUY else -size
        if lots * signed >= 0:
            since = since if lots else k
            cost += signed * ticks
        elif abs(signed) <= abs(lots):
            cost *= 1 + signed / lots
        else:
            since, cost = k, (lots + signed) * ticks
        lots += signed
        take_fill(holding, side, ticks, size, k)
        assert holding.lots == lots
        if lots:
            assert holding.since_ns == since
            assert abs(holding.entry_ticks - cost / lots) < 1e-6 * ticks


def test_the_result_is_in_bps_of_the_entry_and_good_when_positive() -> None:
    holding = Holding()
    adopt(holding, 5, 1000.0, NOW_NS)
    assert abs(result_bps(holding, 1001.0) - 10.0) < 1e-9
    adopt(holding, -5, 1000.0, NOW_NS)
    assert abs(result_bps(holding, 1001.0) + 10.0) < 1e-9


def test_a_position_that_fills_do_not_explain_is_taken_over_at_mid() -> None:
    desk = shown_desk()
    desk.orders.position_lots = 7
    show(desk, MID_TICKS - 3, MID_TICKS + 3, NOW_NS + SECOND_NS)
    held = desk.holding
    assert (held.lots, held.entry_ticks, held.since_ns) == (7, MID_TICKS, NOW_NS + SECOND_NS)
