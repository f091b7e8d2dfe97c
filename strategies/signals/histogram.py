"""Count amounts in buckets that double, for quantiles in fixed memory.

Bucket 0 holds [0, `FIRST`), bucket k [FIRST 2^(k-1), FIRST 2^k). A quantile is interpolated inside
its bucket, of which nothing lies above `most`: it is right to a factor of two at worst, and exactly
right for what is spread evenly.
"""

from typing import Annotated

from connectors.model.kernel import Floats, kernel, state

FIRST = 1e-3
"""Upper edge of the first bucket, in the unit of what is counted."""
BUCKETS = 32


@state
class Histogram:
    """Amounts by bucket, their sum, and the largest value that any of them has had."""

    amount: Annotated[Floats, BUCKETS]
    total: float
    most: float


@kernel
def spread_evenly(histogram: Histogram, top: float) -> None:
    """Add an amount of `top` that lies evenly over [0, top): the ages of something that lived."""
    histogram.most = max(histogram.most, top)
    low = 0.0
    high = FIRST
    for k in range(BUCKETS):
        if top <= low:
            return
        upper = top if k == BUCKETS - 1 else min(top, high)
        histogram.amount[k] += upper - low
        histogram.total += upper - low
        low = high
        high = 2.0 * high


@kernel
def quantile(histogram: Histogram, frac: float) -> float:
    """Return what a share `frac` of all amounts lies below; 0 while `total` is 0."""
    if histogram.total <= 0.0:
        return 0.0
    left = frac * histogram.total
    low = 0.0
    high = FIRST
    for k in range(BUCKETS):
        amount = histogram.amount[k]
        if amount > 0.0 and left <= amount:
            upper = histogram.most if k == BUCKETS - 1 else min(high, histogram.most)
            return low + (upper - low) * left / amount
        left -= amount
        low = high
        high = 2.0 * high
    return histogram.most
