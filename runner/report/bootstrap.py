"""Say how sure a figure of a run is, by drawing the run's own stretches again and again.

The circular block bootstrap: Politis and Romano, "A circular block-resampling procedure for
stationary data", in Exploring the Limits of Bootstrap, 1992. Steps are laid in a circle, and each
draw joins blocks of consecutive steps that begin at random ones, as many steps as the run has. The
draws depend on their counts alone: two runs of equal steps are drawn alike, and so in pairs.
"""

import math
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from statistics import fmean

DRAWS = 500
SEED = 1
TOGETHER_S = 10.0
"""Fills come in sweeps of about so long: no block is shorter."""
TAIL = 0.025
SAME = 1e-9
"""Draws that differ by less than this share are equal."""
NORMAL_95 = 1.959963984540054


@dataclass(frozen=True, slots=True)
class Band:
    """A figure's standard error and the interval that holds 95 % of its draws."""

    error: float
    low: float
    high: float
    draws: Sequence[float] = field(default=(), repr=False)

    @classmethod
    def of(cls, draws: Sequence[float]) -> "Band | None":
        """Return the band of draws, None where one is not a number or all are equal."""
        if not draws or not all(map(math.isfinite, draws)):
            return None
        mean = fmean(draws)
        error = math.sqrt(math.fsum((d - mean) ** 2 for d in draws) / max(len(draws) - 1, 1))
        ordered = sorted(draws)
        if ordered[0] == ordered[-1]:
            return None
        cut = int(TAIL * len(ordered))
        return cls(error, ordered[cut], ordered[-1 - cut], tuple(draws))

    @classmethod
    def normal(cls, value: float, error: float) -> "Band":
        """Return the band of a figure whose standard error is known otherwise."""
        return cls(error, value - NORMAL_95 * error, value + NORMAL_95 * error)

    def moved(self, by: float) -> "Band":
        """Return the band of the figure with a sure amount added."""
        return Band(self.error, self.low + by, self.high + by, tuple(d + by for d in self.draws))

    def holds(self, value: float) -> bool:
        """Tell whether a value lies in the interval."""
        return self.low <= value <= self.high


def difference(one: Band, other: Band, value: float, *, paired: bool) -> Band:
    """Return the band of `other - one`, which is `value`: by pairs of draws, or as independent.

    What is the same in every draw but for a float's last digits is the same, with no error at all.
    """
    if not paired or not one.draws or len(one.draws) != len(other.draws):
        return Band.normal(value, math.hypot(one.error, other.error))
    apart = [b - a for a, b in zip(one.draws, other.draws, strict=True)]
    least = SAME * max(map(abs, (one.low, one.high, other.low, other.high)))
    if max(map(abs, apart)) <= least:
        return Band(0.0, 0.0, 0.0)
    return Band.of(apart) or Band(0.0, value, value)


def block_of(steps: int, step_s: float) -> int:
    """Return the steps of a block: the cube root of all of them, and no less than ten seconds."""
    least = math.ceil(TOGETHER_S / step_s) if step_s > 0 else 1
    return max(1, min(max(round(math.cbrt(steps)), least), steps // 4))


class Resampler:
    """Draws of one number of steps, in blocks of one length."""

    def __init__(self, steps: int, block: int, draws: int = DRAWS, seed: int = SEED) -> None:
        """Draw where the blocks begin."""
        self.steps, self.block = steps, block
        whole_blocks, self._rest = divmod(steps, block)
        chance = random.Random(seed)
        everywhere = range(steps)
        self._starts = [chance.choices(everywhere, k=whole_blocks) for _ in range(draws)]
        self._ends = [chance.randrange(steps) for _ in range(draws)]

    def sums(self, column: Sequence[float]) -> list[float]:
        """Return each draw's sum of a column with a value a step."""
        blocks, ends = self._block_sums(column, self.block), self._block_sums(column, self._rest)
        return [
            sum(map(blocks.__getitem__, starts)) + ends[end]
            for starts, end in zip(self._starts, self._ends, strict=True)
        ]

    def falls(self, column: Sequence[float]) -> list[float]:
        """Return each draw's largest fall of the running sum of a column from its peak."""
        blocks = [_shape(self._from(column, k, self.block)) for k in range(self.steps)]
        ends = [_shape(self._from(column, k, self._rest)) for k in range(self.steps)]
        return [
            _joined_fall([*map(blocks.__getitem__, starts), ends[end]])
            for starts, end in zip(self._starts, self._ends, strict=True)
        ]

    def blocks(self, draw: int) -> list[tuple[int, int]]:
        """Return where each block of a draw begins, and how many steps it has."""
        whole_blocks = [(start, self.block) for start in self._starts[draw]]
        return [*whole_blocks, (self._ends[draw], self._rest)]

    def _block_sums(self, column: Sequence[float], length: int) -> list[float]:
        running = list(accumulate([*column, *column[:length]], initial=0.0))
        return [running[k + length] - running[k] for k in range(self.steps)]

    def _from(self, column: Sequence[float], start: int, length: int) -> list[float]:
        return [column[(start + k) % self.steps] for k in range(length)]


@dataclass(frozen=True, slots=True)
class _Shape:
    """What joins a stretch to others: its sum, lowest and highest running sum, largest fall."""

    total: float
    lowest: float
    highest: float
    fall: float


def _shape(values: Sequence[float]) -> _Shape:
    level = lowest = highest = fall = 0.0
    for value in values:
        level += value
        lowest, highest = min(lowest, level), max(highest, level)
        fall = max(fall, highest - level)
    return _Shape(level, lowest, highest, fall)


def _joined_fall(shapes: Sequence[_Shape]) -> float:
    level = peak = fall = 0.0
    for shape in shapes:
        fall = max(fall, shape.fall, peak - (level + shape.lowest))
        peak = max(peak, level + shape.highest)
        level += shape.total
    return fall


def mapped(function: Callable[..., float], *columns: Sequence[float]) -> Band | None:
    """Return the band of a function of several draws' sums."""
    return Band.of([function(*row) for row in zip(*columns, strict=True)])
