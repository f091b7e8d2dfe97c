"""Smooth the mid before volatility is measured, against a touch that bounces.

Between two books the mid is constant, so the exponential average with memory tau is exact::

    s = mid + (s - mid) exp(-dt / tau)

A smoothed random walk moves less: over dt its variance is sigma^2 (dt - tau (1 - exp(-dt / tau))),
the share that `variance_s` gives, so that dividing by it takes the bias out again. What is left is
a bias where returns are not those of a random walk, and in products of neighbouring returns, which
smoothing makes alike: with the bipower estimator keep tau well under the sampling interval.
"""

import math

from connectors.model.kernel import kernel, state


@state
class Smoothing:
    """The average, and the mid in force since `last_ns` (0: none yet)."""

    last_ns: int
    mid_ticks: float
    value: float


@kernel
def update(smoothing: Smoothing, mid_ticks: float, tau_s: float, now_ns: int) -> float:
    """Take a new mid; return the average as of now."""
    if smoothing.last_ns == 0:
        smoothing.value = mid_ticks
        smoothing.last_ns = now_ns
    dt = (now_ns - smoothing.last_ns) * 1e-9
    if dt > 0.0:
        apart = smoothing.value - smoothing.mid_ticks
        smoothing.value = smoothing.mid_ticks + apart * math.exp(-dt / tau_s)
        smoothing.last_ns = now_ns
    smoothing.mid_ticks = mid_ticks
    return smoothing.value


@kernel
def variance_s(dt: float, tau_s: float) -> float:
    """Return the seconds of variance that a smoothed random walk shows over `dt` seconds."""
    return dt + tau_s * math.expm1(-dt / tau_s)
