"""Find the settings model that belongs to a name, ours or one that an installed package brings.

A package brings a strategy with an entry point of the group ``mmrunner.strategies`` (a venue:
``mmrunner.venues``). What it loads has an attribute ``Settings``, a class derived from
`StrategySettings` (`VenueSettings`). Its YAML is in a folder ``conf`` of the same package, arranged
as ours: ``conf/strategy/NAME.yaml``. Hydra wants an ``__init__.py`` in ``conf``.
"""

from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import BaseModel
from pydantic_core import PydanticCustomError, core_schema

from connectors.model.errors import ConfigError
from runner.settings.bybit import Bybit
from runner.settings.exchange import TRADED, Exchange
from runner.settings.fields import Block
from runner.settings.lighter import Lighter
from runner.settings.market_data import EXCHANGES, MarketData
from runner.settings.solved import CarteaJaimungal, Glft
from runner.settings.strategy import Quoting, StrategySettings
from runner.settings.unoffered import UNOFFERED, Unoffered
from runner.settings.venue import Sim, VenueSettings

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from importlib.metadata import EntryPoint

B = TypeVar("B", bound=Block)

ENTRY_POINTS = {"strategy": "mmrunner.strategies", "venue": "mmrunner.venues"}
"""Entry point groups, by the config group that they bring choices for."""

STRATEGIES: "Mapping[str, type[Quoting]]" = {
    "avellaneda_stoikov": Quoting,
    "cartea_jaimungal": CarteaJaimungal,
    "glft": Glft,
    "hybrid": Quoting,
    "linear": Quoting,
}
"""Strategies that are built in, and the model of their settings."""

VENUES: "Mapping[str, type[VenueSettings]]" = {
    "sim": Sim,
    "bybit": Bybit,
    "bybit_testnet": Bybit,
    "bybit_demo": Bybit,
    **dict.fromkeys(EXCHANGES, MarketData),
    **dict.fromkeys(TRADED, Exchange),
    **dict.fromkeys(UNOFFERED, Unoffered),
    "lighter": Lighter,
    "lighter_testnet": Lighter,
    "lighter_robinhood": Lighter,
    "lighter_robinhood_testnet": Lighter,
}
"""Venues that are built in, a name for each network, and the model of their settings."""


def strategy_model(name: str) -> type[StrategySettings]:
    """Return the settings model of a strategy; raise ConfigError when nobody brings it."""
    ours = STRATEGIES.get(name)
    return ours if ours is not None else _brought("strategy", name, StrategySettings)


def venue_model(name: str) -> type[VenueSettings]:
    """Return the settings model of a venue; raise ConfigError when nobody brings it."""
    ours = VENUES.get(name)
    return ours if ours is not None else _brought("venue", name, VenueSettings)


def entry_point(group: str, name: str) -> "EntryPoint | None":
    """Return the entry point that brings a choice of a group. Slow: not for what is built in."""
    from importlib.metadata import entry_points

    return next(iter(entry_points(group=ENTRY_POINTS[group], name=name)), None)


def _brought(group: str, name: str, kind: type[B]) -> type[B]:
    found = entry_point(group, name)
    if found is None:
        raise ConfigError(f"{group}.name: expected a name of a known {group}, was '{name}'")
    model = getattr(found.load(), "Settings", None)
    if not (isinstance(model, type) and issubclass(model, kind)):
        raise ConfigError(
            f"{group}.name: expected {found.value} to have a class Settings derived from"
            f" {kind.__name__}, was {model!r}"
        )
    return model


class Named:
    """Annotate a block whose model depends on the name that it carries."""

    def __init__(self, find: "Callable[[str], type[BaseModel]]") -> None:
        self._find = find

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> core_schema.CoreSchema:
        return core_schema.no_info_plain_validator_function(self._validate)

    def _validate(self, value: object) -> BaseModel:
        name = value.get("name") if isinstance(value, dict) else getattr(value, "name", None)
        if not isinstance(name, str):
            expected = {"expected": "a block of keys with a name"}
            raise PydanticCustomError("expected", "{expected}", expected)
        model = self._find(name)
        return value if isinstance(value, model) else model.model_validate(value)
