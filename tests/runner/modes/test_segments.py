"""A market that is made anew after a failure is the same market: its sizes, and its day so far."""

from decimal import Decimal
from pathlib import Path

import pytest

from connectors.model.account import Standing
from runner.engine.worker import Market
from runner.modes.segments import Segments
from runner.settings import Settings
from runner.wiring.markets import market_of
from strategies.trades import DAY_NS
from tests.deploys import settings_for
from tests.virtual import START_NS, SetClock

PRICE = Decimal(50_000)
"""Half of what the synthetic market begins with."""
ENTRY, MARK = 500_000, 500_100
LIVE = ("experiment=lighter_sandbox", "record.tape=false")
PAPER = ("market=[btc]", "record.tape=false")


def running(settings: Settings) -> Market:
    """Return a market that has won something today and holds 10 lots."""
    market = market_of("btc", 0, settings, PRICE, START_NS)
    brakes, orders = market.limits.brakes, market.desk.orders
    orders.position_lots = 10
    orders.cash_tick_lots = -10 * ENTRY + 7_000
    market.desk.signals.mid_half_ticks = 2 * MARK
    brakes.is_marked, brakes.day = True, START_NS // DAY_NS
    brakes.equity_half_tick_lots = 2 * orders.cash_tick_lots + 10 * 2 * MARK
    brakes.opening_half_tick_lots = brakes.equity_half_tick_lots - 9_000
    return market


def reopened(settings: Settings, former: Market, cash_tick_lots: int) -> Market:
    standing = Standing(10, cash_tick_lots, 0, 0, (), "1")
    segments = Segments(settings, Path("unused"), SetClock(START_NS), former)
    return segments.reopen(standing, 2).market


def result_so_far(market: Market) -> int:
    """Return what the brakes take for the day's result, with what is held at the last mark."""
    orders = market.desk.orders
    worth = 2 * orders.cash_tick_lots + orders.position_lots * 2 * MARK
    return worth - market.limits.brakes.opening_half_tick_lots


def test_sizes_stay_what_they_were_counted_with_at_the_start() -> None:
    settings = settings_for(*LIVE)
    former = running(settings)
    after = reopened(settings, former, -10 * ENTRY)
    assert after.limits.max_position_lots == former.limits.max_position_lots
    assert after.desk.params.order_lots == former.desk.params.order_lots
    assert after.sized_price == PRICE


@pytest.mark.parametrize("realised", [7_000, -7_000])
def test_what_an_entry_price_has_forgotten_stays_in_the_result_of_the_day(realised: int) -> None:
    settings = settings_for(*LIVE)
    former = running(settings)
    former.desk.orders.cash_tick_lots = -10 * ENTRY + realised
    before = result_so_far(former)
    assert result_so_far(reopened(settings, former, -10 * ENTRY)) == before


def test_money_that_the_simulated_venue_counts_is_taken_as_it_says() -> None:
    settings = settings_for(*PAPER)
    former = running(settings)
    after = reopened(settings, former, former.desk.orders.cash_tick_lots - 500)
    assert result_so_far(after) == result_so_far(former) - 2 * 500
