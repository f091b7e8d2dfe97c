"""Be an exchange with margin again, in fractions and with no memory but cash and mark."""

import math
from dataclasses import dataclass, field
from fractions import Fraction

from connectors.model import events as ev
from connectors.model.errors import Refusal
from connectors.sim.exchange import REDUCE_ONLY
from connectors.sim.margin import BILLION
from tests.connectors.sim.exchange_drive import Op
from tests.connectors.sim.margined import Terms
from tests.connectors.sim.naive_exchange import NaiveExchange, Order


@dataclass
class NaiveMargin(NaiveExchange):
    """Money is in half ticks times lots; a part of one is ours, and margins are rounded up."""

    margin: Terms = field(default_factory=lambda: Terms(0))
    cash: Fraction = Fraction(0)
    mark: int = 0
    traded: int = 0
    seen_ns: int = 0
    liquidating: bool = False
    paid_in: int = 0

    def row(self, kind: int, ticks: int, lots: int, now_ns: int) -> None:
        if now_ns > self.seen_ns:
            self.look(now_ns)
        if kind in (ev.TRADE_BUY, ev.TRADE_SELL) and lots > 0:
            self.traded = 2 * ticks
        super().row(kind, ticks, lots, now_ns)

    def place(self, op: Op, now_ns: int) -> None:
        self.look(now_ns)
        super().place(op, now_ns)

    def cancel(self, op: Op, now_ns: int) -> None:
        self.look(now_ns)
        super().cancel(op, now_ns)

    def amend(self, op: Op, now_ns: int) -> None:
        self.look(now_ns)
        super().amend(op, now_ns)

    def look(self, now_ns: int) -> None:
        self.seen_ns = now_ns
        bids = [t for t, lots in self.shown[ev.BUY].items() if lots]
        asks = [t for t, lots in self.shown[ev.SELL].items() if lots]
        if self.margin.marks_by_trade:
            self.mark = self.traded
        elif bids and asks and max(bids) < min(asks) and not any(self.unknown):
            self.mark = max(bids) + min(asks)
        short = self.position != 0 and self.mark and self.equity() <= self.maintenance()
        self.liquidating = self.liquidating or bool(short)
        if self.liquidating:
            self.liquidate(now_ns)

    def liquidate(self, now_ns: int) -> None:
        for side in (ev.BUY, ev.SELL):
            sign = 1 if side == ev.BUY else -1
            for order in sorted(self.orders, key=lambda o: -sign * o.ticks):
                if order.side == side:
                    self.orders.remove(order)
                    self.end(order, ev.EXPIRED, now_ns)
        side = ev.SELL if self.position > 0 else ev.BUY
        far = -1 if side == ev.SELL else 1 << 40
        closing = Order(0, side, far, abs(self.position), 0, 0.0, 0)
        for ticks in self.across(closing) if not any(self.unknown) else []:
            there = self.shown[1 - side][ticks] - self.used[1 - side].get(ticks, 0)
            lots = min(max(0, there - self.printed[1 - side].get(ticks, 0)), closing.lots)
            if lots > 0:
                self.used[1 - side][ticks] = self.used[1 - side].get(ticks, 0) + lots
                self.book_fill(closing, ticks, lots, ev.LIQUIDATION, now_ns)
        if self.position == 0:
            self.liquidating = False
            self.paid_in += max(0, -self.equity())

    def book_fill(self, order: Order, ticks: int, lots: int, role: int, now_ns: int) -> None:
        rate = {
            ev.MAKER: self.margin.maker_ppb,
            ev.TAKER: self.margin.taker_ppb,
            ev.LIQUIDATION: self.margin.liquidation_ppb,
        }[role]
        value = 2 * ticks * lots
        self.cash -= value * (1 if order.side == ev.BUY else -1) + Fraction(value * rate, BILLION)
        super().book_fill(order, ticks, lots, role, now_ns)

    def equity(self) -> int:
        worth = math.ceil(self.cash) + self.position * self.mark
        return self.margin.collateral + worth + self.paid_in

    def maintenance(self) -> int:
        value = abs(self.position) * self.mark
        _, ppb, deduction = [tier for tier in self.margin.tiers if value >= tier[0]][-1]
        return max(0, math.ceil(Fraction(value * ppb, BILLION)) - deduction)

    def initial(self, buys: int, sells: int) -> int:
        bids = sum(o.lots for o in self.orders if o.side == ev.BUY) + buys
        asks = sum(o.lots for o in self.orders if o.side == ev.SELL) + sells
        exposed = max(abs(self.position), self.position + bids, asks - self.position)
        return math.ceil(Fraction(exposed * self.mark * self.margin.initial_ppb, BILLION))

    def refusal(self, op: Op, slot: int) -> Refusal | None:
        code = super().refusal(op, slot)
        if code is not None or op.flags & REDUCE_ONLY:
            return code
        return self.beyond(op.side, op.lots)

    def amend_refusal(self, op: Op, order: Order) -> Refusal | None:
        code = super().amend_refusal(op, order)
        more = op.lots - order.filled - order.struck - order.lots
        if code is not None or more <= 0 or order.flags & REDUCE_ONLY:
            return code
        return self.beyond(order.side, more)

    def beyond(self, side: int, lots: int) -> Refusal | None:
        if self.liquidating or not self.mark:
            return Refusal.INSUFFICIENT_MARGIN
        more = (lots, 0) if side == ev.BUY else (0, lots)
        grows = self.initial(*more) > self.initial(0, 0)
        return (
            Refusal.INSUFFICIENT_MARGIN if grows and self.initial(*more) > self.equity() else None
        )
