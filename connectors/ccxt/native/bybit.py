"""Speak Bybit's public v5 stream of linear perpetuals.

A book is its own subscription, whole once its snapshot has come; trades and tickers are another,
whole once the venue has let it in: a quiet market may have no trade for long.
"""

from collections.abc import Callable, Sequence

import msgspec

from connectors.ccxt.native import bybit_wire as wire
from connectors.ccxt.native.decode import decoder
from connectors.ccxt.native.readers import Readers, reader_of
from connectors.ccxt.native.speech import Confirmed, Denied, Said
from connectors.ccxt.words import Book, Print, Prints, Rates
from connectors.socket import Malformed, Subscription

MS = 1_000_000
DEPTH = 50
FLOW = "flow."
BOOKS, TRADES, TICKERS = f"orderbook.{DEPTH}.", "publicTrade.", "tickers."
SIDES = {"Buy": True, "Sell": False}

_book_frame = decoder(wire.BookFrame)
_trades_frame = decoder(wire.TradesFrame)
_ticker_frame = decoder(wire.TickerFrame)
_head = decoder(wire.Head)


class BybitSpeech:
    """Bybit's linear perpetuals."""

    is_strict = False

    def said(self, frame: bytes) -> Said:
        """Return what a frame says. Frames begin with their topic; those that do not are looked
        into."""
        read = reader_of(frame, READERS)
        if read is not None:
            return read(frame)
        head = _head(frame)
        read = reader_of(TOPIC + head.topic.encode(), READERS)
        if read is not None:
            return read(frame)
        if head.op == "subscribe":
            if not head.success:
                return Denied(f"{head.req_id} {head.ret_msg}")
            return Confirmed(head.req_id) if head.req_id.startswith(FLOW) else None
        return None

    def subscriptions(self, symbols: Sequence[str]) -> list[Subscription]:
        """Return two a market: its book, and what flows."""
        return [
            subscription(channel, topics)
            for symbol in symbols
            for channel, topics in (
                (BOOKS + symbol, [BOOKS + symbol]),
                (FLOW + symbol, [TRADES + symbol, TICKERS + symbol]),
            )
        ]

    def channels(self, symbol: str) -> frozenset[str]:
        """Return both."""
        return frozenset((BOOKS + symbol, FLOW + symbol))

    def book_channel(self, symbol: str) -> str:
        """Return the book's."""
        return BOOKS + symbol


def subscription(channel: str, topics: Sequence[str]) -> Subscription:
    """Return what asks for topics; `channel` is our name for them all."""

    def say(op: str) -> Callable[[], bytes]:
        return lambda: msgspec.json.encode({"op": op, "req_id": channel, "args": topics})

    return Subscription(channel, say("subscribe"), say("unsubscribe"))


def _book(frame: bytes) -> Book:
    said = _book_frame(frame)
    data = said.data
    is_snapshot = said.type == "snapshot" or data.u == 1
    venue_ns = (said.cts or said.ts) * MS
    return Book(data.s, is_snapshot, data.u, data.u - 1, data.b, data.a, venue_ns)


def _trades(frame: bytes) -> Prints:
    said = _trades_frame(frame)
    told = (t for t in said.data if not t.BT)
    trades = tuple(Print(t.i, _is_buy(t.S), t.p, t.v, t.T * MS) for t in told)
    return Prints(said.topic.rpartition(".")[2], trades)


def _rates(frame: bytes) -> Rates:
    data = _ticker_frame(frame).data
    due, hours = data.nextFundingTime, data.fundingIntervalHour
    return Rates(
        data.symbol,
        data.markPrice,
        data.indexPrice,
        data.fundingRate,
        None if due is None else _whole(due),
        None if hours is None else _whole(hours),
    )


def _is_buy(side: str) -> bool:
    if side not in SIDES:
        raise Malformed(f"no side: {side[:20]!r}")
    return SIDES[side]


def _whole(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 15:
        raise Malformed(f"no whole number: {text[:20]!r}")
    return int(text)


TOPIC = b'{"topic":"'
READERS: Readers = (
    (TOPIC + BOOKS.encode(), _book),
    (TOPIC + TRADES.encode(), _trades),
    (TOPIC + TICKERS.encode(), _rates),
)
