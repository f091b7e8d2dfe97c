"""Price with Avellaneda and Stoikov (2008), section 3.3, in units of U.

With gamma_p = gamma/U, k = kappa/U, x = tau/h and rho = sigma_live/sigma_ref::

    half = U/gamma * ln(1 + gamma/kappa) + skew/2          [bps]
    shift = -q * skew                                      [bps, q in clips]
    plain skew      = U * gamma * rho^p * x                p = 2 variance form, p = 1 linear form
    capped skew     = the same with x at most 1 / (2 sqrt(a e))
    saturated skew  = U/kappa * sqrt(a/e) * tanh(2 x sqrt(a e)), a and e as in `terms`

The paper's spread is the total, half of it each side. Its skew grows without bound in tau and
overshoots the optimum by x/tanh(x) in units of the horizon where it saturates; the capped and the
saturated one do not, and the saturated is the default. `at_limit` sets the skew in terms a trader
uses: so many half spreads of shift when the position is at its limit.

The paper's form is `variance`. `linear` scales its skew with rho instead of rho^2, as a widely used
variant does; there the other term keeps its unit of price only because U carries it.
"""

from connectors.model.kernel import kernel
from strategies.desk import Params, Quotes, Signals
from strategies.pricing.terms import (
    AT_LIMIT,
    CAPPED,
    PLAIN,
    arrivals,
    at_limit_skew_bps,
    horizon_units,
    liquidity_bps,
    risk,
    risk_power,
    saturated_skew_bps,
    saturation,
)
from strategies.units import unit_bps


@kernel
def price(params: Params, signals: Signals, quotes: Quotes, now_ns: int) -> None:
    """Write reservation offset, half spread and skew [bps] for `quotes.inventory_clips`."""
    unit = unit_bps(params, signals)
    base_half = liquidity_bps(params, unit, params.gamma)
    if params.skew == AT_LIMIT:
        skew = at_limit_skew_bps(params, base_half)
        half = base_half
    else:
        power = risk_power(params, signals)
        skew = skew_bps(params, unit, power, horizon_units(params, now_ns))
        half = base_half + 0.5 * skew
    quotes.skew_bps = skew
    quotes.half_spread_bps = half
    quotes.reservation_bps = -quotes.inventory_clips * skew


@kernel
def skew_bps(params: Params, unit: float, power: float, horizon: float) -> float:
    """Return the shift of both quotes for a clip [bps], for a risk `power` and a horizon in h."""
    if params.skew == PLAIN:
        return unit * params.gamma * power * horizon
    a = risk(params, power)
    e = arrivals(params, params.gamma)
    if params.skew == CAPPED:
        return unit * params.gamma * power * min(horizon, saturation(a, e))
    return saturated_skew_bps(unit / params.kappa, a, e, horizon)
