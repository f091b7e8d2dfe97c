"""Notice that this process is late to its own work."""

from dataclasses import dataclass


@dataclass(slots=True)
class LagMeter:
    """Tell when the event loop begins to be late, and when it no longer is. `most_ns` 0: never."""

    most_ns: int
    is_late: bool = False

    def take(self, late_ns: int) -> bool:
        """Take how late a timer came; tell whether `is_late` has changed.

        Lateness is over once a timer is late by no more than half of what is allowed.
        """
        was_late = self.is_late
        if self.most_ns > 0 and late_ns > self.most_ns:
            self.is_late = True
        elif 2 * late_ns <= self.most_ns:
            self.is_late = False
        return self.is_late != was_late
