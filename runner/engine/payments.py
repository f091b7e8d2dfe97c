"""Book the funding that a venue has paid or taken: its own word, never our arithmetic."""

from dataclasses import dataclass, field
from decimal import Decimal

from connectors.model.account import Payment
from connectors.venue import Venue
from runner.engine.clock import Clock
from runner.engine.ledger.entries import Funding
from runner.engine.ledger.writer import Writer

EVERY_NS = 60_000_000_000
"""Time between two looks. Venues pay on the hour, and tell of it up to minutes later."""
OVERLAP_NS = 2 * 3_600_000_000_000
"""So far back payments are read again: one may be told late, or corrected."""


@dataclass(slots=True)
class Payments:
    """One market's payments. Those before `since_ns` are known, or before the ledger's time."""

    market: str
    account: str
    venue: Venue
    writer: Writer
    clock: Clock
    since_ns: int
    _start_ns: int = field(init=False)
    _due_ns: int = 0
    _told: dict[str, Payment] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._start_ns = self.clock.now_ns()

    async def look(self) -> None:
        """Read and book what is new, if it is time; raise VenueError where there is no answer."""
        if self.clock.monotonic_ns() < self._due_ns:
            return
        found = await self.venue.payments_after(self.market, self.since_ns)
        for payment in found:
            if self._told.get(payment.payment_id) != payment:
                self._told[payment.payment_id] = payment
                entry = Funding(self.account, self.market, payment, self.clock.now_ns())
                self.writer.put(entry)
        newest_ns = max((payment.paid_ns for payment in found), default=0)
        self.since_ns = max(self.since_ns, newest_ns - OVERLAP_NS)
        self._due_ns = self.clock.monotonic_ns() + EVERY_NS

    def expect(self) -> None:
        """Look again with the next step: a settlement is just over."""
        self._due_ns = 0

    def paid(self, currency: str) -> Decimal:
        """Return what was paid to us in a currency in this session's time."""
        own = (p for p in self._told.values() if p.paid_ns >= self._start_ns)
        return sum((p.amount for p in own if p.currency == currency), Decimal(0))
