"""Fit how often orders come, by distance, around where we quote: lambda(d) = A exp(-k d).

Real markets are not exponential over all depths: k of all trades is ten times that beyond .5 bps.
So the slope is local, from the market orders that reached a distance in [a, b], the cells that hold
[d/2, 2 d] for a quoted distance d. With m the mean excess over a and L = b - a, the truncated
maximum likelihood solves, for N orders in T seconds on two sides::

    1/k - L / (exp(k L) - 1) = m ,   A = N / (2 T) * exp(k a) / (1 - exp(-k L))

An order's depth ignores the queue, so A is an upper bound for ours: `own_intensity` learns from own
fills. A fit may be refused, and `status` says why; k and A are then 0. It costs some fifty
exponentials: fit with each sample of the volatility or rarer, not with every event.
"""

import math

from connectors.model.kernel import kernel, state
from strategies.signals import depths
from strategies.signals.depths import Depths

FITTED = 0
FEW = 1
"""Refused: under `LEAST_ORDERS` orders."""
FLAT = 2
"""Refused: orders do not get rarer with distance, k <= 0."""
STEEP = 3
"""Refused: all orders at one distance, or k out of range."""
LEAST_ORDERS = 30.0
MOST_K = 1e4
MOST_EXPONENT = 500.0
HALVINGS = 50


@state
class Intensity:
    """Depths that market orders reached, both sides together, and the last fit.

    `count` is the faded number of orders in the range of the fit.
    """

    reached: Depths
    status: int
    k_per_bps: float
    a_per_s: float
    count: float


@kernel
def observe(intensity: Intensity, now_ns: int) -> None:
    """Let time pass."""
    depths.pass_time(intensity.reached, now_ns)


@kernel
def add_order(intensity: Intensity, depth_bps: float) -> None:
    """Take how far beyond mid a market order reached; give a sweep once."""
    depths.add(intensity.reached, depth_bps, 1.0)


@kernel
def fit(intensity: Intensity, quoted_bps: float) -> int:
    """Fit around a quoted half spread; return and keep the status."""
    first = depths.cell(0.5 * quoted_bps)
    stop = depths.cell(2.0 * quoted_bps) + 1
    start_bps = depths.edge_bps(first)
    length_bps = math.inf if stop >= depths.CELLS else depths.edge_bps(stop) - start_bps
    intensity.count = depths.amount(intensity.reached, first, stop)
    intensity.k_per_bps = 0.0
    intensity.a_per_s = 0.0
    if intensity.count < LEAST_ORDERS:
        intensity.status = FEW
        return FEW
    excess_bps = depths.mean_bps(intensity.reached, first, stop) - start_bps
    intensity.status = checked_excess(excess_bps, length_bps)
    if intensity.status != FITTED:
        return intensity.status
    k = decay_per_bps(excess_bps, length_bps)
    seconds = 2.0 * depths.seconds(intensity.reached)
    if seconds <= 0.0 or k * start_bps > MOST_EXPONENT:
        intensity.status = STEEP
        return STEEP
    intensity.k_per_bps = k
    intensity.a_per_s = at_mid_per_s(intensity.count / seconds, k, start_bps, length_bps)
    return FITTED


@kernel
def checked_excess(excess_bps: float, length_bps: float) -> int:
    """Return whether a mean excess has a decay, or why it has none."""
    if excess_bps >= 0.5 * length_bps:
        return FLAT
    if not excess_bps > 1.0 / MOST_K:
        return STEEP
    return FITTED


@kernel
def decay_per_bps(excess_bps: float, length_bps: float) -> float:
    """Return k of a mean excess that has one, over a range of that length (it may be infinite)."""
    low = 0.0
    high = 1.0 / excess_bps
    if length_bps == math.inf:
        return high
    for _ in range(HALVINGS):
        k = 0.5 * (low + high)
        if _mean_excess_bps(k, length_bps) > excess_bps:
            low = k
        else:
            high = k
    return 0.5 * (low + high)


@kernel
def at_mid_per_s(per_s: float, k: float, start_bps: float, length_bps: float) -> float:
    """Return A of a rate of orders in a range."""
    inside = -math.expm1(-min(k * length_bps, MOST_EXPONENT))
    return per_s * math.exp(k * start_bps) / inside


@kernel
def _mean_excess_bps(k: float, length_bps: float) -> float:
    """Return the mean of an exponential with decay k cut off at a length."""
    x = k * length_bps
    if x > MOST_EXPONENT:
        return 1.0 / k
    if x < 1e-5:
        return length_bps * (0.5 - x / 12.0)
    return 1.0 / k - length_bps / math.expm1(x)
