"""Relate what a run earned to how much that varied."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean

YEAR_S = 365.0 * 86_400.0
FEWEST_RETURNS = 10


@dataclass(frozen=True, slots=True)
class Sharpe:
    """Moments of a series of returns: Sharpe ratio of one stretch, skewness, kurtosis, count."""

    ratio: float
    skewness: float
    kurtosis: float
    count: int

    def annual(self, stretch_s: float) -> float:
        """Return the ratio of a year of 365 days, as if returns were independent."""
        return self.ratio * math.sqrt(YEAR_S / stretch_s)


def sharpe_of(returns: Sequence[float]) -> Sharpe | None:
    """Return the moments of returns; None where there are too few or all are equal."""
    count = len(returns)
    if count < FEWEST_RETURNS:
        return None
    mean = fmean(returns)
    gaps = [value - mean for value in returns]
    second = fmean(gap * gap for gap in gaps)
    if second <= 0.0:
        return None
    deviation = math.sqrt(second)
    return Sharpe(
        ratio=mean / math.sqrt(second * count / (count - 1)),
        skewness=fmean((gap / deviation) ** 3 for gap in gaps),
        kurtosis=fmean((gap / deviation) ** 4 for gap in gaps),
        count=count,
    )


def ratio_from_sums(total: float, squares: float, count: int) -> float:
    """Return the Sharpe ratio of one stretch from sums; 0 where nothing varied."""
    mean = total / count
    variance = (squares - total * mean) / (count - 1)
    return mean / math.sqrt(variance) if variance > 0.0 else 0.0


def sortino_from_sums(total: float, squares_below: float, count: int) -> float:
    """Return the mean over the root mean square of losses; infinite where there was no loss.

    Sortino and van der Meer, "Downside risk", Journal of Portfolio Management 17 (4), 1991, with
    a target of zero.
    """
    mean = total / count
    below = math.sqrt(squares_below / count)
    return mean / below if below > 0.0 else math.copysign(math.inf, mean) if mean else 0.0
