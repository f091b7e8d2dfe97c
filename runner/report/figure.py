"""Hold one figure of a tear sheet: what it is, how sure it is, or why it cannot be had."""

import math
from dataclasses import dataclass
from typing import Literal

from runner.report.bootstrap import Band
from runner.report.figures import MINUS, NONE, amount, duration, share

Kind = Literal["ratio", "money", "bps", "frac", "seconds", "clips", "rate"]

DECIMALS = {"ratio": 2, "bps": 3, "clips": 2, "rate": 2}
LARGE = 100
"""From here on decimals say nothing."""
SIGNED = ("ratio", "bps")
FEWEST_FILLS = 30
"""Fewer fills make no ratio and no band: the next one could turn them over."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure. `why` says why there is no value; `band` is None where it cannot be had."""

    key: str
    label: str
    kind: Kind
    unit: str
    value: float | None
    band: Band | None = None
    why: str = ""

    def text(self, value: float | None, places: int) -> str:
        """Return a value of this figure for people; money has `places` decimals."""
        if value is None or not math.isfinite(value):
            return NONE
        if self.kind == "frac":
            return share(value) if value >= 0 else MINUS + share(-value)
        if self.kind == "seconds":
            return (MINUS if value < 0 else "") + duration(round(abs(value) * 1e9))
        if self.kind == "money":
            return amount(value, places, signed=self.key != "max_drawdown")
        decimals = 0 if abs(value) >= LARGE else DECIMALS[self.kind]
        return amount(value, decimals, signed=self.kind in SIGNED)

    def interval(self, places: int) -> str:
        """Return the band in words: ``-1.2 to +0.4``; nothing where there is none."""
        if self.band is None:
            return ""
        return f"{self.text(self.band.low, places)} to {self.text(self.band.high, places)}"


def too_few(fills: int) -> str:
    """Return why so few fills make no figure; nothing where there are enough."""
    return f"{fills:,} of {FEWEST_FILLS} fills needed" if fills < FEWEST_FILLS else ""
