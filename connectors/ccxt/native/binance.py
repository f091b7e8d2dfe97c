"""Speak Binance's public streams. A book's stream has changes alone: REST brings its snapshot."""

from collections.abc import Callable, Mapping, Sequence

import msgspec

from connectors.ccxt.native import binance_wire as wire
from connectors.ccxt.native.decode import decoder
from connectors.ccxt.native.readers import reader_of
from connectors.ccxt.native.speech import Confirmed, Denied, Said
from connectors.ccxt.words import Book, Print, Prints, Rates
from connectors.socket import Subscription

MS = 1_000_000
MARKET = "MARKET"
EACH = 100
"""Markets that are asked for in one message."""
BOOKS_AND_TRADES = ("depth@100ms", "trade")
MARKS = ("markPrice@1s",)

_depth_frame = decoder(wire.Depth)
_trade_frame = decoder(wire.Trade)
_mark_frame = decoder(wire.Mark)
_head = decoder(wire.Head)


class BinanceSpeech:
    """Streams of some kinds, of some markets."""

    is_strict = False

    def __init__(self, symbols: Sequence[str], kinds: Sequence[str] = BOOKS_AND_TRADES) -> None:
        self._kinds = kinds
        self._parts = {
            f"part {k // EACH + 1}": symbols[k : k + EACH] for k in range(0, len(symbols), EACH)
        }

    def said(self, frame: bytes) -> Said:
        """Return what a frame says."""
        read = reader_of(frame, STARTS)
        if read is not None:
            return read(frame)
        head = _head(frame)
        if head.e in READERS:
            return READERS[head.e](frame)
        if head.id is None:
            return None
        error = head.error or wire.Error(head.code, head.msg)
        part = f"part {head.id}"
        return Denied(f"{error.code} {error.msg}") if error.code else Confirmed(part)

    def subscriptions(self, symbols: Sequence[str]) -> list[Subscription]:
        """Return one for many markets: a connection takes few messages."""
        return [self._subscription(part, names) for part, names in self._parts.items()]

    def channels(self, symbol: str) -> frozenset[str]:
        """Return the one that the market is in."""
        return frozenset(part for part, names in self._parts.items() if symbol in names)

    def book_channel(self, symbol: str) -> str:
        """Return none: no subscription brings a snapshot."""
        return ""

    def _subscription(self, part: str, symbols: Sequence[str]) -> Subscription:
        streams = [f"{symbol.lower()}@{kind}" for symbol in symbols for kind in self._kinds]
        number = int(part.rpartition(" ")[2])

        def say(method: str) -> Callable[[], bytes]:
            words = {"method": method, "params": streams, "id": number}
            return lambda: msgspec.json.encode(words)

        return Subscription(part, say("SUBSCRIBE"))


def _book(frame: bytes) -> Book:
    said = _depth_frame(frame)
    before = said.U - 1 if said.pu is None else said.pu
    venue_ns = (said.T or said.E) * MS
    return Book(said.s, False, said.u, before, said.b, said.a, venue_ns)


def _trade(frame: bytes) -> Prints:
    """Return a trade; what did not come from the market took nothing from the book."""
    said = _trade_frame(frame)
    if said.X != MARKET:
        return Prints(said.s, ())
    return Prints(said.s, (Print(str(said.t), not said.m, said.p, said.q, said.T * MS),))


def _mark(frame: bytes) -> Rates:
    said = _mark_frame(frame)
    return Rates(said.s, said.p, said.i, said.r, said.T, None)


READERS: Mapping[str, Callable[[bytes], Said]] = {
    "depthUpdate": _book,
    "trade": _trade,
    "markPriceUpdate": _mark,
}
STARTS = tuple((b'{"e":"' + kind.encode() + b'"', read) for kind, read in READERS.items())
