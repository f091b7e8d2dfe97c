"""Size two legs by what both sides bear: the depth of each book, and the margin at each venue."""

import math
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Room:
    """What one leg bears: the size its book has within the price limit, and what margin is free."""

    depth_base: float
    price: float
    free_margin_quote: float
    leverage: float


@dataclass(frozen=True, slots=True)
class Shares:
    """How much of it may be used: of the depth, and of the free margin."""

    depth_frac: float
    margin_frac: float


def size_base(wanted_base: float, first: Room, second: Room, shares: Shares) -> float:
    """Return the size both legs bear, at most what is wanted; zero where one bears nothing.

    Raises ValueError for what is no size: unknown room is not guessed to be there.
    """
    rooms = (_room_base(first, shares), _room_base(second, shares))
    if not all(math.isfinite(room) for room in (wanted_base, *rooms)):
        raise ValueError(f"expected known sizes, was {wanted_base}, {rooms[0]} and {rooms[1]}")
    return max(min(wanted_base, *rooms), 0.0)


def _room_base(room: Room, shares: Shares) -> float:
    by_depth = room.depth_base * shares.depth_frac
    if room.price <= 0.0:
        return math.nan
    return min(by_depth, room.free_margin_quote * shares.margin_frac * room.leverage / room.price)


def common_step(first: Decimal, second: Decimal) -> Decimal:
    """Return the least size that is a whole number of lots of both legs."""
    one, other = Fraction(first), Fraction(second)
    numerator = math.lcm(one.numerator * other.denominator, other.numerator * one.denominator)
    found = Fraction(numerator, one.denominator * other.denominator)
    return Decimal(found.numerator) / Decimal(found.denominator)


def margin_buffer_frac(mark: float, entry: float, liquidation: float) -> float:
    """Return what is left of the way from entry to liquidation: 1 at entry, 0 at liquidation.

    The same share as (equity - maintenance) / (initial - maintenance) of an isolated position.
    """
    return (mark - liquidation) / (entry - liquidation)
