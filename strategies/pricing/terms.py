"""Give the terms that all models of exponential arrivals share, without unit.

Prices are in U, time in `unit_horizon_s` (h), inventory in clips. With lambda = A exp(-k y) a
side, gamma_p = gamma/U, k = kappa/U and rho = sigma_live/sigma_ref::

    risk     a = k gamma_p sigma^2 h / 2 = kappa gamma rho^p / 2    variance: p = 2, linear: p = 1
    arrivals e = A h (1 + gamma/kappa)^-(1 + kappa/gamma)           gamma -> 0: A h / exp(1)
    liquidity  = ln(1 + gamma/kappa) / gamma                        gamma -> 0: 1/kappa

After Gueant, Lehalle and Fernandez-Tapia (2013), section 3: a = alpha h and e = eta h there.
"""

import math

from connectors.model.kernel import kernel
from strategies.desk import Params, Signals
from strategies.units import volatility_ratio

VARIANCE = 0
LINEAR = 1
"""Forms: risk that grows with the square of the live volatility, or with the volatility itself."""

SATURATED = 0
PLAIN = 1
AT_LIMIT = 2
CAPPED = 3
"""Skews."""

ENDLESS_S = 1e9
SMALLEST_GAMMA = 1e-9
"""Below, the limit of a vanishing gamma is exact to the last bit."""


@kernel
def risk_power(params: Params, signals: Signals) -> float:
    """Return rho^p: how the live volatility scales the price of risk."""
    rho = volatility_ratio(params, signals)
    return rho if params.form == LINEAR else rho * rho


@kernel
def risk(params: Params, power: float) -> float:
    """Return a, the price of a squared clip held for h."""
    return 0.5 * params.kappa * params.gamma * power


@kernel
def arrivals(params: Params, gamma: float) -> float:
    """Return e, the orders that reach the best quote within h, a side, for an execution `gamma`."""
    if gamma <= SMALLEST_GAMMA:
        return params.intensity_per_s * params.unit_horizon_s * math.exp(-1.0)
    decay = (1.0 + params.kappa / gamma) * math.log1p(gamma / params.kappa)
    return params.intensity_per_s * params.unit_horizon_s * math.exp(-decay)


@kernel
def liquidity_bps(params: Params, unit: float, gamma: float) -> float:
    """Return the half spread that a flat maker without risk of holding would quote [bps]."""
    if gamma <= SMALLEST_GAMMA:
        return unit / params.kappa
    return unit / gamma * math.log1p(gamma / params.kappa)


@kernel
def saturated_skew_bps(scale_bps: float, a: float, e: float, horizon: float) -> float:
    """Return the skew of a clip by the finite-horizon closed form.

    scale sqrt(a/e) tanh(2 x sqrt(a e)), where `scale_bps` is U/kappa and x the `horizon` in h: the
    Riccati equation of a value function that is Gaussian in inventory. x -> 0 gives Avellaneda and
    Stoikov's skew, x -> inf that of Gueant, Lehalle and Fernandez-Tapia (2013), section 4.
    """
    return scale_bps * math.sqrt(a / e) * math.tanh(2.0 * math.sqrt(a * e) * horizon)


@kernel
def saturation(a: float, e: float) -> float:
    """Return the horizon, in h, at which skew stops growing: 1 / (2 sqrt(a e))."""
    return 0.5 / math.sqrt(a * e)


@kernel
def at_limit_skew_bps(params: Params, half: float) -> float:
    """Return the skew of a clip that shifts by the wanted half spreads at the position limit."""
    limit_clips = params.max_position_lots / params.order_lots
    return params.skew_at_limit_half_spreads * half / limit_clips


@kernel
def horizon_units(params: Params, now_ns: int) -> float:
    """Return the risk horizon in units of `unit_horizon_s`.

    Perpetual mode (`session_ns` = 0): `risk_horizon_s`, where 0 means without end. A session: the
    time left, at least the floor, and at most `risk_horizon_s` where that is set. A session that
    rolls is followed by the next, whatever is held then; one that does not stays at its floor.
    """
    limit = params.risk_horizon_s
    if params.session_ns > 0:
        gone_ns = now_ns - params.session_start_ns
        if params.session_rolls:
            gone_ns = gone_ns % params.session_ns
        left_s = (params.session_ns - min(gone_ns, params.session_ns)) * 1e-9
        floor_s = params.min_time_left_frac * params.session_ns * 1e-9
        left_s = max(left_s, floor_s)
        limit = min(left_s, limit) if limit > 0.0 else left_s
    elif limit <= 0.0:
        limit = ENDLESS_S
    return limit / params.unit_horizon_s
