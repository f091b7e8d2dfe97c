"""Put a market's prices and sizes on its ticks and lots, or refuse them.

Lighter's steps are powers of ten, so a decimal text times ten to the market's decimals is a whole
number. Read as a float that product is off by a few units in its last place and never by more: what
is further away does not lie on the grid.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from connectors.socket import Malformed

MOST_TICKS = (1 << 31) - 1
"""A row cannot carry more. What is offered beyond is out of every market's reach."""
MOST_LOTS = (1 << 48) - 1
"""The venue's own limit of a size."""
PAST_TICKS = MOST_TICKS + 0.5
PAST_LOTS = MOST_LOTS + 0.5
SLACK = 2.0**-51
"""Twice what reading a decimal and one multiplication can be off by, relative."""


class Level(Protocol):
    """A price and a size, as floats."""

    price: float
    size: float


@dataclass(frozen=True, slots=True)
class Grid:
    """A market's decimals: `tick_scale` ticks make one unit of price, `lot_scale` lots one base."""

    tick_scale: float
    lot_scale: float

    @classmethod
    def of(cls, price_decimals: int, size_decimals: int) -> "Grid":
        """Return the grid of a market; raise ValueError for decimals that no market has."""
        if not (0 <= price_decimals <= 12 and 0 <= size_decimals <= 12):
            raise ValueError(
                f"expected 0 to 12 decimals, was {price_decimals} of price and {size_decimals} of"
                " size"
            )
        return cls(10.0**price_decimals, 10.0**size_decimals)

    def ticks(self, price: float) -> int:
        """Return the ticks of a price, at least 1, or raise Malformed."""
        return _whole(price * self.tick_scale, 0.5, PAST_TICKS, price, "price")

    def lots(self, size: float) -> int:
        """Return the lots of a size, at least 0, or raise Malformed."""
        return _whole(size * self.lot_scale, 0.0, PAST_LOTS, size, "size")

    def levels(self, levels: Iterable[Level]) -> tuple[list[int], list[int]]:
        """Return ticks and lots of levels, or raise Malformed."""
        tick_scale, lot_scale = self.tick_scale, self.lot_scale
        ticks: list[int] = []
        lots: list[int] = []
        for level in levels:
            price = level.price * tick_scale
            size = level.size * lot_scale
            if not (0.5 <= price < PAST_TICKS and 0.0 <= size < PAST_LOTS):
                if PAST_TICKS <= price < math.inf:
                    continue
                raise Malformed(f"no price or no size: {level.price:g} and {level.size:g}")
            tick, lot = int(price + 0.5), int(size + 0.5)
            if abs(price - tick) > tick * SLACK or abs(size - lot) > lot * SLACK:
                raise Malformed(f"off the grid: {level.price!r} and {level.size!r}")
            ticks.append(tick)
            lots.append(lot)
        return ticks, lots


def _whole(scaled: float, least: float, past: float, value: float, what: str) -> int:
    if not least <= scaled < past:
        raise Malformed(f"no {what}: {value!r}")
    whole = int(scaled + 0.5)
    if abs(scaled - whole) > whole * SLACK:
        raise Malformed(f"a {what} off the grid: {value!r}")
    return whole
