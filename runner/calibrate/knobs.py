"""Turn fits into values that a market may use: drawn towards its own, halved, or refused."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from runner.calibrate.estimate import Estimate, Fit, Refused, shrunk

if TYPE_CHECKING:
    from collections.abc import Mapping

    from runner.calibrate.hawkes import Excitation
    from runner.calibrate.microprice import Table
    from runner.settings import Market

PRIOR_SD_LOG = 0.7
"""How far off the configured value may be taken to be: a factor of two, one way or the other."""
BETA_FRAC = 0.5
"""How much of a slope is used: half of what mid moved in the past (markets differ by the hour)."""
MOST_ERROR_FRAC = 0.5
"""Hawkes parameters less certain than this describe one mood of the market."""

Value = float | tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Knob:
    """One value of a market: what it is now, what the tape says, and what is proposed.

    `path` is below ``markets.NAME``; `now` is None where nothing is set, `found` where the figure
    is not one number. `value` is Refused where the tape does not carry one.
    """

    path: str
    now: float | None
    found: Fit | None
    value: Value | Refused
    grounds: str


def strategy_knobs(market: Market, fits: Mapping[str, tuple[float, Fit]]) -> list[Knob]:
    """Return positive values of the strategy by key: present value and fit."""
    return [
        _knob(market, f"strategy.{key}", now, fit, _positive(now, fit))
        for key, (now, fit) in fits.items()
    ]


def reference_knobs(market: Market, imbalance_bps: Fit, flow_bps: Fit, table: Table) -> list[Knob]:
    """Return what signals add to the fair value, and the micro-price's table."""
    reference = market.reference
    found = [("flow_bps", reference.flow_bps, flow_bps)]
    if reference.price == "mid":
        found.insert(0, ("imbalance_bps", reference.imbalance_bps, imbalance_bps))
    knobs = [_knob(market, f"reference.{key}", now, fit, _part(fit)) for key, now, fit in found]
    value: Value | Refused = (
        Refused(table.refused)
        if table.refused
        else tuple(float(f"{ticks:.4g}") for ticks in table.ticks)
    )
    path = "reference.microprice_ticks"
    grounds = f"from {table.moves:,} moves of mid"
    return [*knobs, Knob(path, None, None, _allowed(market, {path: value}, value), grounds)]


def toxicity_knobs(market: Market, found: Excitation | Refused) -> list[Knob]:
    """Return how market orders excite each other, for the gate that watches it: all or none."""
    toxicity = market.gates.toxicity
    keys = ("baseline_per_s", "self_per_s", "cross_per_s", "decay_per_s")
    values = dict.fromkeys(keys, found) if isinstance(found, Refused) else _sides_as_one(found)
    proposed = {f"gates.toxicity.{key}": value for key, value in values.items()}
    grounds = "" if isinstance(found, Refused) else f"from {found.orders:,} orders"
    return [
        Knob(path, getattr(toxicity, path.rpartition(".")[2]), None, value, grounds)
        for path, value in (
            (path, _allowed(market, proposed, value)) for path, value in proposed.items()
        )
    ]


def _sides_as_one(found: Excitation) -> dict[str, float | Refused]:
    """Return the mean of both sides: the gate knows one of each."""
    worst = max(found.relative_errors)
    if worst > MOST_ERROR_FRAC:
        why = f"a parameter's error is {worst:.0%} of it, expected {MOST_ERROR_FRAC:.0%} at most"
        return dict.fromkeys(
            ("baseline_per_s", "self_per_s", "cross_per_s", "decay_per_s"), Refused(why)
        )
    uu, ud, du, dd = found.alpha
    means = {
        "baseline_per_s": sum(found.mu) / 2,
        "self_per_s": (uu + dd) / 2,
        "cross_per_s": (ud + du) / 2,
        "decay_per_s": sum(found.beta) / 2,
    }
    return {key: float(f"{value:.3g}") for key, value in means.items()}


def _knob(market: Market, path: str, now: float, found: Fit, value: float | Refused) -> Knob:
    grounds = ""
    if isinstance(found, Estimate):
        grounds = f"{found.value:.3g} \u00b1 {found.error:.2g} from {found.events:,} events"
    return Knob(path, now, found, _allowed(market, {path: value}, value), grounds)


def _positive(now: float, found: Fit) -> float | Refused:
    """Return a positive value, drawn towards the present one by its error."""
    if isinstance(found, Refused):
        return found
    if not found.value > 0.0:
        return Refused(f"{found.value:.3g} is not positive")
    if found.error > found.value:
        return Refused(f"its error, {found.error:.2g}, is more than its value, {found.value:.2g}")
    value = shrunk(found, now, PRIOR_SD_LOG).value if now > 0 else found.value
    return float(f"{value:.3g}")


def _part(found: Fit) -> float | Refused:
    """Return the part of a slope that is used."""
    return found if isinstance(found, Refused) else float(f"{BETA_FRAC * found.value:.3g}")


def _allowed(
    market: Market, proposed: Mapping[str, Value | Refused], value: Value | Refused
) -> Value | Refused:
    """Return the value, or why its block's schema does not take what is proposed together."""
    if isinstance(value, Refused):
        return value
    *blocks, _ = next(iter(proposed)).split(".")
    block: Any = market
    for name in blocks:
        block = getattr(block, name)
    tried = block.model_dump() | {path.rpartition(".")[2]: new for path, new in proposed.items()}
    try:
        type(block).model_validate(tried)
    except ValidationError as error:
        return Refused(f"it is not allowed: {error.errors()[0]['msg']}")
    return value
