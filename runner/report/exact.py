"""Keep money exact: a step of a decimal grid, and integer counts of it.

Decimal rounds at its context's precision; integers never do. So sums are taken over integers, and a
decimal is made from the last integer only.
"""

from dataclasses import dataclass
from decimal import Context, Decimal, Inexact, InvalidOperation, localcontext
from functools import lru_cache

_EXACT = Context(prec=1_000, traps=[Inexact, InvalidOperation])


@dataclass(frozen=True, slots=True)
class Step:
    """The decimal ``units * 10**-scale``, written with the fewest digits."""

    units: int
    scale: int

    @classmethod
    @lru_cache
    def of(cls, value: Decimal) -> "Step":
        """Return the step equal to a decimal; raise ValueError when it is not finite."""
        sign, digits, exponent = value.as_tuple()
        if not isinstance(exponent, int):
            raise ValueError(f"expected a finite decimal, was {value}")
        units = int("".join(map(str, digits)))
        units = -units if sign else units
        if exponent > 0:
            return cls(units * 10**exponent, 0)
        return _fewest_digits(units, -exponent)

    def times(self, other: "Step") -> "Step":
        """Return the exact product of two steps."""
        return _fewest_digits(self.units * other.units, self.scale + other.scale)

    def amount(self, count: int) -> Decimal:
        """Return `count` steps as an exact decimal."""
        return Decimal(f"{self.units * count}E-{self.scale}")

    def text(self, count: int) -> str:
        """Return `count` steps as plain digits, always with this step's decimals."""
        value = self.units * count
        scale = self.scale
        if scale == 0:
            return str(value)
        digits = str(abs(value)).rjust(scale + 1, "0")
        sign = "-" if value < 0 else ""
        return f"{sign}{digits[:-scale]}.{digits[-scale:]}"

    def approximate(self, count: float) -> float:
        """Return `count` steps as a float, for plots and statistics."""
        return float(count * self.units / 10**self.scale)


HALF = Step(5, 1)
PER_BPS = Step(1, 4)


def _fewest_digits(units: int, scale: int) -> Step:
    if units == 0:
        return Step(0, 0)
    while scale > 0 and units % 10 == 0:
        units //= 10
        scale -= 1
    return Step(units, scale)


def exact_sum(*terms: Decimal) -> Decimal:
    """Return the sum without rounding, whatever the precision of the caller's context."""
    with localcontext(_EXACT):
        return sum(terms, Decimal(0))


def exact_product(a: Decimal, b: Decimal) -> Decimal:
    """Return the product without rounding, whatever the precision of the caller's context."""
    with localcontext(_EXACT):
        return a * b


def plain(value: Decimal) -> str:
    """Return a decimal as plain digits: no exponent, no trailing zeros, no minus zero."""
    text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text
