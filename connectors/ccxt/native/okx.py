"""Speak OKX's public v5 stream of perpetuals."""

from collections.abc import Callable, Sequence

import msgspec

from connectors.ccxt.native import okx_wire as wire
from connectors.ccxt.native.decode import decoder
from connectors.ccxt.native.readers import Readers, reader_of
from connectors.ccxt.native.speech import Confirmed, Denied, Said
from connectors.ccxt.words import Book, Print, Prints, Rates
from connectors.socket import Malformed, Subscription

MS = 1_000_000
HOUR_MS = 3_600_000
BOOKS, TRADES, FUNDING, MARKS = "books", "trades", "funding-rate", "mark-price"
LIMITS = "price-limit"
SIDES = {"buy": True, "sell": False}

_book_frame = decoder(wire.BookFrame)
_trades_frame = decoder(wire.TradesFrame)
_funding_frame = decoder(wire.FundingFrame)
_mark_frame = decoder(wire.MarkFrame)
_limit_frame = decoder(wire.LimitFrame)
_head = decoder(wire.Head)


class OkxSpeech:
    """OKX's perpetuals. After a maintenance a book's numbers begin anew."""

    is_strict = True

    def said(self, frame: bytes) -> Said:
        """Return what a frame says."""
        if frame == b"pong":
            return None
        read = reader_of(frame, READERS)
        if read is not None:
            return read(frame)
        head = _head(frame)
        if head.event or head.arg is None:
            return _answer(frame)
        read = reader_of(start_of(head.arg.channel), READERS)
        return None if read is None else read(frame)

    def subscriptions(self, symbols: Sequence[str]) -> list[Subscription]:
        """Return two a market: its book, and what flows, whole once its trades are let in."""
        return [
            subscription(f"{channels[0]}:{symbol}", channels, symbol)
            for symbol in symbols
            for channels in ((BOOKS,), (TRADES, FUNDING, MARKS, LIMITS))
        ]

    def channels(self, symbol: str) -> frozenset[str]:
        """Return both."""
        return frozenset((f"{BOOKS}:{symbol}", f"{TRADES}:{symbol}"))

    def book_channel(self, symbol: str) -> str:
        """Return the book's."""
        return f"{BOOKS}:{symbol}"


def subscription(name: str, channels: Sequence[str], symbol: str) -> Subscription:
    """Return what asks for channels of a market; `name` is our name for them all."""
    args = [{"channel": channel, "instId": symbol} for channel in channels]

    def say(op: str) -> Callable[[], bytes]:
        return lambda: msgspec.json.encode({"op": op, "args": args})

    return Subscription(name, say("subscribe"), say("unsubscribe"))


def start_of(channel: str) -> bytes:
    """Return how data of a channel begin."""
    return b'{"arg":{"channel":"' + channel.encode() + b'","'


def _book(frame: bytes) -> Said:
    said = _book_frame(frame)
    if len(said.data) != 1:
        return _answer(frame) if not said.data else _several(said.arg.channel)
    row = said.data[0]
    is_snapshot = said.action == "snapshot"
    levels = row.bids, row.asks
    return Book(said.arg.instId, is_snapshot, row.seqId, row.prevSeqId, *levels, row.ts * MS)


def _trades(frame: bytes) -> Said:
    said = _trades_frame(frame)
    if not said.data:
        return _answer(frame)
    told = (Print(t.tradeId, _is_buy(t.side), t.px, t.sz, t.ts * MS) for t in said.data)
    return Prints(said.arg.instId, tuple(told))


def _funding(frame: bytes) -> Said:
    said = _funding_frame(frame)
    if not said.data:
        return None
    row = said.data[-1]
    every_ms = row.nextFundingTime - row.fundingTime
    hours = every_ms // HOUR_MS if every_ms > 0 else None
    return Rates(row.instId, None, None, row.fundingRate, row.fundingTime, hours)


def _mark(frame: bytes) -> Said:
    said = _mark_frame(frame)
    return Rates(said.data[-1].instId, said.data[-1].markPx, *NOTHING) if said.data else None


def _limit(frame: bytes) -> Said:
    said = _limit_frame(frame)
    if not said.data:
        return None
    row = said.data[-1]
    highest, lowest = row.buyLmt or None, row.sellLmt or None
    return Rates(row.instId, None, *NOTHING, highest_buy=highest, lowest_sell=lowest)


def _answer(frame: bytes) -> Said:
    """Return what a frame without data says: the trades' is the answer for all that flows."""
    head = _head(frame)
    if head.event == "error":
        return Denied(f"{head.code} {head.msg}")
    if head.arg is None or head.event != "subscribe" or head.arg.channel != TRADES:
        return None
    return Confirmed(f"{TRADES}:{head.arg.instId}")


def _several(channel: str) -> Said:
    raise Malformed(f"several rows of {channel} in one frame")


def _is_buy(side: str) -> bool:
    if side not in SIDES:
        raise Malformed(f"no side: {side[:20]!r}")
    return SIDES[side]


NOTHING = (None, None, None, None)
READERS: Readers = (
    (start_of(BOOKS), _book),
    (start_of(TRADES), _trades),
    (start_of(FUNDING), _funding),
    (start_of(MARKS), _mark),
    (start_of(LIMITS), _limit),
)
