"""Learn from own fills how often our quotes are reached, by distance: lambda(d) = A exp(-k d).

Each moment that we quote a side at distance d is exposure; each fill of it is an event. The
maximum likelihood of this Poisson process needs sums by distance alone: k solves, for n fills and
E seconds at distances d::

    sum n d / sum n = sum d exp(-k d) E / sum exp(-k d) E ,   A = sum n / sum exp(-k d) E

(a Poisson regression with log exposure; k is unbiased for us, queue and latency included). The
left side is fixed and the right one falls with k, so that halving finds the root. Exposure at one
distance only says nothing of k, and is refused as `STEEP` or `FLAT`.
"""

import math
from typing import Annotated

from connectors.model.kernel import Floats, kernel, state
from strategies.signals import depths
from strategies.signals.depths import CELLS, Depths
from strategies.signals.intensity import FEW, FITTED, FLAT, HALVINGS, LEAST_ORDERS, MOST_K, STEEP


@state
class OwnIntensity:
    """Exposure and fills by distance, both sides together, and the last fit.

    `quoted_bps` is each side's distance now, negative while it does not quote; `count` is the faded
    number of fills that the fit had.
    """

    exposure: Depths
    filled: Depths
    quoted_bps: Annotated[Floats, 2]
    status: int
    k_per_bps: float
    a_per_s: float
    count: float


@kernel
def start(own: OwnIntensity, tau_s: float) -> None:
    """Begin a fresh state with a memory."""
    own.exposure.tau_s = tau_s
    own.filled.tau_s = tau_s
    own.quoted_bps[0] = -1.0
    own.quoted_bps[1] = -1.0


@kernel
def observe(own: OwnIntensity, bid_bps: float, ask_bps: float, now_ns: int) -> None:
    """Count the time at the last distances; from now on these are quoted (negative: not)."""
    dt = depths.pass_time(own.exposure, now_ns)
    depths.pass_time(own.filled, now_ns)
    for side in range(2):
        if own.quoted_bps[side] >= 0.0:
            depths.add(own.exposure, own.quoted_bps[side], dt)
    own.quoted_bps[0] = bid_bps
    own.quoted_bps[1] = ask_bps


@kernel
def add_fill(own: OwnIntensity, side: int) -> None:
    """Take a fill of a side at the distance it is quoted at; without a quote it is left out."""
    if own.quoted_bps[side] >= 0.0:
        depths.add(own.filled, own.quoted_bps[side], 1.0)


@kernel
def fit(own: OwnIntensity) -> int:
    """Fit k and A; return and keep the status. Costs some thousand exponentials: fit rarely."""
    own.count = depths.amount(own.filled, 0, CELLS)
    own.k_per_bps = 0.0
    own.a_per_s = 0.0
    own.status = _find(own)
    return own.status


@kernel
def _find(own: OwnIntensity) -> int:
    if own.count < LEAST_ORDERS:
        return FEW
    target_bps = depths.mean_bps(own.filled, 0, CELLS)
    if target_bps >= _mean_bps(own, 0.0):
        return FLAT
    high = 1.0
    while high < MOST_K and _mean_bps(own, high) > target_bps:
        high *= 2.0
    if _mean_bps(own, high) > target_bps:
        return STEEP
    low = 0.0
    for _ in range(HALVINGS):
        k = 0.5 * (low + high)
        if _mean_bps(own, k) > target_bps:
            low = k
        else:
            high = k
    k = 0.5 * (low + high)
    reached_s = _reached_s(own, k)
    if reached_s <= 0.0:
        return STEEP
    own.k_per_bps = k
    own.a_per_s = own.count / reached_s
    return FITTED


@kernel
def _mean_bps(own: OwnIntensity, k: float) -> float:
    """Return the mean distance of fills that decay k expects; infinite without exposure."""
    total = 0.0
    moment = 0.0
    nearest = -1.0
    for c in range(CELLS):
        if own.exposure.weight[c] > 0.0:
            distance = own.exposure.moment[c] / own.exposure.weight[c]
            if nearest < 0.0:
                nearest = distance
            expected = own.exposure.weight[c] * math.exp(-k * (distance - nearest))
            total += expected
            moment += expected * distance
    return moment / total if total > 0.0 else math.inf


@kernel
def _reached_s(own: OwnIntensity, k: float) -> float:
    """Return the exposure as if all of it had been at mid."""
    total = 0.0
    for c in range(CELLS):
        if own.exposure.weight[c] > 0.0:
            distance = own.exposure.moment[c] / own.exposure.weight[c]
            total += own.exposure.weight[c] * math.exp(-k * distance)
    return total / own.exposure.scale
