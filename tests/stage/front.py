"""Speak for the exchange: requests in and answers out, frames for whoever listens, all in JSON.

Prices and sizes are decimal strings and leave or enter through this parser alone, which shares no
code with the adapter under test. Nothing here is late or lies: that is the scripts' part.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from connectors.model.events import BUY, IOC, MAKER, POST_ONLY, REDUCE_ONLY, SELL
from tests.stage.exchange import Book, Exchange, Order
from tests.stage.truth import (
    OURS,
    Accepted,
    Amended,
    Charged,
    Ended,
    Fact,
    Paid,
    Refused,
    Shown,
    Taken,
    Traded,
)

MARKET = "market"
ACCOUNT = "account"
"""The two streams."""
PAGE = 100
MOST_AGE_MS = 5_000
"""A create or an amend that is older is refused: whoever waits that long knows its outcome."""
SIDES = {"buy": BUY, "sell": SELL}
NAMES = ("buy", "sell")
OPERATIONS = {
    ("POST", "/orders"): "place",
    ("PUT", "/orders"): "modify",
    ("DELETE", "/orders"): "cancel",
    ("DELETE", "/all"): "cancel_all",
    ("GET", "/orders"): "orders",
    ("GET", "/order"): "order",
    ("GET", "/trades"): "trades",
    ("GET", "/payments"): "payments",
    ("GET", "/positions"): "positions",
    ("GET", "/time"): "time",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that was understood as far as its address and its body's being JSON."""

    operation: str
    market: str
    client_id: int
    words: dict[str, Any]
    raw: bytes


@dataclass(frozen=True, slots=True)
class Answer:
    """What the venue says: status, body and headers of HTTP."""

    status: int
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Frame:
    """A message on a stream. `kind` is what scripts match: `market`, `accepted`, `filled`, ..."""

    stream: str
    kind: str
    market: str
    words: dict[str, Any]

    def encoded(self) -> bytes:
        """Return the bytes."""
        return json.dumps(self.words, separators=(",", ":")).encode()


class Front:
    """The venue's counter. `send` is where frames go."""

    def __init__(self, exchange: Exchange, send: Callable[[Frame], None]) -> None:
        self.exchange = exchange
        self.skew_ms = 0
        self.page = PAGE
        self._send = send
        self._names = {b.instrument.symbol: name for name, b in exchange.books.items()}
        self._sequence = dict.fromkeys(exchange.books, 0)
        self._told: dict[str, Shown] = {}
        self._told_before: dict[str, Shown] = {}
        exchange.truth.listen(self._on_fact)

    def now_ms(self) -> int:
        """Return the time that the venue claims."""
        return self.exchange.now_ns // 1_000_000 + self.skew_ms

    def understood(self, method: str, path: str, body: bytes) -> Asked:
        """Return what a request asks for."""
        parts = urlsplit(path)
        words: dict[str, Any] = dict(parse_qsl(parts.query))
        if body:
            words |= json.loads(body)
        operation = OPERATIONS[method, parts.path]
        market = self._names.get(str(words.get("market", "")), "")
        return Asked(operation, market, int(words.get("cid", 0)), words, body or path.encode())

    def answer(self, asked: Asked) -> Answer:
        """Do what is asked, and say so."""
        handler: Callable[[Asked], Answer] = getattr(self, f"_{asked.operation}")
        if asked.operation not in ("positions", "time") and not asked.market:
            return refused("unknown_market")
        return handler(asked)

    def snapshot(self, market: str) -> Frame:
        """Return the first frame of a market's channel: the whole book."""
        book = self.exchange.books[market]
        shown = Shown(self.exchange.now_ns, market, book.bids, book.asks)
        self._told[market] = shown
        words = {"type": "snapshot", "bids": _levels(book, shown.bids, ())}
        return self._market_frame(market, words | {"asks": _levels(book, shown.asks, ())})

    def untell(self, market: str, side: str) -> None:
        """Take back what the last frame has told of one side, as it did not leave."""
        before = getattr(self._told_before[market], side)
        self._told[market] = replace(self._told[market], **{side: before})

    def hello(self) -> Frame:
        """Return the first frame of the account's stream."""
        return Frame(ACCOUNT, "hello", "", {"ch": ACCOUNT, "kind": "hello", "ts": self.now_ms()})

    def _place(self, asked: Asked) -> Answer:
        book, words = self.exchange.books[asked.market], asked.words
        if self._is_stale(words):
            self.exchange.truth.tell(
                Refused(self.exchange.now_ns, asked.market, asked.client_id, "stale")
            )
            return refused("stale")
        ticks = on_grid(words["price"], book.instrument.tick_size)
        lots = on_grid(words["size"], book.instrument.lot_size_base)
        if ticks is None or lots is None:
            self.exchange.truth.tell(
                Refused(self.exchange.now_ns, asked.market, asked.client_id, "off_grid")
            )
            return refused("off_grid")
        flags = {"post_only": POST_ONLY, "ioc": IOC, "gtc": 0}[words["tif"]]
        flags |= REDUCE_ONLY if words["reduce_only"] else 0
        why = self.exchange.place(
            asked.market, asked.client_id, SIDES[words["side"]], ticks, lots, flags
        )
        return refused(why) if why else ok({"received": True})

    def _modify(self, asked: Asked) -> Answer:
        of, words = self.exchange.books[asked.market].instrument, asked.words
        ticks = on_grid(words["price"], of.tick_size)
        lots = on_grid(words["size"], of.lot_size_base)
        if self._is_stale(words) or ticks is None or lots is None:
            return refused("stale" if self._is_stale(words) else "off_grid")
        why = self.exchange.amend(asked.market, asked.client_id, ticks, lots)
        return refused(why, 404 if why == "not_found" else 400) if why else ok({"received": True})

    def _is_stale(self, words: dict[str, Any]) -> bool:
        return not 0 <= self.now_ms() - int(words["ts"]) + 1_000 <= MOST_AGE_MS + 1_000

    def _cancel(self, asked: Asked) -> Answer:
        if self.exchange.cancel(asked.market, asked.client_id):
            return ok({"received": True})
        return refused("not_found", 404)

    def _cancel_all(self, asked: Asked) -> Answer:
        ours = [o for o in self.exchange.books[asked.market].resting.values() if o.owner == OURS]
        for order in ours:
            self.exchange.end(order, "cancelled")
        return ok({"cancelled": len(ours)})

    def _orders(self, asked: Asked) -> Answer:
        book = self.exchange.books[asked.market]
        after = int(asked.words.get("after", 0))
        found = sorted(o for o in book.resting if o > after)
        page = [order_words(book, book.resting[o]) for o in found[: self.page]]
        return ok({"orders": page, "more": len(found) > self.page})

    def _order(self, asked: Asked) -> Answer:
        book = self.exchange.books[asked.market]
        order = book.orders.get(asked.client_id)
        if order is None:
            return refused("not_found", 404)
        return ok(order_words(book, order))

    def _trades(self, asked: Asked) -> Answer:
        book = self.exchange.books[asked.market]
        after = int(asked.words.get("after", 0))
        found = book.trades[after:]
        page = [trade_words(book, trade) for trade in found[: self.page]]
        return ok({"trades": page, "more": len(found) > self.page})

    def _payments(self, asked: Asked) -> Answer:
        after = int(asked.words.get("after", 0))
        found = self.exchange.books[asked.market].payments.values()
        told = [p for p in found if p.what == "funding" and p.ns // 1_000_000 > after]
        return ok({"payments": [payment_words(payment) for payment in told]})

    def _positions(self, asked: Asked) -> Answer:
        return ok({"positions": [self._position(name) for name in self.exchange.books]})

    def _position(self, name: str) -> dict[str, Any]:
        book = self.exchange.books[name]
        of = book.instrument
        return {
            "market": of.symbol,
            "size": str(of.size_base(self.exchange.position_lots(name))),
            "cash": str(of.notional_quote(1, book.cash_tick_lots)),
            "last_cid": book.last_client_id,
            "last_trade": book.last_trade_id,
        }

    def _time(self, asked: Asked) -> Answer:
        return ok({"ts": self.now_ms()})

    def _on_fact(self, fact: Fact) -> None:
        """Tell streams what happened."""
        match fact:
            case Shown():
                self._tell_book(fact)
            case Taken():
                book = self.exchange.books[fact.market]
                trade = {
                    "side": NAMES[fact.side],
                    "price": str(book.instrument.price(fact.ticks)),
                    "size": str(book.instrument.size_base(fact.lots)),
                }
                self._send(self._market_frame(fact.market, {"type": "update", "trades": [trade]}))
            case Accepted() if fact.owner == OURS:
                order = self.exchange.books[fact.market].orders[fact.client_id]
                self._tell_order(order, "accepted")
            case Amended():
                order = self.exchange.books[fact.market].orders[fact.client_id]
                self._tell_order(order, "amended")
            case Traded():
                book = self.exchange.books[fact.market]
                self._tell_account(fact.market, "filled", trade_words(book, fact))
            case Ended() if fact.client_id in self.exchange.books[fact.market].orders:
                self._tell_order(self.exchange.books[fact.market].orders[fact.client_id], fact.why)
            case Charged():
                words = {"trade": fact.trade_id, "fee": str(fact.fee), "ccy": fact.currency}
                self._tell_account(fact.market, "charged", words)
            case Paid():
                words = {"id": fact.payment_id, "what": fact.what, "amount": str(fact.amount)}
                self._tell_account(fact.market, "paid", words | {"ccy": fact.currency})
            case _:
                pass

    def _tell_order(self, order: Order, kind: str) -> None:
        words = order_words(self.exchange.books[order.market], order)
        self._tell_account(order.market, kind, words)

    def _tell_book(self, shown: Shown) -> None:
        """Send what has changed since the last frame of this market."""
        book = self.exchange.books[shown.market]
        before = self._told.get(shown.market)
        self._told_before[shown.market] = before or shown
        self._told[shown.market] = shown
        if before is None:
            return
        words = {"type": "update", "bids": _levels(book, shown.bids, before.bids)}
        words["asks"] = _levels(book, shown.asks, before.asks)
        self._send(self._market_frame(shown.market, words))

    def _market_frame(self, market: str, words: dict[str, Any]) -> Frame:
        before = self._sequence[market]
        self._sequence[market] = before + 1
        symbol = self.exchange.books[market].instrument.symbol
        head = {"ch": MARKET, "market": symbol, "prev": before, "seq": before + 1}
        return Frame(MARKET, MARKET, market, head | {"ts": self.now_ms()} | words)

    def _tell_account(self, market: str, kind: str, words: dict[str, Any]) -> None:
        symbol = self.exchange.books[market].instrument.symbol if market else ""
        head = {"ch": ACCOUNT, "kind": kind, "market": symbol, "ts": self.now_ms()}
        self._send(Frame(ACCOUNT, kind, market, head | words))


def ok(words: dict[str, Any]) -> Answer:
    """Return a good answer."""
    return Answer(200, json.dumps(words).encode())


def refused(code: str, status: int = 400) -> Answer:
    """Return a definite refusal."""
    return Answer(status, json.dumps({"code": code}).encode())


def order_words(book: Book, order: Order) -> dict[str, Any]:
    """Return an order as the venue spells it."""
    of = book.instrument
    return {
        "cid": order.client_id,
        "order": order.order_id,
        "side": NAMES[order.side],
        "price": str(of.price(order.ticks)),
        "size": str(of.size_base(order.lots)),
        "open": str(of.size_base(order.open_lots)),
        "filled": str(of.size_base(order.filled_lots)),
        "status": order.ended or "open",
    }


def trade_words(book: Book, trade: Traded) -> dict[str, Any]:
    """Return a trade as the venue spells it."""
    of = book.instrument
    return {
        "cid": trade.client_id,
        "trade": trade.trade_id,
        "order": trade.order_id,
        "side": NAMES[trade.side],
        "price": str(of.price(trade.ticks)),
        "size": str(of.size_base(trade.lots)),
        "role": "maker" if trade.role == MAKER else "taker",
        "fee": None if trade.fee is None else str(trade.fee),
        "ccy": trade.currency,
        "sort": trade.kind,
        "at": trade.ns // 1_000_000,
    }


def on_grid(text: object, step: Decimal) -> int | None:
    """Return a decimal string in steps; None for what is not a finite number on the grid."""
    try:
        steps = Decimal(str(text)) / step
    except InvalidOperation:
        return None
    return int(steps) if steps.is_finite() and steps == steps.to_integral_value() else None


def _levels(book: Book, now: Any, before: Any) -> list[list[str]]:
    """Return levels that are new or changed, and those that are gone with a size of 0."""
    of, gone = book.instrument, {t for t, _ in before} - {t for t, _ in now}
    changed = [level for level in now if level not in before] + [(t, 0) for t in sorted(gone)]
    return [[str(of.price(ticks)), str(of.size_base(lots))] for ticks, lots in changed]


def payment_words(paid: Paid) -> dict[str, Any]:
    """Return how the venue tells of a payment, by a clock that knows no finer step than a ms."""
    words = {"id": str(paid.payment_id), "ts": paid.ns // 1_000_000}
    return words | {"amount": str(paid.amount), "ccy": paid.currency}
