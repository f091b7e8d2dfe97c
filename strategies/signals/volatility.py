"""Estimate volatility from mids that arrive at any times.

Three estimators of the variance per second of log mid, from the same samples of it; r is the return
over dt seconds, and w = exp(-dt/tau) with tau = half_life / ln 2::

    EWMA      num = num w + r^2,  den = den w + dt,  v = num / den      unbiased at any sampling
    WINDOW    the sums of r^2 and dt over the last 2 tau                 forgets at once
    BIPOWER   r^2 becomes (pi/2) |r| |r'| sqrt(dt/dt')                   jumps hardly count

r' is the return before (Barndorff-Nielsen and Shephard 2004, scaled for irregular times). `live`
and `reference` differ in tau only and see the same samples, so that their ratio is unbiased. There
is a prior until `warmup_s` have been seen, and `prior_in_use` says so.
"""

import math

from connectors.model.kernel import kernel
from strategies.desk import Params, Signals, Volatility
from strategies.signals import smoothing, window

EWMA = 0
WINDOW = 1
BIPOWER = 2
HALF_PI = 0.5 * math.pi


@kernel
def observe(
    volatility: Volatility, params: Params, signals: Signals, mid_ticks: float, now_ns: int
) -> None:
    """Take the mid, and write both sigmas when they have changed, or for the first time."""
    is_early = volatility.last_ns != 0 and now_ns - volatility.last_ns < params.sample_ns
    if is_early and params.smoothing_tau_s <= 0.0 and signals.sigma_reference_bps != 0.0:
        return
    if sample(volatility, params, mid_ticks, now_ns) or signals.sigma_reference_bps == 0.0:
        read(volatility, params, signals)


@kernel
def sample(volatility: Volatility, params: Params, mid_ticks: float, now_ns: int) -> bool:
    """Take the mid if a sampling interval has passed; tell whether it was taken."""
    mid = mid_ticks
    if params.smoothing_tau_s > 0.0:
        mid = smoothing.update(volatility.smoothing, mid_ticks, params.smoothing_tau_s, now_ns)
    if volatility.last_ns == 0:
        volatility.last_ns = now_ns
        volatility.last_mid_ticks = mid
        return False
    elapsed_ns = now_ns - volatility.last_ns
    if elapsed_ns < params.sample_ns or elapsed_ns <= 0:
        return False
    dt = elapsed_ns * 1e-9
    _take(volatility, params, math.log(mid / volatility.last_mid_ticks), dt)
    volatility.seen_s += dt
    volatility.last_ns = now_ns
    volatility.last_mid_ticks = mid
    return True


@kernel
def _take(volatility: Volatility, params: Params, r: float, dt: float) -> None:
    """Fold a return over `dt` seconds into both estimates."""
    shown_s = dt
    if params.smoothing_tau_s > 0.0:
        shown_s = smoothing.variance_s(dt, params.smoothing_tau_s)
    if params.estimator == WINDOW:
        _slide(volatility, params, r * r, shown_s)
    elif params.estimator == BIPOWER:
        before = volatility.before
        before_s = volatility.before_s
        volatility.before = abs(r)
        volatility.before_s = shown_s
        if before_s > 0.0:
            product = HALF_PI * abs(r) * before * math.sqrt(shown_s / before_s)
            _fade(volatility, params, product, shown_s, dt)
    else:
        _fade(volatility, params, r * r, shown_s, dt)


@kernel
def _fade(volatility: Volatility, params: Params, num: float, den: float, dt: float) -> None:
    """Let both averages fade by `dt` and add what has come."""
    w = math.exp(-dt / params.live_tau_s)
    volatility.live_num = volatility.live_num * w + num
    volatility.live_den = volatility.live_den * w + den
    w = math.exp(-dt / params.reference_tau_s)
    volatility.reference_num = volatility.reference_num * w + num
    volatility.reference_den = volatility.reference_den * w + den


@kernel
def _slide(volatility: Volatility, params: Params, num: float, den: float) -> None:
    """Move both windows to their new end."""
    moved = volatility.window
    window.add(moved, num, den, 2.0 * params.live_tau_s, 2.0 * params.reference_tau_s)
    volatility.live_num = moved.live_num
    volatility.live_den = moved.live_den
    volatility.reference_num = moved.reference_num
    volatility.reference_den = moved.reference_den


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
