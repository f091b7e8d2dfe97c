"""Be the simulated exchange again: slow, plain, and short enough to be checked by eye.

Dicts and sorted lists instead of rings and lines; every rule is worked out anew at each row. It is
the twin that the kernels are compared with, for the honest rules and all queue models.
"""

import math
from dataclasses import dataclass, field

from connectors.model import events as ev
from connectors.model.errors import Refusal
from connectors.model.orders import SLOTS
from connectors.sim import exchange
from connectors.sim.exchange import (
    EXPIRE_BOTH,
    EXPIRE_MAKER,
    EXPIRE_TAKER,
    FRONT,
    IOC,
    POST_ONLY,
    POWER,
    REDUCE_ONLY,
    ExchangeTerms,
)
from tests.connectors.sim.exchange_drive import Op, Report

SIDE_OF_LEVEL = {ev.BID: ev.BUY, ev.ASK: ev.SELL}
FILLED_BY_TRADE = {ev.TRADE_BUY: ev.SELL, ev.TRADE_SELL: ev.BUY}


@dataclass
class Order:
    client_id: int
    side: int
    ticks: int
    lots: int
    flags: int
    ahead: float
    shown: int
    traded: float = 0.0
    credit: float = 0.0
    credit_ns: int = 0
    struck: int = 0
    filled: int = 0

    def reaches(self, ticks: int) -> bool:
        return self.ticks >= ticks if self.side == ev.BUY else self.ticks <= ticks


@dataclass
class NaiveExchange:
    terms: ExchangeTerms
    shown: tuple[dict[int, int], dict[int, int]] = field(default_factory=lambda: ({}, {}))
    used: tuple[dict[int, int], dict[int, int]] = field(default_factory=lambda: ({}, {}))
    printed: tuple[dict[int, int], dict[int, int]] = field(default_factory=lambda: ({}, {}))
    unknown: list[bool] = field(default_factory=lambda: [False, False])
    orders: list[Order] = field(default_factory=list)
    highest_id: dict[int, int] = field(default_factory=dict)
    requests: list[tuple[int, Op]] = field(default_factory=list)
    reports: list[Report] = field(default_factory=list)
    position: int = 0
    trades: int = 0

    def run(self, script: list[Op]) -> list[Report]:
        for op in script:
            self.deliver_before(op.now_ns)
            if op.kind <= ev.GAP:
                self.row(op.kind, op.ticks, op.lots, op.now_ns)
            else:
                self.requests.append((op.now_ns + self.terms.entry_latency_ns, op))
        self.deliver_before(None)
        return self.reports

    def deliver_before(self, until_ns: int | None) -> None:
        while self.requests and (until_ns is None or self.requests[0][0] < until_ns):
            now_ns, op = self.requests.pop(0)
            if op.kind == ev.PLACE:
                self.place(op, now_ns)
            elif op.kind == ev.AMEND:
                self.amend(op, now_ns)
            else:
                self.cancel(op, now_ns)

    # market ------------------------------------------------------------------------------------

    def row(self, kind: int, ticks: int, lots: int, now_ns: int) -> None:
        if kind in SIDE_OF_LEVEL:
            self.level(SIDE_OF_LEVEL[kind], ticks, lots, now_ns)
        elif kind in FILLED_BY_TRADE and lots > 0:
            self.trade(FILLED_BY_TRADE[kind], ticks, lots, now_ns)
        elif kind in (ev.CLEAR_BIDS, ev.CLEAR_ASKS):
            side = ev.BUY if kind == ev.CLEAR_BIDS else ev.SELL
            self.shown[side].clear()
            self.unknown[side] = False
        elif kind == ev.GAP:
            self.unknown[:] = [True, True]

    def level(self, side: int, ticks: int, lots: int, now_ns: int) -> None:
        self.shown[side][ticks] = lots
        self.printed[side][ticks] = 0
        self.used[side][ticks] = min(self.used[side].get(ticks, 0), lots)
        for order in self.orders:
            if (order.side, order.ticks) == (side, ticks):
                self.queue_moves(order, lots, now_ns)
        new = lots - self.used[side][ticks]
        for order in self.reached(1 - side, ticks):
            if new > 0:
                self.pass_queue(order, 0.0, now_ns)
                filled = self.fill(order, new, now_ns)
                self.used[side][ticks] += filled
                new -= filled

    def trade(self, side: int, ticks: int, lots: int, now_ns: int) -> None:
        if self.shown[side].get(ticks, 0) > 0:
            self.printed[side][ticks] = self.printed[side].get(ticks, 0) + lots
        left = lots
        for order in self.reached(side, ticks):
            if order.ticks != ticks:
                if left > 0:
                    self.pass_queue(order, 0.0, now_ns)
                    left -= self.fill(order, left, now_ns)
                continue
            known = order.credit if order.credit_ns == now_ns else 0.0
            known = min(known, left)
            order.credit -= known
            order.traded += lots - known
            over = left - known - order.ahead
            order.ahead = max(0.0, -over)
            left -= self.fill(order, math.floor(max(0.0, over)), now_ns)

    def reached(self, side: int, ticks: int) -> list[Order]:
        """Return our orders at or through a price, best first; sorting keeps first come first."""
        sign = 1 if side == ev.BUY else -1
        ours = [o for o in self.orders if o.side == side and o.reaches(ticks)]
        return sorted(ours, key=lambda o: -sign * o.ticks)

    def queue_moves(self, order: Order, lots: int, now_ns: int) -> None:
        now = min(order.ahead, lots)
        if self.terms.queue_model >= POWER:
            gone = order.shown - lots - order.traded
            if gone >= 0:
                behind = order.shown - order.ahead
                share = behind_share(
                    self.terms.queue_model, order.ahead, behind, self.terms.power_n
                )
                now = min(now, max(0.0, order.ahead - (1 - share) * gone))
        order.traded = 0.0
        order.shown = lots
        self.pass_queue(order, now, now_ns)

    def pass_queue(self, order: Order, ahead: float, now_ns: int) -> None:
        moved = order.ahead - ahead
        if moved > 0:
            order.credit = moved + (order.credit if order.credit_ns == now_ns else 0.0)
            order.credit_ns = now_ns
        order.ahead = ahead

    # orders ------------------------------------------------------------------------------------

    def place(self, op: Op, now_ns: int) -> None:
        slot = op.client_id % SLOTS
        code = self.refusal(op, slot)
        self.highest_id[slot] = max(self.highest_id.get(slot, 0), op.client_id)
        if code is not None:
            self.tell(ev.REJECTED, op.client_id, op.side, op.ticks, op.lots, now_ns, int(code))
            return
        self.tell(ev.ACCEPTED, op.client_id, op.side, op.ticks, op.lots, now_ns)
        order = Order(op.client_id, op.side, op.ticks, op.lots, op.flags, 0.0, 0)
        if not order.flags & POST_ONLY:
            self.take(order, now_ns)
        ends = op.flags & IOC or self.limit(order) == 0 or self.meets_own(op.side, op.ticks)
        if order.lots == 0 or ends:
            self.end(order, ev.EXPIRED, now_ns)
            return
        order.shown = self.shown[op.side].get(op.ticks, 0)
        order.ahead = 0.0 if self.terms.queue_model == FRONT else float(order.shown)
        self.orders.append(order)

    def take(self, order: Order, now_ns: int) -> None:
        """Walk the prices that the order reaches, best first; at each our own comes first."""
        ours = {o.ticks for o in self.orders if o.side != order.side and order.reaches(o.ticks)}
        prices = sorted({*self.across(order), *ours}, reverse=order.side == ev.SELL)
        may = self.limit(order)
        for ticks in prices:
            for own in [o for o in self.orders if o.side != order.side and o.ticks == ticks]:
                if may > 0 and order.lots > 0:
                    may -= self.meet(order, own, min(may, order.lots), now_ns)
            shown = self.shown[1 - order.side].get(ticks, 0)
            there = shown - self.used[1 - order.side].get(ticks, 0)
            there -= self.printed[1 - order.side].get(ticks, 0)
            lots = min(max(0, there), may, order.lots)
            if lots > 0:
                self.used[1 - order.side][ticks] = self.used[1 - order.side].get(ticks, 0) + lots
                self.book_fill(order, ticks, lots, ev.TAKER, now_ns)
                may -= lots

    def meet(self, order: Order, own: Order, lots: int, now_ns: int) -> int:
        """Let an arriving order meet a resting one of ours; return what it may no longer take."""
        mode = self.terms.self_trade
        lost = {EXPIRE_TAKER: order.lots, EXPIRE_BOTH: order.lots, EXPIRE_MAKER: 0}
        own_lost = {EXPIRE_TAKER: 0, EXPIRE_BOTH: own.lots, EXPIRE_MAKER: own.lots}
        both = min(lots, own.lots)
        for one, struck in ((own, own_lost.get(mode, both)), (order, lost.get(mode, both))):
            one.lots -= struck
            one.struck += struck
        if own.lots == 0:
            self.orders.remove(own)
            self.end(own, ev.EXPIRED, now_ns)
        return lost.get(mode, both)

    def end(self, order: Order, kind: int, now_ns: int) -> None:
        """Tell of everything that did not trade, where there is any."""
        lots = order.lots + order.struck
        if lots > 0:
            self.tell(kind, order.client_id, order.side, order.ticks, lots, now_ns)

    def refusal(self, op: Op, slot: int) -> Refusal | None:
        if op.client_id <= self.highest_id.get(slot, 0):
            return Refusal.DUPLICATE_ID
        if op.lots <= 0:
            return Refusal.MIN_SIZE
        nothing = not any(lots for side in self.shown for lots in side.values())
        slot_taken = any(o.client_id % SLOTS == slot for o in self.orders)
        if slot_taken or any(self.unknown) or nothing:
            return Refusal.OTHER
        order = Order(op.client_id, op.side, op.ticks, op.lots, op.flags, 0.0, 0)
        if self.limit(order) == 0:
            return Refusal.REDUCE_ONLY
        return Refusal.POST_ONLY if op.flags & POST_ONLY and self.would_take(order) else None

    def across(self, order: Order) -> list[int]:
        """Return the displayed prices of the other side that the order reaches, best first."""
        ticks = [t for t, lots in self.shown[1 - order.side].items() if lots and order.reaches(t)]
        return sorted(ticks, reverse=order.side == ev.SELL)

    def meets_own(self, side: int, ticks: int) -> bool:
        return any(o.side != side and o.reaches(ticks) for o in self.orders)

    def limit(self, order: Order) -> int:
        """Return the lots that the order may still trade."""
        if not order.flags & REDUCE_ONLY:
            return order.lots
        return max(0, -self.position if order.side == ev.BUY else self.position)

    def cancel(self, op: Op, now_ns: int) -> None:
        for order in self.orders:
            if order.client_id == op.client_id:
                self.orders.remove(order)
                self.end(order, ev.CANCELLED, now_ns)
                return
        self.tell(ev.CANCEL_REJECTED, op.client_id, op.side, 0, 0, now_ns)

    def amend(self, op: Op, now_ns: int) -> None:
        found = [o for o in self.orders if o.client_id == op.client_id]
        code: Refusal | None = Refusal.NOT_FOUND
        if found:
            code = self.amend_refusal(op, found[0])
        side = found[0].side if found else op.side
        words = (op.client_id, side, op.ticks)
        if code is not None:
            self.tell(ev.AMEND_REJECTED, *words, op.lots, now_ns, int(code))
            return
        order = found[0]
        total = max(op.lots, order.filled)
        self.tell(ev.AMENDED, *words, total, now_ns)
        left = op.lots - order.filled - order.struck
        if left <= 0:
            self.orders.remove(order)
            if total > order.filled:
                self.tell(ev.EXPIRED, *words, total - order.filled, now_ns)
            return
        if op.ticks != order.ticks or left > order.lots:
            self.orders.remove(order)
            shown = self.shown[side].get(op.ticks, 0)
            ahead = 0.0 if self.terms.queue_model == FRONT else float(shown)
            kept = (order.struck, order.filled)
            order = Order(*words, left, order.flags, ahead, shown)
            order.struck, order.filled = kept
            self.orders.append(order)
        order.lots = left

    def amend_refusal(self, op: Op, order: Order) -> Refusal | None:
        nothing = not any(lots for side in self.shown for lots in side.values())
        if op.lots <= 0:
            return Refusal.MIN_SIZE
        if op.lots - order.filled - order.struck <= 0:
            return None
        if any(self.unknown) or nothing:
            return Refusal.OTHER
        new = Order(op.client_id, order.side, op.ticks, op.lots, order.flags, 0.0, 0)
        return Refusal.POST_ONLY if self.would_take(new) else None

    def would_take(self, order: Order) -> bool:
        """Tell whether an order meets ours, or displayed lots that we have not used up."""
        other = 1 - order.side
        unused = [self.shown[other][t] - self.used[other].get(t, 0) for t in self.across(order)]
        return any(lots > 0 for lots in unused) or self.meets_own(order.side, order.ticks)

    def fill(self, order: Order, reaching: int, now_ns: int) -> int:
        if reaching == 0:
            return 0
        lots = min(reaching, order.lots, self.limit(order))
        if lots > 0:
            self.book_fill(order, order.ticks, lots, ev.MAKER, now_ns)
        if order.lots == 0 or self.limit(order) == 0:
            self.orders.remove(order)
            self.end(order, ev.EXPIRED, now_ns)
        return lots

    def book_fill(self, order: Order, ticks: int, lots: int, role: int, now_ns: int) -> None:
        order.lots -= lots
        order.filled += lots
        self.position += lots if order.side == ev.BUY else -lots
        self.trades += 1
        self.tell(ev.FILLED, order.client_id, order.side, ticks, lots, now_ns, role, self.trades)

    def tell(
        self,
        kind: int,
        client_id: int,
        side: int,
        ticks: int,
        lots: int,
        now_ns: int,
        code: int = 0,
        trade_id: int = 0,
    ) -> None:
        arrives = now_ns + self.terms.response_latency_ns
        self.reports.append(
            Report(kind, client_id, side, ticks, lots, code, trade_id, now_ns, arrives)
        )


def behind_share(model: int, ahead: float, behind: float, n: float) -> float:
    """Return the share of cancellations that come from behind, as the models' formulas say."""
    if ahead <= 0:
        return 1.0
    if behind <= 0:
        return 0.0
    match model:
        case exchange.POWER:
            return math.pow(behind, n) / (math.pow(behind, n) + math.pow(ahead, n))
        case exchange.POWER_2:
            return math.pow(behind, n) / math.pow(behind + ahead, n)
        case exchange.POWER_3:
            return 1 - math.pow(ahead / (ahead + behind), n)
        case exchange.LOG:
            return math.log(1 + behind) / (math.log(1 + behind) + math.log(1 + ahead))
        case exchange.LOG_2:
            return math.log(1 + behind) / math.log(1 + behind + ahead)
        case _:
            raise ValueError(model)
