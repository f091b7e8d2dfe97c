"""Give running markets other parameters, all of a change or none of it.

What a change of the configuration means is found as at a start: every market is made of the old and
of the new settings, and the numbers in which both differ are handed over. A number that is not to
be steered refuses the whole change.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from connectors.model.errors import ConfigError
from connectors.model.kernel import dump
from runner.engine.digest import bits
from runner.engine.station import Station
from runner.engine.steer import FIRST_WHOLE, STEERED
from runner.engine.supervisor import attempt
from runner.engine.twin import Twin
from runner.engine.worker import Market
from runner.settings import Settings
from runner.steer.difference import (
    RESTART,
    Difference,
    differences,
    require_known,
    require_steerable,
    with_value,
)
from runner.wiring.markets import market_of
from runner.wiring.steering import RISK_KEYS

USED_UP = ("limits.tokens",)
"""What a fresh market begins with, and a running one has used."""

Number = tuple[int, int, float]
"""A field's number, and its value as a whole and as a float."""


@dataclass(slots=True)
class Tuner:
    """The settings that a deploy goes by now, and the way to others."""

    settings: Settings
    stations: Mapping[str, Station]
    twins: Mapping[str, Twin]

    def set(self, markets: Sequence[str], key: str, text: str, now_ns: int) -> str:
        """Set one parameter of some markets; return what changed, or raise ConfigError."""
        require_known(key)
        wanted = self.settings
        whole = [key] if key in RISK_KEYS else [f"markets.{name}.{key}" for name in markets]
        for each in whole:
            wanted = with_value(wanted, each, text)
        found = self.become(wanted, now_ns)
        return "; ".join(map(str, found)) or f"{key} is {text} already"

    def become(self, wanted: Settings, now_ns: int) -> list[Difference]:
        """Go by other settings from now on; return what differs. Raises ConfigError, with nothing
        changed, where a part of it cannot be."""
        found = differences(self.settings, wanted)
        require_steerable(found)
        rows = {
            name: list(self._numbers(station.worker.market, wanted, now_ns))
            for name, station in self.stations.items()
            if any(concerns(difference.key, name) for difference in found)
        }
        for name, numbers in rows.items():
            if numbers:
                self._hand_over(name, numbers, now_ns)
        self.settings = wanted
        return found

    def _numbers(self, market: Market, wanted: Settings, now_ns: int) -> Iterator[Number]:
        """Yield the numbers in which a market differs between both settings."""
        number, price = market.desk.orders.market_number, market.sized_price
        old, new = (
            market_of(market.name, number, settings, price, now_ns, shell=True)
            for settings in (self.settings, wanted)
        )
        before, after = dict(_fields(old)), dict(_fields(new))
        for field, value in after.items():
            if bits_of(before[field]) == bits_of(value) or field in USED_UP:
                continue
            if field not in STEERED:
                raise ConfigError(f"{RESTART}: markets.{market.name}: it changes {field}")
            is_whole = STEERED[field] >= FIRST_WHOLE
            yield STEERED[field], int(value) if is_whole else 0, 0.0 if is_whole else float(value)

    def _hand_over(self, name: str, numbers: Sequence[Number], now_ns: int) -> None:
        station, twin = self.stations[name], self.twins.get(name)
        for number in numbers:
            station.steer(*number, now_ns)
        station.heartbeat(now_ns)
        if twin is None or twin.is_over:
            return
        for number in numbers:
            attempt(partial(twin.worker.steer, *number, now_ns), lambda error: None)


def concerns(key: str, market: str) -> bool:
    """Tell whether a whole key is about a market: one of its own, or one of all."""
    return key.startswith(f"markets.{market}.") or not key.startswith("markets.")


def bits_of(value: Any) -> object:
    """Return what tells two values apart to the last bit."""
    return bits(value) if isinstance(value, float) else value


def _fields(market: Market) -> Iterator[tuple[str, Any]]:
    """Yield every number of a market's parameters and limits, by its path."""
    yield from _leaves(dump(market.desk.params), "params")
    yield from _leaves(dump(market.limits), "limits")


def _leaves(values: Mapping[str, Any], path: str) -> Iterator[tuple[str, Any]]:
    for name, value in values.items():
        if isinstance(value, Mapping):
            yield from _leaves(value, f"{path}.{name}")
        else:
            yield f"{path}.{name}", value
