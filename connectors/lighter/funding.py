"""Find the unit of the funding rates that the stream tells, by holding them against REST.

The documentation gives no unit, and clients differ by a factor of a hundred. REST's rate is the
fraction of eight hours; the ratio of both says which unit the stream has, and units lie too far
apart to be mistaken for each other. Until enough markets agree the rate is unknown.
"""

from collections.abc import Mapping
from enum import Enum

LEAST = 3
"""Rates that have to agree."""
LEAST_RATE = 5e-4
"""Told to four places: anything smaller is mostly rounding."""
APART = 1.25
"""How far a ratio may be from a unit's, either way."""


class Unit(Enum):
    """What the stream's number is: `ratio` to REST's, `per_hour` its worth as fraction an hour."""

    PERCENT_PER_HOUR = (12.5, 1e-2)
    FRACTION_PER_HOUR = (0.125, 1.0)
    PERCENT_PER_8_HOURS = (100.0, 1e-2 / 8.0)
    FRACTION_PER_8_HOURS = (1.0, 1.0 / 8.0)

    def __init__(self, ratio: float, per_hour: float) -> None:
        self.ratio = ratio
        self.per_hour = per_hour


def unit_of_ratio(ratio: float) -> Unit | None:
    """Return the unit that a ratio of the stream's rate to REST's stands for, or None."""
    for unit in Unit:
        if unit.ratio / APART <= ratio <= unit.ratio * APART:
            return unit
    return None


class FundingUnit:
    """What has been compared so far. `unit` is None while it is not certain."""

    def __init__(self) -> None:
        self.unit: Unit | None = None
        self.why = "nothing has been compared"
        self._seen: list[Unit | None] = []

    def compare(self, streamed: Mapping[int, float], read: Mapping[int, float]) -> None:
        """Hold rates by market's id against each other; a contradiction ends all certainty."""
        for market_id, rate in streamed.items():
            other = read.get(market_id, 0.0)
            if abs(rate) >= LEAST_RATE and other != 0.0:
                self._seen.append(unit_of_ratio(rate / other))
        self._seen = self._seen[-8 * LEAST :]
        self._judge()

    def per_hour(self, rate: float) -> float | None:
        """Return a streamed rate as a fraction an hour, or None."""
        return None if self.unit is None else rate * self.unit.per_hour

    def _judge(self) -> None:
        units = set(self._seen)
        self.unit = None
        if len(units) > 1 or None in units:
            self.why = f"{len(self._seen)} rates of stream and REST do not agree on one unit"
        elif len(self._seen) < LEAST:
            self.why = f"{len(self._seen)} of {LEAST} rates have been compared"
        else:
            (self.unit,) = units
            self.why = ""
