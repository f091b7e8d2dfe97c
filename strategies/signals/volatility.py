"""Estimate volatility from mids that arrive at any times.

Exponentially weighted realised variance per second of log mid, unbiased for irregular sampling
(theory: numerator and denominator decay alike)::

    w = exp(-dt/tau);  num = num*w + r*r;  den = den*w + dt;  v = num/den;  tau = half_life/ln 2

`live` and `reference` differ in tau only and see the same samples, so that their ratio is unbiased.
"""

import math

from connectors.model.kernel import kernel
from strategies.desk import Params, Signals, Volatility


@kernel
def sample(volatility: Volatility, params: Params, mid_ticks: float, now_ns: int) -> bool:
    """Take the mid if a sampling interval has passed; tell whether it was taken."""
    if volatility.last_ns == 0:
        volatility.last_ns = now_ns
        volatility.last_mid_ticks = mid_ticks
        return False
    elapsed_ns = now_ns - volatility.last_ns
    if elapsed_ns < params.sample_ns or elapsed_ns <= 0:
        return False
    dt = elapsed_ns * 1e-9
    r = math.log(mid_ticks / volatility.last_mid_ticks)
    squared = r * r
    w = math.exp(-dt / params.live_tau_s)
    volatility.live_num = volatility.live_num * w + squared
    volatility.live_den = volatility.live_den * w + dt
    w = math.exp(-dt / params.reference_tau_s)
    volatility.reference_num = volatility.reference_num * w + squared
    volatility.reference_den = volatility.reference_den * w + dt
    volatility.seen_s += dt
    volatility.last_ns = now_ns
    volatility.last_mid_ticks = mid_ticks
    return True


@kernel
def read(volatility: Volatility, params: Params, signals: Signals) -> None:
    """Write sigma_live and sigma_reference [bps/sqrt(s)]: the prior fades out over the warm-up."""
    prior = params.prior_bps * params.prior_bps
    weight = 0.0
    if volatility.seen_s < params.warmup_s:
        weight = 1.0 - volatility.seen_s / params.warmup_s
    signals.prior_in_use = weight > 0.0
    signals.sigma_live_bps = _sigma_bps(
        volatility.live_num, volatility.live_den, prior, weight, params.floor_bps
    )
    signals.sigma_reference_bps = _sigma_bps(
        volatility.reference_num, volatility.reference_den, prior, weight, params.floor_bps
    )


@kernel
def _sigma_bps(num: float, den: float, prior: float, weight: float, floor_bps: float) -> float:
    """Blend the measured variance with the prior and return its root, not under the floor."""
    measured = prior
    if den > 0.0:
        measured = num / den * 1e8
    sigma_bps = math.sqrt(weight * prior + (1.0 - weight) * measured)
    return floor_bps if sigma_bps < floor_bps else sigma_bps
