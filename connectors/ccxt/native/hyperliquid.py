"""Speak Hyperliquid's public stream of perpetuals.

A book comes as twenty levels of each side, twice a second and whole each time: nothing follows from
what came before, so no change can be missing. One that is older than the last is left out.
"""

from collections.abc import Callable, Sequence

import msgspec

from connectors.ccxt.native import hyperliquid_wire as wire
from connectors.ccxt.native.decode import decoder
from connectors.ccxt.native.readers import reader_of
from connectors.ccxt.native.speech import Confirmed, Denied, Said
from connectors.ccxt.words import Book, Levels, Print, Prints, Rates
from connectors.socket import Malformed, Subscription

MS = 1_000_000
HOUR_MS = 3_600_000
BOOK, TRADES, CONTEXT = "l2Book", "trades", "activeAssetCtx"
SIDES = {"B": True, "A": False}
"""Who took: a buyer, a seller."""
FUNDED_EVERY_H = 1

_book_frame = decoder(wire.BookFrame)
_trades_frame = decoder(wire.TradesFrame)
_context_frame = decoder(wire.ContextFrame)
_answer_frame = decoder(wire.AnswerFrame)
_error_frame = decoder(wire.ErrorFrame)


class HyperliquidSpeech:
    """Hyperliquid's perpetuals, by the names of their coins."""

    is_strict = False

    def __init__(self) -> None:
        self._told_ms: dict[str, int] = {}
        self._readers = (
            (start_of(BOOK), self._book),
            (start_of(TRADES), _trades),
            (start_of(CONTEXT), self._context),
            (start_of("subscriptionResponse"), _answer),
            (start_of("error"), _error),
        )

    def said(self, frame: bytes) -> Said:
        """Return what a frame says."""
        read = reader_of(frame, self._readers)
        return None if read is None else read(frame)

    def subscriptions(self, symbols: Sequence[str]) -> list[Subscription]:
        """Return three a market."""
        return [
            subscription(channel, symbol)
            for symbol in symbols
            for channel in (BOOK, TRADES, CONTEXT)
        ]

    def channels(self, symbol: str) -> frozenset[str]:
        """Return the book's and the trades'."""
        return frozenset((f"{BOOK}:{symbol}", f"{TRADES}:{symbol}"))

    def book_channel(self, symbol: str) -> str:
        """Return the book's."""
        return f"{BOOK}:{symbol}"

    def _book(self, frame: bytes) -> Said:
        row = _book_frame(frame).data
        if row.time < self._told_ms.get(row.coin, 0):
            return None
        self._told_ms[row.coin] = row.time
        bids, asks = (_levels(side) for side in row.levels)
        return Book(row.coin, True, row.time, 0, bids, asks, row.time * MS)

    def _context(self, frame: bytes) -> Said:
        row = _context_frame(frame).data
        due_ms = next_hour_ms(self._told_ms[row.coin]) if row.coin in self._told_ms else None
        ctx = row.ctx
        return Rates(row.coin, ctx.markPx, ctx.oraclePx, ctx.funding, due_ms, FUNDED_EVERY_H)


def subscription(channel: str, symbol: str) -> Subscription:
    """Return what asks for a channel of a market."""
    of = {"type": channel, "coin": symbol}

    def say(method: str) -> Callable[[], bytes]:
        return lambda: msgspec.json.encode({"method": method, "subscription": of})

    return Subscription(f"{channel}:{symbol}", say("subscribe"), say("unsubscribe"))


def start_of(channel: str) -> bytes:
    """Return how a frame of a channel begins."""
    return b'{"channel":"' + channel.encode() + b'"'


def next_hour_ms(now_ms: int) -> int:
    """Return when funding is paid next: at each full hour."""
    return now_ms - now_ms % HOUR_MS + HOUR_MS


def _levels(side: list[wire.Level]) -> Levels:
    return [(level.px, level.sz) for level in side]


def _trades(frame: bytes) -> Said:
    rows = _trades_frame(frame).data
    if not rows:
        return None
    coin = rows[0].coin
    if any(row.coin != coin for row in rows):
        raise Malformed("trades of several markets in one frame")
    told = (Print(str(r.tid), _is_buy(r.side), r.px, r.sz, r.time * MS) for r in rows)
    return Prints(coin, tuple(told))


def _answer(frame: bytes) -> Said:
    """Return what lets a subscription in; a book's is its first snapshot."""
    said = _answer_frame(frame).data
    if said.method != "subscribe" or said.subscription.type == BOOK:
        return None
    return Confirmed(f"{said.subscription.type}:{said.subscription.coin}")


def _error(frame: bytes) -> Said:
    return Denied(_error_frame(frame).data)


def _is_buy(side: str) -> bool:
    if side not in SIDES:
        raise Malformed(f"no side: {side[:20]!r}")
    return SIDES[side]
