"""Read market data of any exchange from what ccxt has made of them: whole books, told as changes.

For exchanges whose sequence ccxt checks itself, or that send whole books each time. What it makes
is looked at in the moment that it is made, so nothing waits for somebody to ask.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from connectors.ccxt.words import Book, Levels, Print, Prints, Word

DEPTH = 50
MS = 1_000_000
HISTORY_MS = 2000
"""Trades that are so much older than the connection are no news: some venues begin with them."""
Side = dict[str, str]


class MirrorSpeech:
    """The books and trades of our markets, by ccxt's symbols; `now_ms` stamps what has no stamp."""

    def __init__(self, symbols: Mapping[str, str], now_ms: Callable[[], int]) -> None:
        """`symbols` are the venue's by ccxt's."""
        self._symbols = dict(symbols)
        self._now_ms = now_ms
        self._known: dict[str, tuple[int, Side, Side]] = {}
        self._since_ms = now_ms()

    def public_word(self, message: Any) -> Word | None:
        """Leave every message to ccxt."""
        return None

    def book_channel(self, symbol: str) -> str:
        """Return the name of a market's book."""
        return f"book of {symbol}"

    def ask_again(self, channel: str) -> Sequence[Any]:
        """Ask for nothing: a book that does not come back has its connection replaced."""
        return ()

    def forget(self) -> None:
        """Take the next book of each market for a snapshot, and trades of before for history."""
        self._known.clear()
        self._since_ms = self._now_ms()

    def made_word(self, result: Any) -> Word | None:
        """Return what something that ccxt has made says, None where it is of no market of ours."""
        if isinstance(result, dict) and "bids" in result and "asks" in result:
            return self._book(result)
        if isinstance(result, list) and result and isinstance(result[-1], dict):
            return self._prints(result)
        return None

    def _book(self, book: Mapping[str, Any]) -> Book | None:
        symbol = self._symbols.get(str(book.get("symbol")))
        if symbol is None:
            return None
        bids, asks = _side(book["bids"]), _side(book["asks"])
        known = self._known.get(symbol)
        number = 1 if known is None else known[0] + 1
        self._known[symbol] = number, bids, asks
        venue_ns = int(book.get("timestamp") or self._now_ms()) * MS
        if known is None:
            return Book(symbol, True, 1, 0, _all(bids), _all(asks), venue_ns)
        changed = _changes(known[1], bids), _changes(known[2], asks)
        return Book(symbol, False, number, number - 1, *changed, venue_ns)

    def _prints(self, trades: Sequence[Mapping[str, Any]]) -> Prints | None:
        """Return the trades of the newest one's market, the last few: the feed knows the others."""
        last = trades[-1]
        symbol = self._symbols.get(str(last.get("symbol")))
        if symbol is None or last.get("side") is None or last.get("id") is None:
            return None
        news = (t for t in trades[-DEPTH:] if int(t["timestamp"]) >= self._since_ms - HISTORY_MS)
        return Prints(symbol, tuple(map(_print, news)))


def _print(trade: Mapping[str, Any]) -> Print:
    is_buy = trade["side"] == "buy"
    venue_ns = int(trade["timestamp"]) * MS
    return Print(str(trade["id"]), is_buy, str(trade["price"]), str(trade["amount"]), venue_ns)


def _side(levels: Sequence[Sequence[float]]) -> Side:
    return {str(level[0]): str(level[1]) for level in levels[:DEPTH]}


def _all(side: Side) -> Levels:
    return [[price, size] for price, size in side.items()]


def _changes(before: Side, after: Side) -> Levels:
    gone = [[price, "0"] for price in before if price not in after]
    return gone + [[p, size] for p, size in after.items() if before.get(p) != size]
