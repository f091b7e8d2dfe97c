"""Price with Avellaneda and Stoikov (2008), section 3.3, in units of U.

With gamma_p = gamma/U, k = kappa/U, x = tau/h and rho = sigma_live/sigma_ref (theory 6.2)::

    half = U/gamma * ln(1 + gamma/kappa) + skew/2          [bps]
    shift = -q * skew                                      [bps, q in clips]
    plain skew      = U * gamma * rho^p * x                 p = 2 variance form, p = 1 linear form
    saturated skew  = U/kappa * sqrt(a/e) * tanh(2 x sqrt(a e))
                      a = kappa*gamma*rho^p/2,  e = A*h*(1 + gamma/kappa)^-(1 + kappa/gamma)

The plain skew grows without bound in tau and overshoots the optimum by x/tanh(x) (theory 2); the
saturated one tends to Gueant, Lehalle and Fernandez-Tapia's and is the default. `at_limit` sets the
skew in terms a trader uses: so many half spreads of shift when the position is at its limit.
"""

import math

from connectors.model.kernel import kernel
from strategies.desk import Params, Quotes, Signals
from strategies.units import unit_bps, volatility_ratio

VARIANCE = 0
LINEAR = 1
"""Models: skew quadratic (Avellaneda-Stoikov) or linear in the live volatility."""

SATURATED = 0
PLAIN = 1
AT_LIMIT = 2
"""Skews."""


@kernel
def price(params: Params, signals: Signals, quotes: Quotes, now_ns: int) -> None:
    """Write reservation offset, half spread and skew [bps] for `quotes.inventory_clips`."""
    unit = unit_bps(params, signals)
    base_half = unit / params.gamma * math.log1p(params.gamma / params.kappa)
    horizon = horizon_units(params, now_ns)
    if params.skew == AT_LIMIT:
        skew = at_limit_skew_bps(params, base_half)
        half = base_half
    else:
        power = risk_power(params, signals)
        if params.skew == PLAIN:
            skew = unit * params.gamma * power * horizon
        else:
            skew = saturated_skew_bps(params, unit, power, horizon)
        half = base_half + 0.5 * skew
    quotes.skew_bps = skew
    quotes.half_spread_bps = half
    quotes.reservation_bps = -quotes.inventory_clips * skew


@kernel
def finish(params: Params, quotes: Quotes) -> None:
    """Count the shift at the limit in half spreads as they are quoted, after floors and limits."""
    if params.skew == AT_LIMIT:
        quotes.skew_bps = at_limit_skew_bps(params, quotes.half_spread_bps)
        quotes.reservation_bps = -quotes.inventory_clips * quotes.skew_bps


@kernel
def risk_power(params: Params, signals: Signals) -> float:
    """Return rho^p: how the live volatility scales the price of risk."""
    rho = volatility_ratio(params, signals)
    return rho if params.model == LINEAR else rho * rho


@kernel
def horizon_units(params: Params, now_ns: int) -> float:
    """Return the risk horizon in units of `unit_horizon_s`.

    Perpetual mode (`session_ns` = 0): `risk_horizon_s`, where 0 means without end. A session: the
    time left, at most `risk_horizon_s` where that is set; sessions follow one another.
    """
    limit = params.risk_horizon_s
    if params.session_ns > 0:
        left_s = (params.session_ns - (now_ns - params.session_start_ns) % params.session_ns) * 1e-9
        limit = min(left_s, limit) if limit > 0.0 else left_s
    elif limit <= 0.0:
        limit = 1e9
    return limit / params.unit_horizon_s


@kernel
def saturated_skew_bps(params: Params, unit: float, power: float, horizon: float) -> float:
    """Return the skew of a clip with the finite-horizon closed form (theory 2)."""
    a = 0.5 * params.kappa * params.gamma * power
    decay = (1.0 + params.kappa / params.gamma) * math.log1p(params.gamma / params.kappa)
    e = params.intensity_per_s * params.unit_horizon_s * math.exp(-decay)
    return unit / params.kappa * math.sqrt(a / e) * math.tanh(2.0 * math.sqrt(a * e) * horizon)


@kernel
def at_limit_skew_bps(params: Params, half: float) -> float:
    """Return the skew of a clip that shifts by the wanted half spreads at the position limit."""
    limit_clips = params.max_position_lots / params.order_lots
    return params.skew_at_limit_half_spreads * half / limit_clips
