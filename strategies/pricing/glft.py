"""Price with Gueant, Lehalle and Fernandez-Tapia (2013), and with Cartea and Jaimungal (2015).

Both solve one linear system; a, e, x as in `terms`, k = kappa/U, g the execution risk aversion::

    half        = liquidity(g) + impact/2 + U/kappa * (fall_q - fall_{q-1}) / 2     [bps]
    reservation = -U/kappa * (fall_q + fall_{q-1}) / 2                              [bps]
    fall_q      = ln(v_q / v_{q+1}),  v(x) = exp(-M x) v(0),  ln v_q(0) = -penalty_q q^2
    M           = tridiagonal: a q^2 - pull q, beside it -e exp(-k impact/2)              |q| <= Q
    pull        = k drift h,  penalty_q = k (alpha_T + impact/2)

The closed form is the Gaussian solution of the same system without a limit (`terms`): reservation =
-(q - q*) skew, half = liquidity + impact/2 + skew/2, with q* = pull/(2 a) the inventory that the
drift pays for. Without end it is the published one (2013, section 4), whose factor exp(k impact/4)
comes from e.

g = gamma is GLFT's (Gueant 2017, model A); g = 0 ignores the risk of the execution itself (model
B), which is Cartea and Jaimungal's: liquidity = 1/k, e = A h/exp(1), a = k phi h. A general order
size Delta (Gueant 2017, equations 4.6 and 4.7) needs nothing: inventory counts in clips, so gamma
is per clip already.
"""

import math

from connectors.model.kernel import kernel
from strategies.desk import Params, Quotes, Signals
from strategies.pricing.refresh import limit_clips, refresh
from strategies.pricing.terms import (
    AT_LIMIT,
    arrivals,
    at_limit_skew_bps,
    horizon_units,
    liquidity_bps,
    risk,
    risk_power,
    saturated_skew_bps,
)
from strategies.pricing.value import MOST_CLIPS, ValueFunction, fall_at
from strategies.units import unit_bps

AUTO = 0
CLOSED = 1
EXACT = 2
"""Methods. AUTO is exact while the position limit is at most MOST_CLIPS; EXACT requires it."""


@kernel
def price(
    params: Params, signals: Signals, value: ValueFunction, quotes: Quotes, now_ns: int
) -> None:
    """Write reservation offset, half spread and skew [bps] for `quotes.inventory_clips`."""
    unit = unit_bps(params, signals)
    base_half = liquidity_bps(params, unit, params.execution_gamma) + 0.5 * params.impact_bps
    if params.skew == AT_LIMIT:
        skew = at_limit_skew_bps(params, base_half)
        quotes.skew_bps = skew
        quotes.half_spread_bps = base_half
        quotes.reservation_bps = -quotes.inventory_clips * skew
        return
    scale = unit / params.kappa
    a = holding_risk(params, signals, scale)
    e = arrivals(params, params.execution_gamma) * math.exp(-0.5 * params.impact_bps / scale)
    pull = params.drift_bps_per_s * params.unit_horizon_s / scale
    horizon = horizon_units(params, now_ns)
    quotes.half_spread_bps = base_half
    if is_exact(params):
        penalty = (params.terminal_penalty_bps + 0.5 * params.impact_bps) / scale
        refresh(params, value, a, e, pull, penalty, horizon, now_ns)
    if is_exact(params) and value.ready:
        from_value(value, quotes, scale)
    else:
        from_closed_form(quotes, saturated_skew_bps(scale, a, e, horizon), 0.5 * pull / a)


@kernel
def holding_risk(params: Params, signals: Signals, scale_bps: float) -> float:
    """Return a: from the penalty phi of a squared clip held a second, or from gamma."""
    if params.running_penalty_bps_per_s > 0.0:
        return params.running_penalty_bps_per_s * params.unit_horizon_s / scale_bps
    return risk(params, risk_power(params, signals))


@kernel
def is_exact(params: Params) -> bool:
    """Tell whether the value function is solved for, or its closed form taken."""
    return params.method != CLOSED and limit_clips(params) <= MOST_CLIPS


@kernel
def from_value(value: ValueFunction, quotes: Quotes, scale_bps: float) -> None:
    """Write the quotes of a solved value function; `quotes.half_spread_bps` is so far the base."""
    buy = scale_bps * fall_at(value, quotes.inventory_clips)
    sell = scale_bps * fall_at(value, quotes.inventory_clips - 1.0)
    quotes.skew_bps = buy - sell
    quotes.half_spread_bps += 0.5 * (buy - sell)
    quotes.reservation_bps = -0.5 * (buy + sell)


@kernel
def from_closed_form(quotes: Quotes, skew: float, wanted_clips: float) -> None:
    """Write the quotes of the closed form; `quotes.half_spread_bps` is so far the base."""
    quotes.skew_bps = skew
    quotes.half_spread_bps += 0.5 * skew
    quotes.reservation_bps = -(quotes.inventory_clips - wanted_clips) * skew
