"""Say a fitted number with its error, or why there is none; measure errors by resampling blocks.

Market events come in bursts, so errors that take them one by one are far too small. Whole stretches
of time are drawn with replacement instead (the block bootstrap, Kuensch 1989). A statistic that
depends on sums alone is then computed from the sums of the drawn blocks, all draws at once.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

BLOCK_NS = 20_000_000_000
DRAWS = 400
SEED = 20_081
LEAST_BLOCKS = 8
"""Fewer stretches than this say nothing about how much a figure varies."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure, its standard error (NaN: unknown) and how many events it rests on."""

    value: float
    error: float
    events: int

    @property
    def is_clear(self) -> bool:
        """Tell whether it is further than two errors from zero."""
        return abs(self.value) > 2.0 * self.error

    def times(self, factor: float) -> Estimate:
        """Return the estimate in another unit."""
        return Estimate(self.value * factor, self.error * abs(factor), self.events)


@dataclass(frozen=True, slots=True)
class Refused:
    """No figure, and why."""

    why: str


Fit = Estimate | Refused


@dataclass(frozen=True, slots=True)
class Blocks:
    """A stretch of time cut into blocks of equal length, and the draws from them."""

    start_ns: int
    count: int
    weights: Floats
    """How often each block is in each draw, shape (draws, blocks)."""

    @classmethod
    def over(cls, start_ns: int, end_ns: int) -> Blocks:
        """Cut [start, end) into blocks of 20 s; the last takes what is left over."""

        count = max(1, (end_ns - start_ns) // BLOCK_NS)
        rng = np.random.default_rng(SEED)
        weights = rng.multinomial(count, np.full(count, 1.0 / count), size=DRAWS)
        return cls(start_ns, int(count), weights.astype(np.float64))

    def sums(self, ns: NDArray[np.int64], *columns: Floats) -> Floats:
        """Return each column's sum in each block, shape (blocks, columns)."""

        block = np.clip((ns - self.start_ns) // BLOCK_NS, 0, self.count - 1)
        return np.stack(
            [np.bincount(block, weights=column, minlength=self.count) for column in columns], axis=1
        )

    def estimate(self, sums: Floats, statistic: Callable[[Floats], Floats], events: int) -> Fit:
        """Return a statistic of the summed columns with its error, or why it has none.

        `statistic` takes sums of shape (columns, n) and returns n figures; NaN where it has none.
        """

        value = float(statistic(sums.sum(axis=0)[:, None])[0])
        if not math.isfinite(value):
            return Refused(f"{events} events do not determine it")
        if self.count < LEAST_BLOCKS:
            return Refused(
                f"the tape is too short to tell its error: {self.count} stretches of"
                f" {BLOCK_NS // 10**9} s, expected {LEAST_BLOCKS}"
            )
        drawn = statistic((self.weights @ sums).T)
        found = drawn[np.isfinite(drawn)]
        if len(found) < 0.9 * DRAWS:
            return Refused(f"{events} events determine it in some stretches only")
        return Estimate(value, float(found.std()), events)


def ratio(sums: Floats) -> Floats:
    """Return the first sum over the second: a mean, or a rate."""
    with np.errstate(divide="ignore", invalid="ignore"):
        quotient: Floats = np.where(sums[1] > 0, sums[0] / sums[1], np.nan)
    return quotient


def shrunk(found: Estimate, prior: float, prior_sd_log: float) -> Estimate:
    """Return a positive figure drawn towards its prior, weighted by errors of the logarithms."""
    sd_log = found.error / found.value
    weight = prior_sd_log * prior_sd_log / (prior_sd_log * prior_sd_log + sd_log * sd_log)
    value = math.exp(weight * math.log(found.value) + (1.0 - weight) * math.log(prior))
    return Estimate(value, value * math.sqrt(weight) * sd_log, found.events)
