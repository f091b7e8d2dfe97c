"""Put a market's prices and sizes on its ticks and lots, or refuse them.

Lighter's steps are powers of ten. A decimal text read as a float is the float nearest to it, and so
is a whole number divided by a power of ten: a value lies on the grid exactly where both are equal.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Protocol

from connectors.socket import Malformed

MOST_TICKS = (1 << 31) - 1
"""A row cannot carry more. What is offered beyond is out of every market's reach."""
MOST_LOTS = (1 << 48) - 1
"""The venue's own limit of a size."""


class Level(Protocol):
    """A price and a size, as floats."""

    price: float
    size: float


@dataclass(frozen=True, slots=True)
class Grid:
    """A market's decimals: `tick_scale` ticks make one unit of price, `lot_scale` lots one base."""

    tick_scale: float
    lot_scale: float
    past_price: float = field(init=False)
    """Prices and sizes end below these."""
    past_size: float = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "past_price", (MOST_TICKS + 0.5) / self.tick_scale)
        object.__setattr__(self, "past_size", (MOST_LOTS + 0.5) / self.lot_scale)

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
        if not 0.0 < price < self.past_price:
            raise Malformed(f"no price: {price!r}")
        ticks = int(price * self.tick_scale + 0.5)
        if ticks / self.tick_scale != price:
            raise Malformed(f"a price off the grid: {price!r}")
        return ticks

    def lots(self, size: float) -> int:
        """Return the lots of a size, at least 0, or raise Malformed."""
        if not 0.0 <= size < self.past_size:
            raise Malformed(f"no size: {size!r}")
        lots = int(size * self.lot_scale + 0.5)
        if lots / self.lot_scale != size:
            raise Malformed(f"a size off the grid: {size!r}")
        return lots

    def levels(self, levels: Iterable[Level]) -> tuple[list[int], list[int]]:
        """Return ticks and lots of levels, or raise Malformed: `ticks` and `lots` in one loop."""
        tick_scale, lot_scale = self.tick_scale, self.lot_scale
        past_price, past_size = self.past_price, self.past_size
        ticks: list[int] = []
        lots: list[int] = []
        for level in levels:
            price, size = level.price, level.size
            if not (0.0 < price < past_price and 0.0 <= size < past_size):
                if past_price <= price < math.inf:
                    continue
                raise Malformed(f"no price or no size: {price!r} and {size!r}")
            tick, lot = int(price * tick_scale + 0.5), int(size * lot_scale + 0.5)
            if tick / tick_scale != price or lot / lot_scale != size:
                raise Malformed(f"off the grid: {price!r} and {size!r}")
            ticks.append(tick)
            lots.append(lot)
        return ticks, lots
