"""Hear one stream's frames twice: read natively, and through what stands between us and ccxt."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import msgspec

from connectors.ccxt.ids import Alphabet, Codec
from connectors.ccxt.listing import Listed
from connectors.ccxt.market import PublicMarket
from connectors.ccxt.native.feed import NativeFeed
from connectors.ccxt.native.speech import Speech
from connectors.ccxt.public_feed import PublicFeed
from connectors.ccxt.units import Units
from connectors.model.events import (
    ASK,
    BID,
    CLEAR_BIDS,
    GAP,
    AccountRows,
    MarketRows,
)
from connectors.model.instrument import Instrument
from connectors.socket import Malformed

NOW_NS = 1_790_000_000_000_000_000
Row = tuple[int, ...]
Batch = tuple[str, int, tuple[Row, ...]]


def listed(name: str, symbol: str, tick: str, lot: str, contract: str = "1") -> Listed:
    """Return a market as a venue may list it."""
    instrument = Instrument(symbol, name.upper(), "USDT", Decimal(tick), Decimal(lot))
    units = Units.of(instrument, Decimal(contract))
    return Listed(name, symbol, symbol, units, Codec(symbol, Alphabet.TEXT))


class Book:
    """A market's levels as its rows say them; None while they are not known."""

    def __init__(self) -> None:
        self.sides: tuple[dict[int, int], dict[int, int]] | None = None

    def take(self, kind: int, ticks: int, lots: int) -> None:
        """Apply a row."""
        if kind == CLEAR_BIDS:
            self.sides = {}, {}
        elif kind == GAP:
            self.sides = None
        elif kind in (BID, ASK) and self.sides is not None:
            side = self.sides[kind == ASK]
            side.pop(ticks, None)
            if lots:
                side[ticks] = lots

    def top(self, depth: int) -> tuple[list[tuple[int, int]], list[tuple[int, int]]] | None:
        """Return the best levels of both sides."""
        if self.sides is None:
            return None
        bids = sorted(self.sides[0].items(), reverse=True)
        return bids[:depth], sorted(self.sides[1].items())[:depth]


class Heard:
    """What came of frames: batches, links, and what was asked of the stream."""

    def __init__(self) -> None:
        self.batches: list[Batch] = []
        self.links: list[tuple[str, bool]] = []
        self.dropped: list[str] = []
        self.resubscribed: list[str] = []
        self.said: list[str] = []

    def deliver(self, market: str, rows: MarketRows, account: AccountRows, now_ns: int) -> None:
        """Keep a batch."""
        columns = (rows.kind, rows.ticks, rows.lots, rows.venue_ns, rows.recv_ns)
        self.batches.append((market, now_ns, tuple(zip(*columns, strict=True))))

    def on_link(self, market: str, is_whole: bool, why: str) -> None:
        """Keep a word on a market."""
        self.links.append((market, is_whole))

    def rows(self, market: str = "btc") -> list[Row]:
        """Return kind, ticks and lots of every row of a market."""
        return [row[:3] for name, _, rows in self.batches if name == market for row in rows]

    def drop(self, why: str) -> None:
        """Keep why a frame was dropped."""
        self.dropped.append(why)

    def resubscribe(self, channel: str) -> None:
        """Keep what was asked for again."""
        self.resubscribed.append(channel)

    def hear(self, channel: str = "") -> None:
        """Hear of data."""

    def break_off(self, why: str) -> None:
        """Keep why the connection was given up."""
        self.dropped.append(why)

    def topics_of(self, request_id: object) -> list[str]:
        """Know of no request."""
        return []

    async def send(self, message: Any) -> None:
        """Send nothing."""


class Natively(Heard):
    """Frames read natively."""

    def __init__(self, speech: Speech, markets: Sequence[Listed]) -> None:
        super().__init__()
        self.feed = NativeFeed(
            [PublicMarket(market) for market in markets],
            speech,
            self.deliver,
            self.on_link,
            self.said.append,
            lambda: NOW_NS,
        )
        self.feed.line = self

    def take(self, *frames: bytes, at_ns: int = NOW_NS) -> bool:
        """Take frames that had come at one moment."""
        return self.feed.on_frames(list(frames), at_ns)


class ThroughWords(Heard):
    """The same frames decoded as ccxt's stream decodes them, and read by a venue's words."""

    def __init__(self, words: Any, markets: Sequence[Listed]) -> None:
        super().__init__()
        self.feed = PublicFeed(
            [PublicMarket(market) for market in markets],
            words,
            self.deliver,
            self.on_link,
            lambda: NOW_NS,
        )
        self.feed.stream = self
        self.feed._say = self._nothing  # type: ignore[method-assign]
        self.feed._ask_again = self._asked  # type: ignore[method-assign]

    def take(self, *frames: bytes, at_ns: int = NOW_NS) -> None:
        """Take frames that had come at one moment."""
        for frame in frames:
            try:
                self.feed.take(msgspec.json.decode(frame), at_ns)
            except (Malformed, msgspec.DecodeError, UnicodeDecodeError) as error:
                self.dropped.append(str(error))
        self.feed.flush(at_ns)

    async def _nothing(self, messages: Sequence[Any]) -> None:
        """Send nothing."""

    def _asked(self, market: PublicMarket, now_ns: int) -> None:
        self.resubscribed.append(market.listed.symbol)
