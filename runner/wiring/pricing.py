"""Turn a strategy's settings into the numbers that its pricing kernels read."""

from connectors.model.errors import ConfigError
from runner.settings import CarteaJaimungal, Glft, Quoting, Solved
from strategies.desk import Params
from strategies.pricing.glft import AUTO, CLOSED, EXACT
from strategies.pricing.refresh import limit_clips
from strategies.pricing.terms import AT_LIMIT, CAPPED, LINEAR, PLAIN, SATURATED, VARIANCE
from strategies.pricing.value import MOST_CLIPS

FORMS = {"variance": VARIANCE, "linear": LINEAR}
SKEWS = {"saturated": SATURATED, "plain": PLAIN, "at_limit": AT_LIMIT, "capped": CAPPED}
METHODS = {"auto": AUTO, "closed": CLOSED, "exact": EXACT}


def set_pricing(p: Params, s: Quoting, start_ns: int) -> None:
    """Write what prices and widths depend on."""
    p.form = FORMS[s.form]
    p.gamma = s.gamma
    p.kappa = s.kappa
    p.intensity_per_s = s.intensity_per_s
    p.unit_horizon_s = s.unit_horizon_s
    p.unit_bps = s.unit_bps or 0.0
    endless = s.unit_horizon_s if s.skew == "plain" else 0.0
    p.risk_horizon_s = s.risk_horizon_s or endless
    p.session_ns = int((s.session_s or 0.0) * 1e9)
    p.session_start_ns = start_ns
    p.session_rolls = s.session_roll
    p.min_time_left_frac = s.min_time_left_frac
    p.skew = SKEWS[s.skew]
    p.skew_at_limit_half_spreads = s.skew_at_limit_half_spreads
    p.adverse_bps = s.adverse_bps or 0.0
    p.adverse_frac_of_unit = s.adverse_frac_of_unit if s.adverse_bps is None else 0.0
    if isinstance(s, Solved):
        _set_solved(p, s)


def _set_solved(p: Params, s: Solved) -> None:
    p.method = METHODS[s.method]
    p.value_refresh_ns = int(s.value_refresh_s * 1e9)
    p.value_tolerance_frac = s.value_tolerance_frac
    p.drift_bps_per_s = s.drift_bps_per_s
    p.impact_bps = s.impact_bps
    if isinstance(s, Glft):
        p.execution_gamma = s.gamma if s.execution_gamma is None else s.execution_gamma
    if isinstance(s, CarteaJaimungal):
        p.running_penalty_bps_per_s = s.running_penalty_bps_per_s or 0.0
        p.terminal_penalty_bps = s.terminal_penalty_bps


def check_limit(p: Params, name: str) -> None:
    """Raise ConfigError when an exact value function would not hold the position limit."""
    if p.method == EXACT and limit_clips(p) > MOST_CLIPS:
        raise ConfigError(
            f"markets.{name}.strategy.method: expected auto or closed with a position limit over"
            f" {MOST_CLIPS} orders, was exact with {limit_clips(p)}; raise the order size"
        )
