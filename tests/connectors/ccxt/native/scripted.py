"""Two adapters at one scripted venue, one native and one through real ccxt, on virtual time."""

import asyncio
import json
import random
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from connectors.ccxt.adapter import CcxtVenue
from connectors.ccxt.budgets import Budgets
from connectors.ccxt.native.binance_rest import BinanceRest
from connectors.ccxt.native.binance_streams import binance_manner, binance_streams
from connectors.ccxt.native.okx_rest import OkxRest
from connectors.ccxt.native.okx_streams import okx_manner, okx_streams
from connectors.ccxt.native.parts import NativeOnly, Read
from connectors.ccxt.network import Network
from connectors.ccxt.parts import Parts
from connectors.ccxt.public_only import PublicOnly, PublicTerms
from connectors.model.events import TRADE_BUY, TRADE_SELL, AccountRows, MarketRows
from tests import virtual
from tests.connectors.ccxt.native.ears import Book
from tests.connectors.ccxt.test_public_only import ANSWERS, CAPS, INSTRUMENTS, NOW_MS, Api
from tests.connectors.memory import Memory, Peer
from tests.virtual import VirtualClock

STEP_S = 0.01
BEFORE_S = 1.0
DEPTH = 20
Levels = list[list[str]]
Top = tuple[list[tuple[int, int]], list[tuple[int, int]]] | None


class Ledger:
    """A sink that knows the book after each batch, and every trade."""

    def __init__(self) -> None:
        self.book = Book()
        self.tops: dict[int, Top] = {}
        self.trades: list[tuple[int, ...]] = []
        self.links: list[bool] = []
        self.kinds: list[int] = []

    def on_batch(self, rows: MarketRows, account: AccountRows, now_ns: int) -> None:
        """Apply the rows."""
        columns = (rows.kind, rows.ticks, rows.lots)
        for kind, ticks, lots in zip(*columns, strict=True):
            self.kinds.append(kind)
            self.book.take(kind, ticks, lots)
            if kind in (TRADE_BUY, TRADE_SELL):
                self.trades.append((kind, ticks, lots))
        self.tops[now_ns] = self.book.top(DEPTH)

    def on_link(self, is_whole: bool, now_ns: int) -> None:
        """Keep the word."""
        self.links.append(is_whole)


async def _nothing() -> None:
    """Hold nothing open."""


def native_of(exchange: str, network: Network) -> Parts:
    """Return what reads an exchange natively."""
    if exchange == "okx":
        streams = okx_streams(network, "ws://venue", okx_manner(30.0, 15.0))
        return NativeOnly(network, Read(OkxRest(network, "http://venue"), streams), 3000.0)
    is_spot = exchange == "binance"
    rest = BinanceRest(network, "http://venue", is_spot, network.clock.now_ns)
    manner = binance_manner(30.0, 15.0)
    streams = binance_streams(network, "ws://venue", rest, is_spot, manner)
    return NativeOnly(network, Read(rest, streams), 3000.0)


def through_ccxt(exchange: str, network: Network) -> Parts:
    """Return what reads it by ccxt's parsers."""
    terms = PublicTerms(exchange, "http://venue", "ws://venue", 30.0, 15.0, 3000.0)
    return PublicOnly(network, terms)


class Scripted:
    """A venue that answers subscriptions, and then says frames, one in each step."""

    def __init__(self, exchange: str, frames: Sequence[bytes], answers: dict[str, Any]) -> None:
        self.exchange = exchange
        self.frames = frames
        self.api = Api(ANSWERS[exchange] | answers)
        self.told: list[str] = []

    async def serve(self, peer: Peer) -> None:
        """Serve one connection. Nothing but marks is said on that of marks."""
        answering = asyncio.create_task(self._answer(peer))
        if "market" not in peer.url:
            await asyncio.sleep(BEFORE_S)
            for frame in self.frames:
                peer.say(frame)
                await asyncio.sleep(STEP_S)
        await answering

    async def _answer(self, peer: Peer) -> None:
        while True:
            asked = json.loads(await peer.asked())
            if "method" in asked:
                peer.say(json.dumps({"result": None, "id": asked["id"]}).encode())
            for arg in asked.get("args", ()):
                peer.say(json.dumps({"event": asked["op"], "arg": arg}).encode())

    def read(self, make: Callable[[str, Network], Parts], seconds: float | None = None) -> Ledger:
        """Let an adapter read the venue to the end; return what it told."""
        lasts_s = seconds or BEFORE_S + STEP_S * len(self.frames) + 2.0

        async def main(clock: VirtualClock) -> Ledger:
            network = Network(
                self.exchange,
                Budgets(CAPS),
                self.api,
                Memory(self.serve),
                clock,
                random.Random(1),
                lambda now_ns, market, text: self.told.append(text),
                _nothing,
            )
            ledger = Ledger()
            instrument = INSTRUMENTS[self.exchange]
            venue = CcxtVenue(network, make(self.exchange, network), {"btc": instrument})
            task = asyncio.create_task(venue.run({"btc": ledger}))
            await asyncio.sleep(lasts_s)
            if task.done():
                task.result()
            task.cancel()
            await asyncio.wait((task,))
            return ledger

        return virtual.run(main)


def moves(seed: int, count: int) -> Iterator[tuple[Levels, Levels]]:
    """Yield changes of a book of tenths around a wandering mid that is never crossed: first many
    levels, then a few each time."""
    rng = random.Random(seed)
    mid = 600_000
    sides: list[dict[int, int]] = [{}, {}]
    for step in range(count):
        changed: list[dict[int, int]] = [{}, {}]
        mid += rng.choice((-2, -1, 0, 0, 1, 2))
        for side, sign in ((0, -1), (1, 1)):
            for ticks in [t for t in sides[side] if (t - mid) * sign <= 0]:
                changed[side][ticks] = 0
            for _ in range(60 if step == 0 else rng.randrange(1, 6)):
                ticks = mid + sign * rng.randrange(1, 60)
                changed[side][ticks] = rng.choice((0, *range(1, 9))) if step else 5
            sides[side] |= changed[side]
            sides[side] = {ticks: lots for ticks, lots in sides[side].items() if lots}
        bids, asks = ([[text(t), f"{lots}"] for t, lots in side.items()] for side in changed)
        yield bids, asks


def text(ticks: int) -> str:
    """Spell a price."""
    return f"{ticks // 10}.{ticks % 10}"


def binance_frames(seed: int, count: int) -> tuple[list[bytes], dict[str, Any]]:
    """Return changes and trades of Binance, and the snapshot in the midst of the first ones."""
    frames: list[bytes] = []
    answer: dict[str, Any] = {}
    last = 100
    for k, (bids, asks) in enumerate(moves(seed, count)):
        first, before = last + 2, last
        last = first + k % 3
        if k == 0:
            answer = {"lastUpdateId": last, "E": NOW_MS, "T": NOW_MS, "bids": bids, "asks": asks}
            continue
        words = {"e": "depthUpdate", "E": NOW_MS + k, "T": NOW_MS + k, "s": "BTCUSDT"}
        numbers = {"U": first, "u": last, "pu": before}
        frames.append(json.dumps(words | numbers | {"b": bids, "a": asks}).encode())
        if k % 5 == 0 and bids:
            trade = {"e": "trade", "E": NOW_MS + k, "T": NOW_MS + k, "s": "BTCUSDT", "t": k}
            sold = {"p": bids[0][0], "q": "0.250", "X": "MARKET", "m": bool(k % 2)}
            frames.append(json.dumps(trade | sold).encode())
    return frames, answer


def spot_frames(seed: int, count: int) -> tuple[list[bytes], dict[str, Any]]:
    """Return the same of spot, where numbers have no holes and changes name none before them."""
    frames: list[bytes] = []
    answer: dict[str, Any] = {}
    last = 100
    for k, (bids, asks) in enumerate(moves(seed, count)):
        first, last = last + 1, last + 1 + k % 3
        if k == 0:
            answer = {"lastUpdateId": last, "bids": bids, "asks": asks}
            continue
        words = {"e": "depthUpdate", "E": NOW_MS + k, "s": "BTCUSDT", "U": first, "u": last}
        frames.append(json.dumps(words | {"b": bids, "a": asks}).encode())
        if k % 5 == 0 and bids:
            trade = {"e": "trade", "E": NOW_MS + k, "T": NOW_MS + k, "s": "BTCUSDT", "t": k}
            sold = {"p": bids[0][0], "q": "0.250", "m": bool(k % 2)}
            frames.append(json.dumps(trade | sold).encode())
    return frames, answer


def okx_frames(seed: int, count: int) -> tuple[list[bytes], dict[str, Any]]:
    """Return a snapshot, changes and trades of OKX."""
    frames: list[bytes] = []
    last = 100
    symbol = "BTC-USDT-SWAP"
    for k, (bids, asks) in enumerate(moves(seed, count)):
        before, last = last if k else -1, last + 1 + k % 3
        rows = [[[*level, "0", "1"] for level in side] for side in (bids, asks)]
        data = {"bids": rows[0], "asks": rows[1], "ts": str(NOW_MS + k), "instId": symbol}
        words: dict[str, Any] = {"arg": {"channel": "books", "instId": symbol}}
        words["action"] = "update" if k else "snapshot"
        words["data"] = [data | {"seqId": last, "prevSeqId": before}]
        frames.append(json.dumps(words, separators=(",", ":")).encode())
        if k % 5 == 4 and bids:
            row = {"instId": symbol, "tradeId": str(k), "px": bids[0][0], "sz": "25"}
            sold = row | {"side": "sell" if k % 2 else "buy", "ts": str(NOW_MS + k * 10)}
            arg = {"channel": "trades", "instId": symbol}
            frames.append(json.dumps({"arg": arg, "data": [sold]}).encode())
    return frames, {}
