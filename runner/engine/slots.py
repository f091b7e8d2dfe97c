"""Let a scheduled job act once for each of its moments, whoever asks again: late, twice, restarted.

One process writes the ledger, so what it remembers and what it has taken itself is all there is.
"""

from collections.abc import Callable
from dataclasses import dataclass

from runner.engine.ledger.entries import Slot
from runner.engine.ledger.writer import Writer


@dataclass(slots=True)
class Slots:
    """The moments that jobs have taken, as (job, slot in ns)."""

    writer: Writer
    taken: set[tuple[str, int]]

    def has(self, job: str, slot_ns: int) -> bool:
        """Tell whether a moment is taken."""
        return (job, slot_ns) in self.taken

    def knows(self, job: str) -> bool:
        """Tell whether a job has ever taken a moment."""
        return any(name == job for name, _ in self.taken)

    def claim(self, job: str, slot_ns: int, now_ns: int, act: Callable[[], None]) -> bool:
        """Take a moment and act once that is safe in the ledger; False when it was taken."""
        if (job, slot_ns) in self.taken:
            return False
        self.taken.add((job, slot_ns))
        self.writer.put(Slot(job, slot_ns, now_ns), lambda committed_ns: act())
        return True
