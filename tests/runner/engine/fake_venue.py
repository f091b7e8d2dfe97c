"""A venue that keeps its word and nothing else: late, in bursts, out of order across orders.

It may refuse, fill in parts, lose a command or the answer to it, and end an order by itself. What
it never does is contradict itself: an order's fills precede the report of its end.
"""

import random
from dataclasses import dataclass, field

from connectors.model.errors import Refusal
from connectors.model.events import (
    ACCEPTED,
    AMEND,
    AMEND_REJECTED,
    AMEND_UNKNOWN,
    AMENDED,
    BUY,
    CANCEL_REJECTED,
    CANCELLED,
    EXPIRED,
    FILLED,
    MAKER,
    OUTCOME_UNKNOWN,
    PLACE,
    REJECTED,
    SELL,
    TAKER,
)
from connectors.model.orders import Commands, is_taking

AccountRow = tuple[int, int, int, int, int, int]
"""Kind, client id, side, ticks, lots and code."""


@dataclass(slots=True)
class Resting:
    """An order in the venue's own book."""

    side: int
    ticks: int
    open_lots: int
    filled_lots: int = 0


@dataclass(slots=True)
class FakeVenue:
    """What truly rests and what truly traded, and the reports that are still on their way."""

    rng: random.Random
    orders: dict[int, Resting] = field(default_factory=dict)
    position_lots: int = 0
    fills: int = 0
    _queues: dict[int, list[AccountRow]] = field(default_factory=dict)

    def take(self, commands: Commands) -> None:
        """Take every command that passed review."""
        for k in range(commands.count):
            if commands.refused[k]:
                continue
            client_id, side = commands.client_id[k], commands.side[k]
            if commands.kind[k] == PLACE:
                self._place(client_id, Resting(side, commands.ticks[k], commands.lots[k]))
            elif commands.kind[k] == AMEND:
                self._amend(client_id, side, commands.ticks[k], commands.lots[k])
            else:
                self._cancel(client_id, side)

    def live_a_moment(self) -> None:
        """Let some orders trade, and end one now and then."""
        for client_id, order in list(self.orders.items()):
            chance = self.rng.random()
            if chance < 0.12:
                self._fill(client_id, order, self.rng.randint(1, order.open_lots))
            elif chance < 0.13:
                del self.orders[client_id]
                self._report(EXPIRED, client_id, order)

    def reports(self) -> list[AccountRow]:
        """Return what arrives now: the first reports of some orders."""
        arrived = []
        for client_id in sorted(self._queues, key=lambda _: self.rng.random()):
            queue = self._queues[client_id]
            while queue and self.rng.random() < 0.6:
                arrived.append(queue.pop(0))
            if not queue:
                del self._queues[client_id]
        return arrived

    def worst_case_lots(self, side: int) -> int:
        """Return the true position towards a side if everything that truly rests there fills."""
        signed = self.position_lots if side == BUY else -self.position_lots
        return signed + sum(o.open_lots for o in self.orders.values() if o.side == side)

    def _take(self, client_id: int, order: Resting) -> None:
        """Let an order that takes trade in part, in full or not at all, and end."""
        held = self.position_lots if order.side == SELL else -self.position_lots
        if held <= 0:
            self._report(REJECTED, client_id, order, code=Refusal.REDUCE_ONLY)
            return
        self._report(ACCEPTED, client_id, order)
        self.orders[client_id] = order
        lots = min(self.rng.randint(0, order.open_lots), held)
        if lots > 0:
            self._fill(client_id, order, lots, TAKER)
        if self.orders.pop(client_id, None) is not None:
            self._report(EXPIRED, client_id, order)

    def _place(self, client_id: int, order: Resting) -> None:
        if is_taking(client_id):
            self._take(client_id, order)
            return
        chance = self.rng.random()
        if chance < 0.1:
            self._report(REJECTED, client_id, order, code=1)
            return
        if chance < 0.15:
            self._report(OUTCOME_UNKNOWN, client_id, order)
            if chance < 0.12:
                self._report(EXPIRED, client_id, order)
                return
        self.orders[client_id] = order
        if chance < 0.3:
            self._fill(client_id, order, self.rng.randint(1, order.open_lots))
        if chance < 0.95:
            self._report(ACCEPTED, client_id, order)

    def _cancel(self, client_id: int, side: int) -> None:
        order = self.orders.get(client_id)
        if order is None:
            self._report(CANCEL_REJECTED, client_id, Resting(side, 0, 0))
        elif self.rng.random() < 0.9:
            del self.orders[client_id]
            self._report(CANCELLED, client_id, order)
        else:
            self._report(OUTCOME_UNKNOWN, client_id, order)

    def _amend(self, client_id: int, side: int, ticks: int, lots: int) -> None:
        """Amend, now and then after a fill; or refuse; or lose the amend, or the answer to it."""
        order = self.orders.get(client_id)
        chance = self.rng.random()
        if order is not None and chance < 0.1:
            self._fill(client_id, order, self.rng.randint(1, order.open_lots))
            order = self.orders.get(client_id)
        if order is None or 0.1 <= chance < 0.2:
            self._report(AMEND_REJECTED, client_id, Resting(side, ticks, lots), code=1)
            return
        if chance < 0.85:
            order.ticks = ticks
            order.open_lots = max(0, lots - order.filled_lots)
            if order.open_lots == 0:
                del self.orders[client_id]
        told = Resting(side, ticks, max(lots, order.filled_lots))
        if chance < 0.75:
            self._report(AMENDED, client_id, told)
        else:
            self._report(AMEND_UNKNOWN, client_id, Resting(side, ticks, lots))

    def _fill(self, client_id: int, order: Resting, lots: int, role: int = MAKER) -> None:
        order.open_lots -= lots
        order.filled_lots += lots
        self.position_lots += lots if order.side == BUY else -lots
        self.fills += 1
        if order.open_lots == 0:
            del self.orders[client_id]
        queue = self._queues.setdefault(client_id, [])
        queue.append((FILLED, client_id, order.side, order.ticks, lots, role))

    def _report(self, kind: int, client_id: int, order: Resting, code: int = 0) -> None:
        queue = self._queues.setdefault(client_id, [])
        queue.append((kind, client_id, order.side, order.ticks, order.open_lots, code))


SIDES = (BUY, SELL)
