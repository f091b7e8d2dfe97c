"""Market data of other exchanges, read by ccxt's own parsers: scripted venues on virtual time."""

import asyncio
import json
import random
from collections.abc import Callable
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

import pytest

from connectors.calls import Reply, Request
from connectors.ccxt.adapter import CcxtVenue
from connectors.ccxt.budgets import Budgets, Caps
from connectors.ccxt.network import Network
from connectors.ccxt.public_only import PublicOnly, PublicTerms
from connectors.model.errors import VenueError
from connectors.model.events import ASK, BID, CLEAR_ASKS, CLEAR_BIDS, GAP, TRADE_SELL
from connectors.model.instrument import Instrument
from tests import virtual
from tests.connectors.ccxt.standing import Sinks
from tests.connectors.memory import Memory, Peer
from tests.virtual import START_NS, VirtualClock

NOW_MS = START_NS // 1_000_000
CAPS = Caps(600, 10, 10, 10, 50, 100)


class Api:
    """A `Sender` that answers paths from a table."""

    def __init__(self, answers: dict[str, Any]) -> None:
        self._answers = answers

    async def send(self, request: Request) -> Reply:
        """Answer soon."""
        await asyncio.sleep(0.01)
        said = self._answers.get(urlsplit(request.url).path)
        return Reply(404, {}, b"{}") if said is None else Reply(200, {}, json.dumps(said).encode())


Serve = Callable[[Peer, asyncio.Event], Any]


class Reading:
    """One exchange that is read, and what was told of it."""

    def __init__(
        self, clock: VirtualClock, exchange: str, answers: dict[str, Any], serve: Any
    ) -> None:
        self.told: list[str] = []
        self.memory = Memory(serve)
        network = Network(
            exchange,
            Budgets(CAPS),
            Api(answers),
            self.memory,
            clock,
            random.Random(1),
            lambda now_ns, market, text: self.told.append(text),
            _nothing,
        )
        terms = PublicTerms(exchange, "http://venue", "ws://venue", 30.0, 15.0, 3000.0)
        self.sink = Sinks()
        instrument = INSTRUMENTS[exchange]
        self.venue = CcxtVenue(network, PublicOnly(network, terms), {"btc": instrument})


INSTRUMENTS = {
    "binanceusdm": Instrument(
        "BTCUSDT", "BTC", "USDT", Decimal("0.1"), Decimal("0.001"), 1, Decimal(100)
    ),
    "binance": Instrument(
        "BTCUSDT", "BTC", "USDT", Decimal("0.1"), Decimal("0.001"), 1, Decimal(100), True
    ),
    "okx": Instrument("BTC-USDT-SWAP", "BTC", "USDT", Decimal("0.1"), Decimal("0.0001")),
}
BINANCE_MARKET = {
    "symbol": "BTCUSDT",
    "pair": "BTCUSDT",
    "contractType": "PERPETUAL",
    "status": "TRADING",
    "baseAsset": "BTC",
    "quoteAsset": "USDT",
    "marginAsset": "USDT",
    "deliveryDate": 4133404800000,
    "onboardDate": 1569398400000,
    "filters": [
        {"filterType": "PRICE_FILTER", "tickSize": "0.10", "minPrice": "1", "maxPrice": "900000"},
        {"filterType": "LOT_SIZE", "stepSize": "0.001", "minQty": "0.001", "maxQty": "1000"},
        {"filterType": "MIN_NOTIONAL", "notional": "100"},
    ],
    "orderTypes": ["LIMIT"],
    "timeInForce": ["GTC"],
}
SPOT_MARKET = {
    **{k: v for k, v in BINANCE_MARKET.items() if k in ("symbol", "status", "orderTypes")},
    "baseAsset": "BTC",
    "quoteAsset": "USDT",
    "isSpotTradingAllowed": True,
    "permissionSets": [["SPOT"]],
    "filters": [
        *BINANCE_MARKET["filters"][:2],  # type: ignore[index]
        {"filterType": "NOTIONAL", "minNotional": "100"},
    ],
}
OKX_MARKET = {
    "instId": "BTC-USDT-SWAP",
    "instType": "SWAP",
    "instFamily": "BTC-USDT",
    "uly": "BTC-USDT",
    "settleCcy": "USDT",
    "ctVal": "0.01",
    "ctValCcy": "BTC",
    "ctMult": "1",
    "ctType": "linear",
    "tickSz": "0.1",
    "lotSz": "0.01",
    "minSz": "0.01",
    "lever": "100",
    "state": "live",
    "listTime": "1573557408000",
    "expTime": "",
    "alias": "",
}
ANSWERS: dict[str, dict[str, Any]] = {
    "binanceusdm": {
        "/fapi/v1/exchangeInfo": {"symbols": [BINANCE_MARKET]},
        "/fapi/v1/fundingInfo": [],
        "/fapi/v1/depth": {
            "lastUpdateId": 100,
            "E": NOW_MS,
            "T": NOW_MS,
            "bids": [["59999.9", "1.000"], ["59999.8", "2.000"]],
            "asks": [["60000.1", "3.000"]],
        },
    },
    "binance": {
        "/api/v3/exchangeInfo": {"symbols": [SPOT_MARKET]},
        "/api/v3/depth": {
            "lastUpdateId": 100,
            "bids": [["59999.9", "1.000"], ["59999.8", "2.000"]],
            "asks": [["60000.1", "3.000"]],
        },
    },
    "okx": {"/api/v5/public/instruments": {"code": "0", "msg": "", "data": [OKX_MARKET]}},
}


async def _nothing() -> None:
    """Hold nothing open."""


def binance_change(first: int, last: int, before: int, bids: list[list[str]]) -> bytes:
    """Return a change of the book."""
    words = {
        "e": "depthUpdate",
        "E": NOW_MS,
        "T": NOW_MS,
        "s": "BTCUSDT",
        "U": first,
        "u": last,
        "pu": before,
        "b": bids,
        "a": [],
    }
    return json.dumps({"stream": "btcusdt@depth@100ms", "data": words}).encode()


async def binance(peer: Peer) -> None:
    """Answer subscriptions; tell a book, a trade, and after a second a hole in the sequence."""
    asked = json.loads(await peer.asked())
    peer.say(json.dumps({"result": None, "id": asked["id"]}).encode())
    peer.say(binance_change(95, 101, 94, [["59999.9", "1.500"]]))
    await asyncio.sleep(0.1)
    peer.say(binance_change(102, 103, 101, [["59999.8", "0"], ["59999.7", "7.000"]]))
    trade = {"e": "trade", "E": NOW_MS, "T": NOW_MS, "s": "BTCUSDT", "t": 7, "p": "59999.9"}
    words = {**trade, "q": "0.250", "X": "MARKET", "m": True}
    peer.say(json.dumps({"stream": "btcusdt@trade", "data": words}).encode())
    await asyncio.sleep(1)
    if peer.number < 2:
        peer.say(binance_change(110, 111, 109, [["59999.6", "1.000"]]))
    await asyncio.Event().wait()


def okx_book(action: str, number: int, before: int, bids: list[list[str]]) -> bytes:
    """Return a snapshot or a change."""
    data = {"bids": bids, "asks": [["60000.1", "300", "0", "1"]], "ts": str(NOW_MS)}
    words = {
        "arg": {"channel": "books", "instId": "BTC-USDT-SWAP"},
        "action": action,
        "data": [{**data, "seqId": number, "prevSeqId": before}],
    }
    return json.dumps(words).encode()


async def okx(peer: Peer) -> None:
    """Answer subscriptions with a book, a change, a trade, and a hole."""
    channels = set()
    while len(channels) < 2:
        asked = json.loads(await peer.asked())
        channels |= {arg["channel"] for arg in asked["args"]}
    peer.say(okx_book("snapshot", 100, -1, [["59999.9", "100", "0", "1"]]))
    await asyncio.sleep(0.1)
    peer.say(okx_book("update", 101, 100, [["59999.9", "150", "0", "1"]]))
    arg = {"channel": "trades", "instId": "BTC-USDT-SWAP"}
    row = {"instId": "BTC-USDT-SWAP", "tradeId": "9", "px": "59999.9", "sz": "25", "side": "sell"}
    peer.say(json.dumps({"arg": arg, "data": [{**row, "ts": str(NOW_MS + 50)}]}).encode())
    await asyncio.sleep(1)
    if peer.number == 0:
        peer.say(okx_book("update", 120, 110, [["59999.6", "1", "0", "1"]]))
    await asyncio.Event().wait()


SERVES = {"binance": binance, "binanceusdm": binance, "okx": okx}
FIRST: dict[str, list[tuple[int, ...]]] = {
    "binance": [(BID, 599_999, 1_500), (BID, 599_998, 2_000), (ASK, 600_001, 3_000)],
    "binanceusdm": [(BID, 599_999, 1_500), (BID, 599_998, 2_000), (ASK, 600_001, 3_000)],
    "okx": [(BID, 599_999, 10_000), (ASK, 600_001, 30_000)],
}
NEXT: dict[str, tuple[int, ...]] = {
    "binance": (BID, 599_997, 7_000),
    "binanceusdm": (BID, 599_997, 7_000),
    "okx": (BID, 599_999, 15_000),
}
SOLD = {
    "binance": (TRADE_SELL, 599_999, 250),
    "binanceusdm": (TRADE_SELL, 599_999, 250),
    "okx": (TRADE_SELL, 599_999, 2_500),
}


@pytest.mark.parametrize("exchange", SERVES)
def test_a_book_is_followed_and_a_hole_that_ccxt_finds_pulls_quotes(exchange: str) -> None:
    async def main(clock: VirtualClock) -> Reading:
        reading = Reading(clock, exchange, ANSWERS[exchange], SERVES[exchange])
        task = asyncio.create_task(reading.venue.run({"btc": reading.sink}))
        await asyncio.sleep(20)
        if task.done():
            task.result()
        with pytest.raises(VenueError, match="without an account"):
            await reading.venue.standing("btc")
        task.cancel()
        await asyncio.wait((task,))
        return reading

    reading = virtual.run(main)
    rows = reading.sink.rows
    assert rows[:2] == [(CLEAR_BIDS, 0, 0), (CLEAR_ASKS, 0, 0)]
    assert rows[2 : 2 + len(FIRST[exchange])] == FIRST[exchange], reading.told
    assert NEXT[exchange] in rows
    assert SOLD[exchange] in rows
    kinds = [row[0] for row in rows]
    gap = kinds.index(GAP)
    assert (BID, 599_996, 1_000) not in rows
    assert CLEAR_BIDS in kinds[gap:], reading.told
    assert reading.sink.links[:1] == [False]
    assert reading.sink.links[-1] is True
