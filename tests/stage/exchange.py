"""Be the venue's matching engine and books: integers, no bytes, nothing but the truth.

Others' orders are the displayed book, which a flow or a script sets. Orders of our account rest
beside it, ahead of the queue: they trade at their own price when a taker reaches them or when the
book comes through. Everything that happens is told to the truth log, and nowhere else.
"""

from dataclasses import dataclass, field, replace
from decimal import Decimal

from connectors.model.events import (
    BUY,
    IOC,
    MAKER,
    POST_ONLY,
    REDUCE_ONLY,
    SELL,
    TAKER,
)
from connectors.model.instrument import Instrument
from tests.stage.flow import Levels, Move
from tests.stage.truth import (
    FOREIGN,
    OURS,
    Accepted,
    Amended,
    Charged,
    Ended,
    Paid,
    Refused,
    Shown,
    Taken,
    Traded,
    Truth,
)
from tests.virtual import VirtualClock

BPS = Decimal(10_000)


@dataclass(slots=True)
class FeeRule:
    """What the next trades cost: a share of notional, in a currency; late: told afterwards."""

    maker_bps: Decimal = Decimal(1)
    taker_bps: Decimal = Decimal(3)
    currency: str | None = None
    """None: the quote currency. The base currency takes a share of the size instead."""
    is_late: bool = False


@dataclass(slots=True)
class Order:
    """An order that was accepted. `open_lots` is what has neither traded nor been cancelled."""

    market: str
    client_id: int
    order_id: int
    side: int
    ticks: int
    lots: int
    open_lots: int
    owner: str
    ended: str = ""
    filled_lots: int = 0


@dataclass(slots=True)
class Book:
    """One market: its instrument, others' levels, our orders and everything that ever was."""

    instrument: Instrument
    bids: Levels = ()
    asks: Levels = ()
    resting: dict[int, Order] = field(default_factory=dict)
    orders: dict[int, Order] = field(default_factory=dict)
    trades: list[Traded] = field(default_factory=list)
    payments: dict[int, Paid] = field(default_factory=dict)
    cash_tick_lots: int = 0
    last_client_id: int = 0
    last_trade_id: int = 0
    fee: FeeRule = field(default_factory=FeeRule)
    is_active: bool = True


class Exchange:
    """The venue without its doors."""

    def __init__(self, clock: VirtualClock, truth: Truth, instruments: dict[str, Instrument]):
        self.books = {name: Book(instrument) for name, instrument in instruments.items()}
        self.truth = truth
        self._clock = clock
        self._order_id = 0
        self._payment_id = 0

    def place(
        self,
        market: str,
        client_id: int,
        side: int,
        ticks: int,
        lots: int,
        flags: int,
        owner: str = OURS,
    ) -> str:
        """Take an order; return why it was refused, or nothing."""
        book = self.books[market]
        lots = self._reduced(market, side, lots, flags)
        why = self._refusal(book, client_id, side, ticks, lots, flags, owner)
        if why:
            self.truth.tell(Refused(self.now_ns, market, client_id, why))
            return why
        self._order_id += 1
        order = Order(market, client_id, self._order_id, side, ticks, lots, lots, owner)
        if owner == OURS:
            book.orders[client_id] = order
            book.last_client_id = max(book.last_client_id, client_id)
        book.resting[order.order_id] = order
        self.truth.tell(
            Accepted(self.now_ns, market, client_id, order.order_id, side, ticks, lots, owner)
        )
        self._take_displayed(book, order)
        if flags & IOC and order.open_lots:
            self.end(order, "expired")
        return ""

    def cancel(self, market: str, client_id: int) -> bool:
        """End an order at its owner's request; tell whether it was there."""
        order = self.books[market].orders.get(client_id)
        if order is None or not order.open_lots:
            return False
        self.end(order, "cancelled")
        return True

    def amend(self, market: str, client_id: int, ticks: int, lots: int) -> str:
        """Give an order another price and size in all; return why it was refused, or nothing.

        One that has filled as much already is over.
        """
        book = self.books[market]
        order = book.orders.get(client_id)
        if order is None or not order.open_lots:
            return "not_found"
        left = max(0, lots - order.filled_lots)
        why = self._amend_refusal(book, order, ticks, left)
        if why:
            return why
        order.ticks, order.lots, order.open_lots = ticks, order.filled_lots + left, left
        if not left:
            order.ended = "filled"
            del book.resting[order.order_id]
        words = (order.order_id, order.side, ticks, order.lots, left)
        self.truth.tell(Amended(self.now_ns, market, client_id, *words))
        return ""

    def end(self, order: Order, why: str) -> None:
        """Take an order out of the book."""
        left, order.open_lots = order.open_lots, 0
        order.ended = why
        del self.books[order.market].resting[order.order_id]
        self.truth.tell(
            Ended(self.now_ns, order.market, order.client_id, order.order_id, why, left)
        )

    def move(self, market: str, step: Move) -> None:
        """Let the market move: the new book first comes through our orders, then a taker comes."""
        self.show(market, step.bids, step.asks)
        if step.lots:
            self.take(market, step.side, step.ticks, step.lots)

    def show(self, market: str, bids: Levels, asks: Levels) -> None:
        """Set others' orders; ours that they would cross trade in full."""
        book = self.books[market]
        book.bids, book.asks = bids, asks
        self.truth.tell(Shown(self.now_ns, market, bids, asks))
        for order in list(book.resting.values()):
            if _crosses(book, order.side, order.ticks):
                self.fill(order, order.open_lots)

    def take(self, market: str, side: int, ticks: int, lots: int) -> None:
        """Let somebody take up to `lots` from orders of ours down or up to `ticks`."""
        self.truth.tell(Taken(self.now_ns, market, side, ticks, lots))
        sign = 1 if side == BUY else -1
        reached = [
            order
            for order in self.books[market].resting.values()
            if order.side != side and sign * (ticks - order.ticks) >= 0
        ]
        for order in sorted(reached, key=lambda o: (sign * o.ticks, o.order_id)):
            traded = min(lots, order.open_lots)
            if traded:
                self.fill(order, traded)
                lots -= traded

    def fill(self, order: Order, lots: int, ticks: int | None = None, role: int = MAKER) -> Traded:
        """Let an order trade, at its own price unless another is given."""
        order.open_lots -= lots
        order.filled_lots += lots
        if order.open_lots == 0:
            order.ended = "filled"
            del self.books[order.market].resting[order.order_id]
        price = order.ticks if ticks is None else ticks
        client_id = order.client_id if order.owner == OURS else 0
        return self._trade(
            order.market, client_id, order.order_id, order.side, price, lots, role, "order"
        )

    def trade_without_order(
        self, market: str, side: int, ticks: int, lots: int, kind: str = "order"
    ) -> Traded:
        """Let the account trade with no order of ours: by hand, by force, or by another program."""
        self._order_id += 1
        return self._trade(market, 0, self._order_id, side, ticks, lots, TAKER, kind)

    def bust(self, market: str, trade: Traded) -> Traded:
        """Take a trade back: the same size the other way, with an id of its own."""
        side = SELL if trade.side == BUY else BUY
        return self._trade(
            market,
            trade.client_id,
            trade.order_id,
            side,
            trade.ticks,
            trade.lots,
            trade.role,
            "bust",
        )

    def charge(self, market: str, trade: Traded) -> None:
        """Set the fee of a trade that was told without one."""
        book = self.books[market]
        fee, currency = _fee(book, trade.ticks, trade.lots, trade.role)
        told = Traded(
            trade.ns,
            market,
            trade.trade_id,
            trade.client_id,
            trade.order_id,
            trade.side,
            trade.ticks,
            trade.lots,
            trade.role,
            fee,
            currency,
            trade.kind,
        )
        book.trades[book.trades.index(trade)] = told
        self.truth.tell(Charged(self.now_ns, market, trade.trade_id, fee, currency))

    def pay(
        self, market: str, what: str, amount: Decimal, currency: str, payment_id: int = 0
    ) -> None:
        """Move money without a trade; with the id of a former payment, correct that one."""
        if not payment_id:
            self._payment_id = payment_id = self._payment_id + 1
        paid = Paid(self.now_ns, market, what, payment_id, amount, currency)
        payments = self.books[market].payments
        first = payments.get(payment_id, paid)
        payments[payment_id] = replace(paid, ns=first.ns)
        self.truth.tell(paid)

    def position_lots(self, market: str) -> int:
        """Return a position."""
        return self.truth.now.positions.get(market, 0)

    @property
    def now_ns(self) -> int:
        """Return the venue's time."""
        return self._clock.now_ns()

    def _trade(
        self,
        market: str,
        client_id: int,
        order_id: int,
        side: int,
        ticks: int,
        lots: int,
        role: int,
        kind: str,
    ) -> Traded:
        book = self.books[market]
        book.last_trade_id += 1
        book.cash_tick_lots += ticks * lots * (-1 if side == BUY else 1)
        fee, currency = _fee(book, ticks, lots, role)
        trade = Traded(
            self.now_ns,
            market,
            book.last_trade_id,
            client_id,
            order_id,
            side,
            ticks,
            lots,
            role,
            None if book.fee.is_late else fee,
            currency,
            kind,
        )
        book.trades.append(trade)
        self.truth.tell(trade)
        return trade

    def _take_displayed(self, book: Book, order: Order) -> None:
        """Trade against others' best orders as far as the limit goes."""
        levels = book.asks if order.side == BUY else book.bids
        sign = 1 if order.side == BUY else -1
        for ticks, lots in levels:
            if not order.open_lots or sign * (order.ticks - ticks) < 0:
                return
            self.fill(order, min(lots, order.open_lots), ticks, TAKER)

    def _reduced(self, market: str, side: int, lots: int, flags: int) -> int:
        """Return what a reduce-only order may still do (0: nothing)."""
        if not flags & REDUCE_ONLY:
            return lots
        position = self.position_lots(market)
        return min(lots, max(0, -position if side == BUY else position))

    def _refusal(
        self, book: Book, client_id: int, side: int, ticks: int, lots: int, flags: int, owner: str
    ) -> str:
        if not book.is_active:
            return "inactive"
        if flags & REDUCE_ONLY and lots == 0:
            return "reduce_only"
        if owner == OURS and client_id in book.orders:
            return "duplicate_id"
        if ticks <= 0:
            return "price_band"
        if lots < book.instrument.min_lots:
            return "min_size"
        return "post_only" if flags & POST_ONLY and _crosses(book, side, ticks) else ""

    @staticmethod
    def _amend_refusal(book: Book, order: Order, ticks: int, left: int) -> str:
        if not book.is_active:
            return "inactive"
        if ticks <= 0:
            return "price_band"
        if 0 < left < book.instrument.min_lots:
            return "min_size"
        return "post_only" if left and _crosses(book, order.side, ticks) else ""


def _crosses(book: Book, side: int, ticks: int) -> bool:
    """Tell whether an order would meet others' best one."""
    if side == BUY:
        return bool(book.asks) and ticks >= book.asks[0][0]
    return bool(book.bids) and ticks <= book.bids[0][0]


def foreign_id(exchange: Exchange) -> int:
    """Return an id that nobody has used, far from ours."""
    return (1 << 47) + len(exchange.truth.facts)


def _fee(book: Book, ticks: int, lots: int, role: int) -> tuple[Decimal, str]:
    rate = (book.fee.maker_bps if role == MAKER else book.fee.taker_bps) / BPS
    of = book.instrument
    if book.fee.currency == of.base:
        return of.size_base(lots) * rate, of.base
    return of.notional_quote(ticks, lots) * rate, book.fee.currency or of.quote


__all__ = ["FOREIGN", "OURS", "Book", "Exchange", "FeeRule", "Order", "foreign_id"]
