"""Tell the truth log what the exchange does, in the words that all judges share.

The log counts in whole numbers where this venue has text. An order's and a trade's number is that
within their ids (`orders.number_of`), a client's own is `Naming.client_id` of its word. A funding
payment keeps the text of its execution.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from hashlib import blake2b
from typing import Any

from connectors.model.events import BUY, MAKER, SELL, TAKER
from tests.stage.truth import FOREIGN, OURS, Accepted, Amended, Ended, Paid, Refused, Shown, Traded
from tests.venues.bybit.exchange import Exchange, ExecutionNews, News, OrderNews
from tests.venues.bybit.markets import QUOTE_DECIMALS, SETTLE
from tests.venues.bybit.orders import Execution, Order, Status
from tests.venues.common.book import Side
from tests.venues.common.truth import Came, Held, Signed, TruthLog

DEPTH = 4
KINDS = {"Trade": "order", "BustTrade": "liquidation", "AdlTrade": "adl"}
Levels = tuple[tuple[int, int], ...]


def plain_client_id(link_id: str) -> int:
    """Return a client's word as a number: itself where it is one, or else a hash of it."""
    if link_id.isascii() and link_id.isdecimal() and len(link_id) < 19:
        return int(link_id)
    digest = blake2b(link_id.encode(), digest_size=7).digest()
    return int.from_bytes(digest, "big") if link_id else 0


@dataclass(frozen=True, slots=True)
class Naming:
    """How a client's words become the numbers of its own ledger."""

    client_id: Callable[[str], int] = plain_client_id
    trade_id: Callable[[Execution], int] = lambda execution: execution.number


class Chronicle:
    """One per exchange; it follows clients' accounts and leaves the crowd alone."""

    settle = SETTLE
    """What money is in."""

    def __init__(self, exchange: Exchange, truth: TruthLog, naming: Naming) -> None:
        self.client_id = naming.client_id
        self._trade_id = naming.trade_id
        self._exchange = exchange
        self._truth = truth
        self._known: dict[int, tuple[int, int]] = {}
        self._shown: dict[str, tuple[Levels, Levels]] = {}
        exchange.listeners.append(self.hear)

    def hear(self, news: News) -> None:
        """Write a piece of news down."""
        match news:
            case OrderNews(order) if not self._exchange.accounts[order.account].is_crowd:
                self._order(order)
            case ExecutionNews(account, made) if not self._exchange.accounts[account].is_crowd:
                if made.kind == "Funding":
                    self._paid(account, made.symbol, "funding", made.exec_id, -made.fee)
                else:
                    self._trade(account, made)
            case _:
                pass

    def came(self, kind: str, account: int | None, rows: list[dict[str, Any]]) -> None:
        """Write down what has come through the door, before any fault had its way with it."""
        for row in rows:
            symbol, raw = str(row.get("symbol") or ""), json.dumps(row)
            number = self._number(account, row)
            self._truth.tell(Came(self._now_ns, kind, symbol, number, raw), account)

    def _number(self, account: int | None, row: Mapping[str, Any]) -> int:
        """Return the client's number of the order that is meant, by either of its ids."""
        link = str(row.get("orderLinkId") or "")
        if account is not None and not link:
            order = self._exchange.accounts[account].orders.get(str(row.get("orderId") or ""))
            link = order.link_id if order else ""
        return self.client_id(link)

    def asked(self, kind: str, account: int, words: Mapping[str, Any], code: int) -> None:
        """Write down what an account has asked for at the door, and what it was told."""
        raw, symbol = json.dumps(dict(words), default=str), str(words.get("symbol") or "")
        number = self._number(account, words)
        fact = Signed(self._now_ns, kind, symbol, "", 0, 0, number, code, raw)
        self._truth.tell(fact, account)

    def transferred(self, account: int, number: int, atoms: int) -> None:
        """Write down that money came or went without a trade."""
        self._paid(account, "", "transfer", number, atoms)

    def show_books(self) -> None:
        """Write down others' best prices, where they have changed."""
        for symbol, floor in self._exchange.floors.items():
            shown = (self._best(floor.book.bids), self._best(floor.book.asks))
            if shown != self._shown.get(symbol):
                self._shown[symbol] = shown
                self._truth.tell(Shown(self._now_ns, symbol, shown[0], shown[1]))

    def _best(self, side: Side[Order]) -> Levels:
        levels: dict[int, int] = {}
        for order in side.orders():
            if not self._exchange.accounts[order.account].is_crowd:
                continue
            if order.ticks not in levels and len(levels) == DEPTH:
                break
            levels[order.ticks] = levels.get(order.ticks, 0) + order.open_lots
        return tuple(levels.items())

    def _order(self, order: Order) -> None:
        now_ns, number = self._now_ns, self.client_id(order.link_id)
        shape = (order.ticks, order.lots)
        if order.number not in self._known and not order.is_open:
            if not order.filled_lots:
                refused = Refused(now_ns, order.symbol, number, order.reason)
                self._truth.tell(refused, order.account)
        elif not order.is_open:
            of_lots = self._known.pop(order.number, shape)[1]
            if order.status is not Status.FILLED:
                self._ended(order, why_of(order), of_lots)
        elif self._known.get(order.number) != shape:
            is_new = order.number not in self._known
            self._known[order.number] = shape
            if is_new:
                self._accepted(order, number)
            else:
                self._amended(order, number)

    def _accepted(self, order: Order, number: int) -> None:
        accepted = Accepted(
            self._now_ns,
            order.symbol,
            number,
            order.number,
            SELL if order.is_ask else BUY,
            order.ticks,
            order.lots - order.filled_lots,
            FOREIGN if order.is_foreign else OURS,
        )
        self._truth.tell(accepted, order.account)

    def _amended(self, order: Order, number: int) -> None:
        amended = Amended(
            self._now_ns,
            order.symbol,
            number,
            order.number,
            SELL if order.is_ask else BUY,
            order.ticks,
            order.lots,
            order.lots - order.filled_lots,
        )
        self._truth.tell(amended, order.account)

    def _ended(self, order: Order, why: str, of_lots: int) -> None:
        left, number = of_lots - order.filled_lots, self.client_id(order.link_id)
        ended = Ended(self._now_ns, order.symbol, number, order.number, why, left)
        self._truth.tell(ended, order.account)

    def _trade(self, account: int, made: Execution) -> None:
        order = made.order
        traded = Traded(
            self._now_ns,
            made.symbol,
            self._trade_id(made),
            self.client_id(order.link_id) if order else 0,
            order.number if order else 0,
            SELL if made.is_ask else BUY,
            made.ticks,
            made.lots,
            MAKER if made.is_maker else TAKER,
            money(made.fee),
            self.settle,
            KINDS[made.kind],
        )
        self._truth.tell(traded, account)
        held = self._exchange.accounts[account].positions
        of = [p for (symbol, _), p in held.items() if symbol == made.symbol]
        lots, entry = sum(p.lots for p in of), sum(p.entry for p in of)
        self._truth.tell(Held(traded.ns, made.symbol, lots, money(entry)), account)

    def _paid(self, account: int, symbol: str, what: str, number: int | str, atoms: int) -> None:
        paid = Paid(self._now_ns, symbol, what, number, money(atoms), self.settle)
        self._truth.tell(paid, account)

    @property
    def _now_ns(self) -> int:
        """Return the true time, whatever the venue says that it is."""
        return self._exchange.agenda.now_ns


def why_of(order: Order) -> str:
    """Say why an order has ended: who ended it, or else what the engine says."""
    return order.reason if order.cancel_type == "UNKNOWN" else order.cancel_type


def money(atoms: int) -> Decimal:
    """Return atoms as USDT."""
    return Decimal(atoms).scaleb(-QUOTE_DECIMALS)
