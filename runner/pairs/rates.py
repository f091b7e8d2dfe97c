"""Follow what one leg's venue announces, and keep what is thereby settled.

The rate last announced before a settlement stands for what was settled. What nobody was there to
see is missing, and no rate is made up for it.
"""

from collections import deque
from dataclasses import dataclass, field

from connectors.funded import Announced
from strategies.funding.periods import Settled


@dataclass(slots=True)
class LegRates:
    """One leg's settlements of the last `lookback_ns`, and what is announced next."""

    lookback_ns: int
    settled: deque[Settled] = field(default_factory=deque)
    next: Announced | None = None

    def look(self, announced: Announced | None, now_ns: int) -> Settled | None:
        """Take what is announced now; return the settlement that is over since the last look."""
        before = self.next
        if announced is None:
            return None
        self.next = announced
        if before is None or not before.next_ns < announced.next_ns or now_ns < before.next_ns:
            return None
        over = Settled(before.next_ns, float(before.rate), before.interval_ns)
        self.settled.append(over)
        while self.settled[0].at_ns < now_ns - self.lookback_ns:
            self.settled.popleft()
        return over

    def waits_for(self, at_ns: int) -> bool:
        """Tell whether a settlement at a moment may still be told."""
        return self.next is not None and self.next.next_ns <= at_ns
