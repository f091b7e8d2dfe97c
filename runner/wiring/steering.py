"""Say which parameters a running deploy has in use and may be given, by their keys."""

from collections.abc import Sequence
from decimal import Decimal

from runner.report.exact import plain
from runner.settings import Settings
from runner.settings.fields import Block, Checked

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
"""What a running market may be given, in the order in which it is shown."""
RISK_KEYS = (
    "risk.max_order_frac",
    "risk.max_order_notional_quote",
    "risk.collar_bps",
    "risk.max_orders_per_s",
    "risk.max_fills_per_min",
    "risk.max_notional_per_day_quote",
    "risk.max_daily_loss_quote",
    "risk.max_drawdown_quote",
)
"""The same of limits that every market has."""


def parameters_of(settings: Settings, market: str) -> dict[str, str]:
    """Return a market's parameters and every market's limits as they would be typed."""
    found = {}
    for key in KEYS:
        value: object = settings.markets[market]
        for part in key.split("."):
            value = getattr(value, part, None)
        if value is not None:
            found[key] = typed(value)
    for key in RISK_KEYS:
        found[key] = typed(getattr(settings.risk, key.removeprefix("risk.")))
    return found


def steerable_of(settings: Settings) -> list[tuple[str, str]]:
    """Return each key that some market of the deploy may be given, with what it takes."""
    found: dict[str, str] = {}
    for market in settings.markets.values():
        for key in KEYS:
            expected = _expected(market, key.split("."))
            if expected is not None:
                found.setdefault(key, expected)
    return [*found.items(), *((k, _expected(settings, k.split(".")) or "") for k in RISK_KEYS)]


def _expected(block: object, path: Sequence[str]) -> str | None:
    """Return what a key takes, in words; None where the block has no such key."""
    for name in path[:-1]:
        block = getattr(block, name, None)
    field = type(block).model_fields.get(path[-1]) if isinstance(block, Block) else None
    if field is None:
        return None
    return next((m.expected() for m in field.metadata if isinstance(m, Checked)), "a value")


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
