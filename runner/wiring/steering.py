"""Say which parameters of a market a running deploy has in use, by their keys below the market."""

from decimal import Decimal

from runner.report.exact import plain
from runner.settings import Settings

KEYS = (
    "strategy.gamma",
    "strategy.kappa",
    "strategy.intensity_per_s",
    "strategy.unit_horizon_s",
    "strategy.unit_bps",
    "strategy.risk_horizon_s",
    "strategy.skew_at_limit_half_spreads",
    "strategy.adverse_bps",
    "strategy.adverse_frac_of_unit",
    "strategy.min_spread_bps",
    "strategy.max_spread_bps",
    "strategy.min_edge_bps",
    "strategy.levels",
    "strategy.level_step_bps",
    "strategy.level_size_factor",
    "strategy.size_skew",
    "strategy.tolerance_bps",
    "strategy.refresh_ms",
    "order_size_base",
    "order_size_quote",
    "max_position_base",
    "max_position_quote",
)
"""What can be told of a market that quotes, in the order in which it is shown."""


def parameters_of(settings: Settings, market: str) -> dict[str, str]:
    """Return a market's parameters as they would be typed; those that it has not are left out."""
    found = {}
    for key in KEYS:
        value: object = settings.markets[market]
        for part in key.split("."):
            value = getattr(value, part, None)
        if value is not None:
            found[key] = typed(value)
    return found


def limits_of(settings: Settings) -> dict[str, str]:
    """Return the limits over all markets that are on, by their keys in risk.account."""
    limits = settings.risk.account
    return {
        name: typed(value)
        for name in type(limits).model_fields
        if (value := getattr(limits, name)) is not None
    }


def typed(value: object) -> str:
    """Return a value as it would be typed."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return str(value).lower()
    return plain(value) if isinstance(value, Decimal) else str(value)
