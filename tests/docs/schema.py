"""Walk the settings' schema: every knob with its unit and its range in words."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from runner.settings import (
    Bybit,
    CarteaJaimungal,
    Exchange,
    Glft,
    Lighter,
    MarketData,
    Quoting,
    Settings,
    Sim,
    Solved,
    VenueSettings,
)
from runner.settings.cron import Cron
from runner.settings.fields import Accounts, Numbers, Place, Range, Rows, Text
from runner.settings.hedge import Joined
from runner.settings.moment import Explain, Moment
from runner.settings.report import HORIZONS_S, Horizon, Runs, Split
from runner.settings.schedule import Moments, Schedule
from runner.settings.schedule import Names as MarketNames
from runner.settings.search import Names
from runner.settings.web import HostNames
from runner.settings.week import Windows
from runner.settings.zone import Week, Zone

CHOSEN = {"venue": Sim, "strategy": Quoting}
"""Models of the blocks whose model depends on a name."""
STRATEGIES: dict[str, tuple[type[BaseModel], type[BaseModel]]] = {
    "glft": (Glft, Quoting),
    "cartea_jaimungal": (CarteaJaimungal, Solved),
}
"""Strategies with keys of their own: their model, and the one whose keys are told elsewhere."""
VENUES: dict[str, tuple[type[BaseModel], type[BaseModel]]] = {
    "lighter": (Lighter, VenueSettings),
    "bybit": (Bybit, VenueSettings),
    "binance": (MarketData, VenueSettings),
    "binance_usdm": (Exchange, MarketData),
}
"""The same of venues besides the simulated one."""
NAMED = ("markets", "funding.legs", "funding.pairs", "pairs")
"""Blocks of blocks by name."""
JOBS = ("metrics", "housekeeping")
ENTRIES = ("hours", "pauses", "rebalances", "flattens", "hedge_sweeps")
"""Parts of the schedule whose entries have names of their own."""
OF_REPORTS = {
    Horizon: ", ".join(f"`{seconds}`" for seconds in HORIZONS_S),
    Runs: "a list of paths",
    Split: "0.1 to 0.9, a moment in UTC, or `null`",
}
CURRENCIES = ("USD", "USDC", "USDT")

UNITS = (
    (r"tick_size|start_price", "quote per base"),
    (r"level_size_factor|max_ratio|volatility_ratio_max|leverage", "ratio"),
    (r"(jump|sweep|warn|reduce|emergency)_sigmas", "sigma"),
    (r"max_losing_trades", "round trips"),
    (r"max_open_orders|(calm|floor|min)_orders", "orders"),
    (r"min_minutes", "min"),
    (r"last", "runs"),
    (r"capital", "reporting currency"),
    (r".*_clips", "clips"),
    (r".*_fills_per_min", "fills/min"),
    (r".*_frac_of_unit", "share of U"),
    (r"size_skew|split|.*_frac", "share"),
    (r"errors", "standard errors"),
    (r".*_units", "U"),
    (r"microprice_ticks", "ticks"),
    (r"wider_ticks|loss_ticks", "ticks"),
    (r".*_us", "µs"),
    (r"tested_within_d", "days"),
    (r"most_per_hour", "1/h"),
    (r".*_bps_per_h", "bps/h"),
    (r"flip_periods", "periods"),
    (r"min_deviations", "deviations"),
    (r".*_h", "h"),
    (r".*_score", "deviations"),
    (r".*_adx", "ADX"),
    (r"min_fills|survivors|probe_fills|max_fills|max_per_200ms|full_after_fills", "count"),
    (r".*_half_spreads", "half spreads"),
    (r".*_bps_per_sqrt_s", "bps/√s"),
    (r".*_bps_per_s", "bps/s"),
    (r".*_per_5s", "1/5 s"),
    (r".*_per_s", "1/s"),
    (r".*_per_min", "1/min"),
    (r"messages_in_flight", "messages"),
    (r"subscriptions_per_connection", "channels"),
    (r".*_bps", "bps"),
    (r".*_ms", "ms"),
    (r".*_mb", "MB"),
    (r".*_s", "s"),
    (r".*_base", "base"),
    (r".*_quote", "quote"),
    (r".*_lots", "lots"),
)
"""Units by the names that carry them, the first that fits."""


@dataclass(frozen=True, slots=True)
class Knob:
    """One key that can be set: its path (a market's with NAME), unit and range in words."""

    path: str
    unit: str
    range: str


def knobs() -> Iterator[Knob]:
    """Yield every knob of a deploy. A name that is a group's choice is not one."""
    yield from _block(Settings, "")
    for name, (model, told) in (STRATEGIES | VENUES).items():
        for knob in _block(model, name):
            if knob.path.split(".")[1] not in told.model_fields:
                yield knob


def _block(model: type[BaseModel], path: str) -> Iterator[Knob]:
    for name, field in model.model_fields.items():
        here = f"{path}.{name}" if path else name
        if here == "schedule":
            yield from _schedule(here)
        elif here in NAMED:
            yield from _block(get_args(field.annotation)[1], f"{here}.NAME")
        elif name == "rates":
            rate = FieldInfo.from_annotation(get_args(field.annotation)[1])
            for currency in CURRENCIES:
                yield Knob(f"{here}.{currency}", "reporting currency", _range(rate))
        elif path.startswith("markets.") and name in (*CHOSEN, "gates", "reference", "hedge"):
            continue
        elif here == "paper.exchange":
            continue  # the keys of venue=sim once more
        elif here in CHOSEN:
            yield from _block(CHOSEN[here], here)
        elif isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            yield from _block(field.annotation, here)
        elif name != "name":
            yield Knob(here, _unit(name), _range(field))


def _schedule(path: str) -> Iterator[Knob]:
    """Yield the knobs of the jobs that there are, and of an entry of every other part."""
    for part, field in Schedule.model_fields.items():
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            yield from _block(field.annotation, f"{path}.{part}")
            continue
        entry = get_args(field.annotation)[1]
        if part == "jobs":
            for job in JOBS:
                yield from _block(entry, f"{path}.{part}.{job}")
            continue
        for name, of in entry.model_fields.items():
            yield Knob(f"{path}.{part}.NAME.{name}", _unit(name), _range_of_entry(of))


def _range_of_entry(field: FieldInfo) -> str:
    for told in field.metadata:
        match told:
            case Cron(null=False):
                return "a cron line"
            case MarketNames():
                return "`all`, or a list of markets"
            case Moments():
                return "a list of moments"
            case Zone():
                return "a time zone"
            case Week():
                return "windows of the week"
            case _:
                continue
    if "Mapping" in str(field.annotation):
        return "numbers by name, or `null`"
    return _range(field)


def _unit(name: str) -> str:
    return next((unit for pattern, unit in UNITS if re.fullmatch(pattern, name)), "")


def _range(field: FieldInfo) -> str:
    for told in field.metadata:
        match told:
            case Range(low=low, high=high, above=above, null=null):
                bounds = f"{'above ' if above else ''}{_number(low)} to {_number(high)}"
                return f"{bounds}{', or `null`' if null else ''}"
            case Numbers(count=count, low=low, high=high, null=null):
                bounds = f"{count} of {_number(low)} to {_number(high)}"
                return f"{bounds}{', or `null`' if null else ''}"
            case Rows(columns=columns, most=most):
                return f"at most {most} of {', '.join(name for name, _ in columns)}"
            case Windows():
                return "windows of the week"
            case Accounts():
                return "an id, `{venue: id}`, or `null`"
            case Explain():
                return "`config`, a moment in UTC, or `null`"
            case Horizon() | Runs() | Split():
                return OF_REPORTS[type(told)]
            case Cron():
                return "a cron line, or `null`"
            case Text(words=words, null=null):
                return f"{words}{', or `null`' if null else ''}"
            case Moment() | Names() | Place() | HostNames() | Joined():
                return _in_words(told)
            case _:
                continue
    return _alternatives(field.annotation)


def _in_words(told: Moment | Names | Place | HostNames | Joined) -> str:
    if isinstance(told, Joined):
        return "a list of markets, or `[]`"
    if isinstance(told, HostNames):
        return "a list of host names"
    if isinstance(told, Place):
        return "a path"
    or_null = ", or `null`" if told.null else ""
    if isinstance(told, Moment):
        return f"a moment in UTC{or_null}"
    return f"one or more of {', '.join(f'`{name}`' for name in told.known)}{or_null}"


def _number(value: float) -> str:
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:g}"


def _alternatives(annotation: Any) -> str:
    if annotation is bool:
        return "`true`, `false`"
    if get_origin(annotation) is Literal:
        return ", ".join(f"`{value}`" for value in get_args(annotation))
    return ", ".join(
        "`null`" if part is type(None) else _alternatives(part) for part in get_args(annotation)
    )


def fields_of(values: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, Any]]:
    """Yield path and value of every leaf of a composed configuration."""
    for key, value in values.items():
        here = f"{path}.{key}" if path else str(key)
        if isinstance(value, Mapping) and value:
            yield from fields_of(value, here)
        else:
            yield here, value
