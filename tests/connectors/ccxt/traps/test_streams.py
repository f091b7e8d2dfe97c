"""Streams: what plain ccxt loses, hangs on or does not notice, and what is told here instead."""

import asyncio
import json
from types import SimpleNamespace

import ccxt
import ccxt.pro
import pytest

from connectors.model.events import ACCEPTED, BID, CLEAR_BIDS, GAP
from tests.connectors.ccxt.bybit_trader import Trader, trading
from tests.connectors.ccxt.traps.plain import SYMBOL, Plain, using
from tests.venues.bybit.client import keys
from tests.venues.bybit.keys import UID

PRIVATE, PUBLIC = "/v5/private", "/v5/public/linear"
LONG_S = 20.0
"""Longer than anything of a stream takes that works."""
NONSENSE = b'{"topic":"orderbook.50.ETHUSDT","type":"delta","data":{"s":"ETHUSDT","b":[[]],"a":[]}}'


def rest(stand: Plain, link: str) -> None:
    """Let an order come to rest by other hands."""
    stand.client.place(link, symbol="ETHUSDT", price="2900.00", qty="0.10")


def test_plain_ccxt_wakes_nobody_for_news_that_came_while_nobody_waited() -> None:
    async def act(stand: Plain) -> None:
        waiting = asyncio.ensure_future(stand.exchange.watch_orders())
        await asyncio.sleep(1)
        rest(stand, "first")
        await waiting
        for link in ("second", "third"):
            rest(stand, link)
        await asyncio.sleep(1)
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(stand.exchange.watch_orders(), LONG_S)
        assert stand.resting() == 3

    using(act)


def test_news_that_came_while_nobody_waited_are_all_told_here() -> None:
    async def act(stand: Trader) -> None:
        orders = [stand.place(number) for number in (1, 2, 3)]
        await asyncio.sleep(1)
        assert [stand.heard(order) for order in orders] == [[ACCEPTED]] * 3

    trading(act)


async def books(stand: Plain) -> None:
    """Wait for one book after the other."""
    while True:
        await asyncio.wait_for(stand.exchange.watch_order_book(SYMBOL), LONG_S / 2)


def test_plain_ccxt_hears_nothing_more_after_a_message_that_its_handler_raises_on() -> None:
    async def act(stand: Plain) -> None:
        await stand.exchange.watch_order_book(SYMBOL)
        stand.line(PUBLIC).put(NONSENSE)
        await asyncio.sleep(1)
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(books(stand), LONG_S)
        assert stand.line(PUBLIC).is_open
        assert stand.faults

    using(act, has_crowd=True)


def test_a_message_that_makes_no_sense_costs_a_book_and_no_stream_here() -> None:
    async def act(stand: Trader) -> None:
        line = [wire.line for wire in stand.way.lines if wire.line.target == PUBLIC][-1]
        line.put(NONSENSE)
        await asyncio.sleep(1)
        before = len(stand.sinks["eth"].rows)
        await asyncio.sleep(LONG_S)
        assert len(stand.sinks["eth"].rows) > before
        assert stand.sinks["eth"].links[-1] is True

    trading(act, has_crowd=True)


def frame(kind: str, number: int, bid: str) -> bytes:
    """Return a frame of the book, which says nothing but one bid."""
    data = {"s": "ETHUSDT", "b": [[bid, "1.00"]], "a": [["3001.00", "1.00"]], "u": number, "seq": 1}
    words = {"topic": "orderbook.50.ETHUSDT", "type": kind, "ts": 1, "cts": 1, "data": data}
    return json.dumps(words).encode()


HOLE = [frame("snapshot", 1000, "3000.00"), frame("delta", 1050, "2999.00")]


def test_plain_ccxt_takes_a_book_with_a_hole_for_whole() -> None:
    async def act(stand: Plain) -> None:
        waiting = asyncio.ensure_future(stand.exchange.watch_order_book(SYMBOL))
        await asyncio.sleep(1)
        for each in HOLE:
            stand.line(PUBLIC).put(each)
        await waiting
        await asyncio.sleep(1)
        bids = stand.exchange.orderbooks[SYMBOL]["bids"]
        assert [price for price, _ in bids] == [3000.0, 2999.0]
        assert stand.faults == []

    using(act)


def test_a_hole_pulls_the_quotes_here_and_the_book_is_asked_for() -> None:
    async def act(stand: Trader) -> None:
        line = [wire.line for wire in stand.way.lines if wire.line.target == PUBLIC][-1]
        for each in HOLE:
            line.put(each)
        await asyncio.sleep(1)
        kinds = [row[0] for row in stand.sinks["eth"].rows]
        assert GAP in kinds
        assert CLEAR_BIDS in kinds[kinds.index(GAP) :]
        assert (BID, 299_900, 100) not in stand.sinks["eth"].rows

    trading(act)


def test_plain_ccxt_passes_over_a_jump_of_kucoins_sequence() -> None:
    exchange = ccxt.pro.kucoinfutures()
    levels = {"bids": [[100.0, 1]], "asks": [[110.0, 1]], "nonce": 1_700_000_000_010}
    exchange.orderbooks["XBTUSDTM"] = exchange.order_book(levels)
    line = SimpleNamespace(subscriptions={}, resolve=lambda *_: None)
    change = {
        "sequence": 1_700_000_000_099,
        "change": "101.0,buy,7",
        "timestamp": 1_795_000_000_000,
    }
    topic = "/contractMarket/level2:XBTUSDTM"
    exchange.handle_order_book(line, {"topic": topic, "subject": "level2", "data": change})
    assert exchange.orderbooks["XBTUSDTM"]["bids"][0] == [101.0, 7]


def test_plain_ccxt_keeps_the_book_of_a_connection_that_is_gone() -> None:
    async def act(stand: Plain) -> None:
        book = await stand.exchange.watch_order_book(SYMBOL)
        stand.way.is_reachable = False
        stand.line(PUBLIC).abort()
        best = book["bids"][0][0]
        stand.there.crowd_of("ETHUSDT").leap(-0.02)
        await asyncio.sleep(10)
        floor = stand.there.exchange.floors["ETHUSDT"]
        assert floor.book.bids.best_ticks is not None
        assert stand.exchange.orderbooks[SYMBOL]["bids"][0][0] == best
        assert abs(best * 100 - floor.book.bids.best_ticks) > 1000

    using(act, has_crowd=True)


def test_a_book_whose_connection_is_gone_is_unknown_here_at_once() -> None:
    async def act(stand: Trader) -> None:
        stand.way.is_reachable = False
        for wire in stand.way.lines:
            wire.line.abort()
        await asyncio.sleep(0.1)
        assert stand.sinks["eth"].rows[-1][0] == GAP
        assert stand.sinks["eth"].links[-1] is False

    trading(act, has_crowd=True)


def test_plain_ccxt_hangs_for_ever_after_a_login_that_was_refused_once() -> None:
    async def act(stand: Plain) -> None:
        account = stand.there.exchange.accounts[UID]
        account.keys.clear()
        with pytest.raises(ccxt.ExchangeError):
            await asyncio.wait_for(stand.exchange.watch_orders(), LONG_S)
        account.keys.update(keys())
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(stand.exchange.watch_orders(), 600)

    using(act)


def test_a_login_that_was_refused_is_tried_again_here() -> None:
    async def act(stand: Trader) -> None:
        account = stand.there.exchange.accounts[UID]
        account.keys.clear()
        [w.line for w in stand.way.lines if w.line.target == PRIVATE][-1].abort()
        await asyncio.sleep(10)
        assert stand.sinks["eth"].links[-1] is False
        account.keys.update(keys())
        await asyncio.sleep(60)
        assert stand.sinks["eth"].links[-1] is True

    trading(act, has_crowd=True)


def test_plain_ccxt_keeps_every_request_over_a_stream_for_ever() -> None:
    async def act(stand: Plain) -> None:
        for number in range(20):
            words = {"timeInForce": "PostOnly", "clientOrderId": f"o{number}"}
            await stand.exchange.create_order_ws(SYMBOL, "limit", "buy", 0.1, 2900, words)
            await asyncio.sleep(0.2)
        client = next(c for url, c in stand.exchange.clients.items() if url.endswith("/trade"))
        assert len(client.subscriptions) > 20

    using(act)


def test_requests_over_a_stream_leave_nothing_behind_here() -> None:
    async def act(stand: Trader) -> None:
        line = stand.parts.exchange.lines["ws://venue/v5/trade"]
        before = len(line.subscriptions), len(line.futures)
        for number in range(1, 21):
            stand.place(number)
            await asyncio.sleep(0.2)
        assert (len(line.subscriptions), len(line.futures)) == before

    trading(act)
