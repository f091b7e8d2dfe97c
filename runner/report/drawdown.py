"""Find the worst fall of a curve from its peak, and how long it took to come back."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Drawdown:
    """The worst fall: its depth, its peak and trough, and when the peak was reached again.

    `recovered_ns` is None where the curve ended below it.
    """

    depth: float
    peak_ns: int
    trough_ns: int
    recovered_ns: int | None
    ended_ns: int

    @property
    def lasted_ns(self) -> int:
        """Time from the peak until it was reached again, or until the end."""
        return (self.recovered_ns or self.ended_ns) - self.peak_ns


def drawdown_of(stamps: Sequence[int], curve: Sequence[float]) -> Drawdown | None:
    """Return the worst fall of a curve, the first of equal ones; None where it never fell."""
    worst = (0.0, 0, 0)
    peak = 0
    for k, value in enumerate(curve):
        if value >= curve[peak]:
            peak = k
        elif curve[peak] - value > worst[0]:
            worst = (curve[peak] - value, peak, k)
    depth, top, bottom = worst
    if depth <= 0.0:
        return None
    after = range(bottom + 1, len(curve))
    back = next((stamps[k] for k in after if curve[k] >= curve[top]), None)
    return Drawdown(depth, stamps[top], stamps[bottom], back, stamps[-1])
