"""Let a venue say where a position is liquidated.

An ability that a venue may have beside those of `connectors.venue`: one that lends, and takes the
position away when what was put up for it no longer carries it.
"""

import math
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Protocol, runtime_checkable


@dataclass(frozen=True, slots=True)
class Liquidation:
    """Where a position of `lots` is liquidated, in half ticks; None where nobody has said.

    At `full_half_ticks` what keeps it from that is whole: where it was entered, as a rule. 0 or
    less is a price that no market reaches.
    """

    lots: int
    price_half_ticks: int | None
    full_half_ticks: int
    mark_half_ticks: int | None


MINUTE_NS = 60_000_000_000
"""How old the last word on a position may be."""


def half_ticks_of(text: str, tick_size: Decimal, *, is_long: bool) -> int | None:
    """Return a liquidation price as a venue writes it, None for one that says nothing.

    A price of 0 is one that no market falls to: so it is told of what is long. Of what is short it
    says nothing, as everything is above it.
    """
    try:
        price = Decimal(text)
    except InvalidOperation:
        return None
    if not price.is_finite() or (price <= 0 and not is_long):
        return None
    return round(max(price, Decimal(0)) / tick_size * 2)


def left_frac(told: Liquidation | None) -> float | None:
    """Return (mark - price) / (full - price), what is left of the way to liquidation.

    Infinite without a position; None where something of it is not known.
    """
    if told is None:
        return None
    if told.lots == 0:
        return math.inf
    price, mark = told.price_half_ticks, told.mark_half_ticks
    if price is None or mark is None or told.full_half_ticks == price:
        return None
    return (mark - price) / (told.full_half_ticks - price)


@runtime_checkable
class Margined(Protocol):
    """A venue that lends."""

    def lends(self, market: str) -> bool:
        """Tell whether a position of this market can be liquidated at all."""

    def liquidation(self, market: str) -> Liquidation | None:
        """Return what was last said, or reckoned, of a market's position.

        None: nothing is known of the position itself. What the venue has not said for a minute is
        told without its price.
        """
