"""A first start reads as far back as what is held is explained, and no further."""

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest

from connectors.ccxt.account import MOST_WEEKS, WEEK_MS, OwnTrades
from connectors.ccxt.ids import Codec
from connectors.ccxt.listing import Listed
from connectors.ccxt.own import TradeIds
from connectors.ccxt.units import Units
from connectors.ccxt.words import OwnFill
from connectors.model.events import BUY, MAKER, SELL
from tests.connectors.ccxt.bybit_trader import ETH, Trader, trading
from tests.venues.common.truth import Passed

MARKET = Listed("eth", "ETHUSDT", "ETH/USDT:USDT", Units.of(ETH), Codec("ETHUSDT"))
NOW_MS = 1_763_000_000_000


def fill(weeks_ago: float, side: int, lots: int) -> OwnFill:
    """Return a trade of some time ago."""
    at_ms = NOW_MS - int(weeks_ago * WEEK_MS)
    size = str(lots / 100)
    return OwnFill("ETHUSDT", f"t{at_ms}", "o", "", side, "3000", size, MAKER, at_ms, None)


class Books:
    """A venue's books that remember how far back they were asked."""

    def __init__(self, *fills: OwnFill) -> None:
        self.told = sorted(fills, key=lambda fill: fill.venue_ms)
        self.asked_weeks: list[int] = []

    async def fills(self, symbol: str, since_ms: int) -> list[OwnFill]:
        """Return the trades since a moment."""
        self.asked_weeks.append(round((NOW_MS - since_ms) / WEEK_MS))
        return [fill for fill in self.told if fill.venue_ms >= since_ms]


def first(books: Books, held_lots: int) -> list[int]:
    """Return the signed lots of what a first start is told."""
    network: Any = SimpleNamespace(now_ms=lambda: NOW_MS)
    reads: Any = books
    trades = asyncio.run(OwnTrades(reads, network, TradeIds()).first(MARKET, held_lots))
    assert [trade.trade_id for trade in trades] == sorted(trade.trade_id for trade in trades)
    return [trade.lots if trade.side == BUY else -trade.lots for trade in trades]


@pytest.mark.parametrize(
    ("fills", "held_lots", "told", "asked_weeks"),
    [
        ((), 0, [], [1]),
        (((0.5, BUY, 10), (0.2, SELL, 4), (9, BUY, 5), (8, SELL, 5)), 6, [10, -4], [1]),
        (((0.5, BUY, 10), (2.5, BUY, 3)), 13, [3, 10], [1, 2, 4]),
        (((0.5, BUY, 10),), 0, [10], [1, 2, 4, 8, 16, 32, 64, 128]),
    ],
)
def test_trades_are_read_back_to_a_week_at_whose_begin_nothing_was_held(
    fills: tuple[tuple[float, int, int], ...],
    held_lots: int,
    told: list[int],
    asked_weeks: list[int],
) -> None:
    books = Books(*(fill(*each) for each in fills))
    assert first(books, held_lots) == told
    assert books.asked_weeks == asked_weeks
    assert asked_weeks[-1] <= 2 * MOST_WEEKS


def test_a_first_start_of_a_flat_account_asks_for_few_pages() -> None:
    async def act(stand: Trader) -> None:
        passed = stand.there.truth.of(Passed)
        before = len(passed)
        standing = await stand.venue.standing("eth")
        assert await stand.venue.trades_after("eth", 0) == ()
        reads = [fact.operation for fact in stand.there.truth.of(Passed)][before:]
        assert reads.count("trades") <= 4
        assert standing.last_trade_id > 0

    trading(act)
