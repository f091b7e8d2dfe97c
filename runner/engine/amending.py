"""Write an order's new terms before they leave, and let none leave that nobody wants any more.

Until it is proven which terms the order has, it counts as the larger one: from the intent on.
"""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from connectors.model.account import Trade
from connectors.model.errors import Refusal
from connectors.model.events import AMEND_REJECTED, AMEND_UNKNOWN
from runner.engine.failpoints import Point, reached
from runner.engine.ledger.entries import AmendIntent, AmendSent
from runner.engine.ledger.states import AMEND_ASKED, AMEND_WITHHELD, Asked
from runner.engine.supervisor import attempt

if TYPE_CHECKING:
    from runner.engine.outbox import LedgerOutbox


@dataclass(slots=True)
class Amends:
    """The amends of one market that wait for their intent."""

    outbox: "LedgerOutbox"
    waiting: dict[int, Asked] = field(default_factory=dict)

    def ask(self, client_id: int, side: int, asked: Asked, *, is_closed: bool) -> None:
        """Write new terms, and send them once those are committed."""
        outbox = self.outbox
        order = outbox.orders.get(client_id)
        if order is None or order.life.asked is not None:
            self._tell(AMEND_REJECTED, client_id, side, asked, Refusal.NOT_FOUND)
            return
        now_ns = outbox.clock.now_ns()
        more_lots = max(0, asked.lots - order.life.lots)
        refused_for = outbox.gate(side, more_lots, now_ns) if more_lots else None
        self.waiting[client_id] = asked
        outbox.follow(client_id, AMEND_ASKED, asked.lots, asked.ticks)
        intent = AmendIntent(outbox.market, client_id, asked.ticks, asked.lots, now_ns)
        if is_closed or refused_for is not None:
            outbox.writer.put(intent)
            self.withhold(client_id, Refusal.NOT_SENT if is_closed else Refusal.ACCOUNT_LIMIT)
            return
        outbox.writer.put(intent, lambda committed_ns: self._leave(client_id, committed_ns))

    def withhold(self, client_id: int, code: int = Refusal.NOT_SENT) -> None:
        """Let an amend never leave that still waits."""
        asked = self.waiting.pop(client_id, None)
        order = self.outbox.orders.get(client_id)
        if asked is None or order is None:
            return
        self.outbox.book_word(client_id, AMEND_WITHHELD, code, asked)
        self._tell(AMEND_REJECTED, client_id, order.side, asked, code)

    def withdraw(self) -> None:
        """Let none leave that still waits."""
        for client_id in list(self.waiting):
            self.withhold(client_id)

    def doubt(self, client_id: int, asked: Asked) -> None:
        """Take an amend's outcome for unknown, here and at the worker, unless the order is over."""
        order = self.outbox.orders.get(client_id)
        if order is not None:
            self.outbox.book_word(client_id, AMEND_UNKNOWN, 0, asked)
            self._tell(AMEND_UNKNOWN, client_id, order.side, asked, 0)

    def _leave(self, client_id: int, committed_ns: int) -> None:
        """Hand new terms to the venue unless they have been withheld or the order is over."""
        outbox = self.outbox
        asked = self.waiting.pop(client_id, None)
        order = outbox.orders.get(client_id)
        if asked is None or order is None:
            return
        words = (outbox.market, client_id, order.side, asked.ticks, asked.lots)
        reached(Point.INTENT_COMMITTED)
        sent_ns = outbox.clock.now_ns()
        is_said = attempt(lambda: outbox.venue.amend(*words), outbox.tell_fault)
        reached(Point.SENT)
        outbox.writer.put(AmendSent(outbox.market, client_id, committed_ns, sent_ns))
        if not is_said:
            self.doubt(client_id, asked)

    def _tell(self, kind: int, client_id: int, side: int, asked: Asked, code: int) -> None:
        self.outbox.tell(kind, Trade(0, client_id, side, asked.ticks, asked.lots, code, 0))
