"""Pay funding on paper: one settlement ahead of the exchange, for as long as it runs.

The exchange notes the position and the mid of the settlement that it was given (`funding.settle`);
here that becomes a payment, and the next moment is given. A time in which no process ran has no
settlements: the simulated exchange stood still with it.
"""

from dataclasses import dataclass
from decimal import Decimal

from connectors.funded import Announced
from connectors.model.account import Payment
from connectors.model.instrument import Instrument
from connectors.sim.exchange_state import Exchange
from connectors.sim.funding import Settlement, load_funding, payment_quote


@dataclass(slots=True)
class Payday:
    """One market's funding: a rate, at each multiple of an interval since the epoch."""

    rate: Decimal
    every_ns: int
    instrument: Instrument
    next_ns: int = 0

    def begin(self, x: Exchange, now_ns: int) -> None:
        """Give the exchange the first settlement after a moment."""
        self._load(x, (now_ns // self.every_ns + 1) * self.every_ns)

    def take(self, x: Exchange) -> Payment | None:
        """Return what the settlement has paid us once it has its mid, and give the next one."""
        if x.funding.marked == 0:
            return None
        due_ns = self.next_ns
        paid = payment_quote(x.funding, self._schedule(), self.instrument)
        self._load(x, due_ns + self.every_ns)
        if not paid:
            return None
        return Payment(str(due_ns), due_ns, paid, self.instrument.quote, self.rate)

    def announced(self) -> Announced:
        """Return the next settlement."""
        return Announced(self.rate, self.every_ns, self.next_ns)

    def _load(self, x: Exchange, due_ns: int) -> None:
        self.next_ns = due_ns
        x.funding.settled = x.funding.marked = 0
        load_funding(x, self._schedule())

    def _schedule(self) -> tuple[Settlement, ...]:
        return (Settlement(self.next_ns, self.rate),)
