"""Fills are counted, a day begins at midnight UTC, and round trips know what they lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.model.events import BUY, SELL
from strategies.trades import DAY_NS, FILLS, Trades, count_fill
from tests.support import NOW_NS, checked

MIDNIGHT_NS = (NOW_NS // DAY_NS + 1) * DAY_NS


def counted(*fills: tuple[int, int, int], now_ns: int = NOW_NS) -> Trades:
    trades = Trades()
    for side, ticks, lots in fills:
        count_fill(trades, side, ticks, lots, now_ns)
    return trades


@pytest.mark.parametrize(
    ("fills", "losing"),
    [
        ([(BUY, 10, 2)], 0),
        ([(BUY, 10, 2), (SELL, 9, 1)], 0),
        ([(BUY, 10, 2), (SELL, 9, 2)], 1),
        ([(BUY, 10, 2), (SELL, 9, 1), (SELL, 11, 1)], 0),
        ([(SELL, 9, 2), (BUY, 10, 2)], 1),
        ([(SELL, 9, 2), (BUY, 10, 5), (SELL, 9, 3)], 2),
        ([(SELL, 9, 2), (BUY, 10, 5), (SELL, 10, 3)], 0),
        ([(BUY, 10, 1), (SELL, 9, 1), (BUY, 10, 1), (SELL, 11, 1), (SELL, 9, 1), (BUY, 10, 1)], 1),
    ],
)
def test_losing_round_trips_are_counted_in_a_row(
    fills: list[tuple[int, int, int]], losing: int
) -> None:
    assert counted(*fills).losing == losing


def test_a_days_notional_begins_anew_at_midnight_utc() -> None:
    trades = Trades()
    count_fill(trades, BUY, 10, 3, MIDNIGHT_NS - 1)
    assert (trades.day_notional_tick_lots, trades.notional_tick_lots) == (30, 30)
    count_fill(trades, SELL, 5, 1, MIDNIGHT_NS)
    assert (trades.day_notional_tick_lots, trades.notional_tick_lots) == (5, 35)


def test_the_times_of_the_last_fills_are_kept_in_a_ring() -> None:
    trades = Trades()
    for k in range(FILLS + 2):
        count_fill(trades, BUY, 1, 1, k)
    assert trades.count == FILLS + 2
    assert trades.fill_ns[:3] == [FILLS, FILLS + 1, 2]


FILL = st.tuples(st.sampled_from((BUY, SELL)), st.integers(1, 10**6), st.integers(1, 10**6))


@checked(100)
@given(st.lists(FILL, max_size=30))
def test_the_open_trip_and_the_closed_ones_add_up_to_every_fill(
    fills: list[tuple[int, int, int]],
) -> None:
    trades, cash, realised = Trades(), 0, 0
    for side, ticks, lots in fills:
        sign = 1 if side == BUY else -1
        before = trades.position_lots
        closes = before != 0 and before * (before + sign * lots) <= 0
        if closes:
            realised += trades.cash_tick_lots + before * ticks
        count_fill(trades, side, ticks, lots, NOW_NS)
        cash -= sign * ticks * lots
        assert trades.cash_tick_lots + realised == cash
    assert trades.position_lots == sum((1 if s == BUY else -1) * n for s, _, n in fills)
