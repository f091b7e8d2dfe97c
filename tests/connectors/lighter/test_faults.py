"""Whatever goes wrong on the way, the book here ends as the venue's and every fill is told once."""

import asyncio
from typing import Any

import pytest

from connectors.model.events import ASK, BID, CLEAR_ASKS, CLEAR_BIDS, FILLED, GAP
from tests.connectors.lighter.standin import StandIn, beside
from tests.connectors.lighter.test_account import TAKES

UPDATE = {"when": "update", "nth": 20}
FAULTS: dict[str, dict[str, Any]] = {
    "nothing": {"at_s": 4.0, "do": "leap", "bps": 10, "market": "ETH"},
    "a dropped update": {**UPDATE, "do": "drop"},
    "many dropped updates": {**UPDATE, "times": 30, "do": "drop"},
    "a repeated update": {**UPDATE, "times": 20, "do": "duplicate"},
    "a late update": {**UPDATE, "do": "late", "s": 1.0},
    "updates in another order": {**UPDATE, "times": 30, "do": "reorder", "s": 0.5},
    "garbage": {**UPDATE, "times": 3, "do": "garbage", "text": "<"},
    "a lost connection": {"at_s": 4.0, "do": "close"},
    "a connection that is closed": {"at_s": 4.0, "do": "close", "code": 1001, "stream": "market"},
    "a connection that falls silent": {"at_s": 4.0, "do": "silence"},
    "a half-open connection": {"at_s": 4.0, "do": "half_open"},
    "a shutdown that is announced": {"at_s": 4.0, "do": "shutdown_notice", "ms": 3000},
    "tokens that end": {"at_s": 4.0, "do": "expire_tokens"},
}
LOSSLESS = {"nothing", "a repeated update", "a shutdown that is announced", "tokens that end"}

Levels = dict[int, int]


def folded(rows: list[tuple[int, int, int]]) -> tuple[Levels, Levels] | None:
    """Return bids and asks that rows make, None where they end in a gap."""
    sides: tuple[Levels, Levels] = ({}, {})
    is_known = False
    for kind, ticks, lots in rows:
        if kind in (BID, ASK):
            sides[kind][ticks] = lots
        elif kind in (CLEAR_BIDS, CLEAR_ASKS):
            sides[kind - CLEAR_BIDS].clear()
            is_known = True
        elif kind == GAP:
            is_known = False
    bids, asks = ({k: lots for k, lots in side.items() if lots} for side in sides)
    return (bids, asks) if is_known else None


def truth(stand: StandIn, market_id: int) -> tuple[Levels, Levels]:
    """Return bids and asks of the stand-in's own book."""
    book = stand.there.exchange.floors[market_id].book
    return dict(book.side(False).levels()), dict(book.side(True).levels())


@pytest.mark.parametrize("fault", FAULTS)
def test_the_book_is_the_venues_and_fills_are_told_once(fault: str) -> None:
    async def act(stand: StandIn) -> None:
        for k in range(12):
            await asyncio.sleep(1)
            is_ask = k % 2
            price = 310_000 - 20_000 * is_ask
            stand.trade(2176 * (k + 1), **{**TAKES, "Price": price, "IsAsk": is_ask})
        for crowd in stand.there.crowds.values():
            crowd.step = nothing_more  # type: ignore[method-assign]
        await asyncio.sleep(30)
        assert folded(stand.sinks["eth"].rows) == truth(stand, 0)
        assert folded(stand.sinks["btc"].rows) == truth(stand, 1)
        told = [row[6] for row in stand.of_account(FILLED)]
        assert len(told) == len(set(told))
        read = {trade.trade_id for trade in await stand.venue.trades_after("eth", 0)}
        assert set(told) <= read
        if fault != "tokens that end":
            assert set(told) == read

    stand = beside(act, FAULTS[fault])
    has_gap = any((GAP, 0, 0) in sink.rows for sink in stand.sinks.values())
    assert has_gap is (fault not in LOSSLESS)
    for sink in stand.sinks.values():
        assert sink.links[-1] is True


def test_a_trade_that_only_a_read_has_told_opens_the_accounts_stream_anew() -> None:
    async def act(stand: StandIn) -> None:
        await asyncio.sleep(6)
        stand.trade(2176, **{**TAKES, "Price": 310_000, "IsAsk": 0})
        await asyncio.sleep(6)
        assert stand.of_account(FILLED) == []
        read = await stand.venue.trades_after("eth", 0)
        await asyncio.sleep(10)
        told = {row[6] for row in stand.of_account(FILLED)}
        assert told == {trade.trade_id for trade in read} != set()
        assert len([line for line in stand.told if "opened anew" in line]) == 1

    beside(act, FAULTS["tokens that end"])


def nothing_more() -> None:
    """Stand in for a crowd that has gone home."""
