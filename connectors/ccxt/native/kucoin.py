"""Speak KuCoin futures' public stream. A book's topic has changes alone, one level each: REST
brings its snapshot, and the sequence of a market counts by one."""

from collections.abc import Callable, Sequence
from decimal import Decimal

import msgspec

from connectors.ccxt.native import kucoin_wire as wire
from connectors.ccxt.native.decode import decoder
from connectors.ccxt.native.readers import Readers, reader_of
from connectors.ccxt.native.speech import Confirmed, Denied, Said
from connectors.ccxt.words import Book, Levels, Print, Prints, Rates
from connectors.socket import Malformed, Subscription

MS = 1_000_000
EACH = 100
"""Markets of one topic."""
BOOKS, TRADES, FLOWS = "/contractMarket/level2", "/contractMarket/execution", "/contract/instrument"
KINDS = (BOOKS, TRADES, FLOWS)
SIDES = {"buy": True, "sell": False}
PAID_NEXT = 1

_change_frame = decoder(wire.ChangeFrame)
_match_frame = decoder(wire.MatchFrame)
_flow_frame = decoder(wire.FlowFrame)
_head = decoder(wire.Head)


class KucoinSpeech:
    """Some markets of KuCoin futures. A number that is not the next one is a hole, however low."""

    is_strict = True

    def __init__(self, symbols: Sequence[str]) -> None:
        self._parts = {
            f"{kind}:{','.join(symbols[k : k + EACH])}": symbols[k : k + EACH]
            for kind in KINDS
            for k in range(0, len(symbols), EACH)
        }
        self._ids = {str(k): topic for k, topic in enumerate(self._parts, 1)}

    def said(self, frame: bytes) -> Said:
        """Return what a frame says."""
        read = reader_of(frame, STARTS)
        if read is not None:
            return read(frame)
        head = _head(frame)
        match head.type:
            case "message":
                kind = head.topic.partition(":")[0]
                return READERS[kind](frame) if kind in READERS else None
            case "ack":
                return Confirmed(self._ids.get(head.id, ""))
            case "error":
                return Denied(f"{self._ids.get(head.id, head.id)}: {str(head.data)[:120]}")
            case _:
                return None

    def subscriptions(self, symbols: Sequence[str]) -> list[Subscription]:
        """Return one a kind for many markets."""
        return [self._subscription(number, topic) for number, topic in self._ids.items()]

    def channels(self, symbol: str) -> frozenset[str]:
        """Return those of the market's book and trades."""
        return frozenset(
            topic
            for topic, symbols in self._parts.items()
            if symbol in symbols and not topic.startswith(FLOWS)
        )

    def book_channel(self, symbol: str) -> str:
        """Return none: no subscription brings a snapshot."""
        return ""

    def _subscription(self, number: str, topic: str) -> Subscription:
        def say(kind: str) -> Callable[[], bytes]:
            words = {"id": number, "type": kind, "topic": topic, "response": True}
            return lambda: msgspec.json.encode(words)

        return Subscription(topic, say("subscribe"))


def _book(frame: bytes) -> Book:
    said = _change_frame(frame)
    price, _, rest = said.data.change.partition(",")
    side, _, size = rest.partition(",")
    if side not in SIDES or not size:
        raise Malformed(f"no change of a book: {said.data.change[:60]!r}")
    # A price of 0 counts in the sequence and changes nothing.
    levels: Levels = () if price.strip("0.") == "" else ((price, size),)
    bids, asks = (levels, ()) if SIDES[side] else ((), levels)
    number, symbol = said.data.sequence, _market(said.topic)
    return Book(symbol, False, number, number - 1, bids, asks, said.data.timestamp * MS)


def _trade(frame: bytes) -> Prints:
    row = _match_frame(frame).data
    if row.side not in SIDES:
        raise Malformed(f"no side: {row.side[:20]!r}")
    made = Print(row.tradeId, SIDES[row.side], row.price, row.size, row.ts)
    return Prints(row.symbol, (made,))


def _flow(frame: bytes) -> Rates:
    said = _flow_frame(frame)
    flow = said.data
    rate = flow.fundingRate if flow.period == PAID_NEXT else None
    told = (shown(flow.markPrice), shown(flow.indexPrice), shown(rate))
    return Rates(_market(said.topic), *told, None, None)


def _market(topic: str) -> str:
    return topic.partition(":")[2]


def shown(number: float | None) -> str | None:
    """Return a number as it was written, without an exponent."""
    return None if number is None else f"{Decimal(str(number)):f}"


READERS: dict[str, Callable[[bytes], Said]] = {BOOKS: _book, TRADES: _trade, FLOWS: _flow}
STARTS: Readers = tuple(
    (b'{"topic":"' + kind.encode() + b":", read) for kind, read in READERS.items()
)
