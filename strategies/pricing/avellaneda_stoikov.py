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
from strategies.pricing.solved import Solved
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
    solved = quotes.solved
    horizon = horizon_units(params, now_ns)
    if not _holds(solved, params, signals, horizon):
        _solve(solved, params, signals, horizon)
    quotes.skew_bps = solved.skew_bps
    quotes.half_spread_bps = solved.half_spread_bps
    quotes.reservation_bps = -quotes.inventory_clips * solved.skew_bps


@kernel
def _holds(solved: Solved, params: Params, signals: Signals, horizon: float) -> bool:
    """Tell whether nothing has changed that the parts were made of."""
    return (
        signals.sigma_live_bps == solved.sigma_live_bps
        and signals.sigma_reference_bps == solved.sigma_reference_bps
        and horizon == solved.horizon
        and params.kappa == solved.kappa
        and params.intensity_per_s == solved.intensity_per_s
        and params.gamma == solved.gamma
        and params.unit_bps == solved.unit_bps
        and params.unit_horizon_s == solved.unit_horizon_s
        and params.max_ratio == solved.max_ratio
        and params.skew_at_limit_half_spreads == solved.skew_at_limit_half_spreads
        and params.max_position_lots == solved.max_position_lots
        and params.order_lots == solved.order_lots
        and params.skew == solved.skew
        and params.form == solved.form
    )


@kernel
def _solve(solved: Solved, params: Params, signals: Signals, horizon: float) -> None:
    """Write half spread and skew, and what they hold for."""
    unit = unit_bps(params, signals)
    half = liquidity_bps(params, unit, params.gamma)
    if params.skew == AT_LIMIT:
        skew = at_limit_skew_bps(params, half)
    else:
        skew = skew_bps(params, unit, risk_power(params, signals), horizon)
        half += 0.5 * skew
    solved.half_spread_bps = half
    solved.skew_bps = skew
    solved.sigma_live_bps = signals.sigma_live_bps
    solved.sigma_reference_bps = signals.sigma_reference_bps
    solved.horizon = horizon
    solved.gamma = params.gamma
    solved.kappa = params.kappa
    solved.intensity_per_s = params.intensity_per_s
    solved.unit_bps = params.unit_bps
    solved.unit_horizon_s = params.unit_horizon_s
    solved.max_ratio = params.max_ratio
    solved.skew_at_limit_half_spreads = params.skew_at_limit_half_spreads
    solved.max_position_lots = params.max_position_lots
    solved.order_lots = params.order_lots
    solved.skew = params.skew
    solved.form = params.form


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
