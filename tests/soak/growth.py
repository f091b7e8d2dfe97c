"""Tell growth from noise: a robust slope after a warm-up, held against a stated bound."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

WARMUP_FRAC = 0.25
"""Share of the samples that is left out: caches fill, files reach their size."""


@dataclass(frozen=True, slots=True)
class Bound:
    """What a figure may do: rise by so much in a virtual hour, and never be above `most`.

    A rise by no more than `noise` in all is none.
    """

    per_hour: float | None
    most: float | None = None
    noise: float = 0.0


BOUNDS = {
    "rss_mb": Bound(1.0, noise=2.0),
    "objects": Bound(400.0, noise=400.0),
    "descriptors": Bound(0.1),
    "tasks": Bound(0.5),
    "queued": Bound(2.0, noise=8.0),
    "wal_mb": Bound(None, 10.0),
    "ledger_bytes_per_order": Bound(2.0, 1000.0),
    "log_mb": Bound(None, 130.0),
}
"""A megabyte an hour is a tenth of a gigabyte in four days; fills are kept for the report."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one figure did after the warm-up, and whether that is too much."""

    name: str
    first: float
    last: float
    highest: float
    per_hour: float
    rise: float
    bound: Bound

    @property
    def grows(self) -> bool:
        """Tell whether it passes its bound."""
        fast = self.bound.per_hour is not None and self.per_hour > self.bound.per_hour
        return (fast and self.rise > self.bound.noise) or (
            self.bound.most is not None and self.highest > self.bound.most
        )


def judged(name: str, hours: Sequence[float], values: Sequence[float]) -> Verdict:
    """Judge one figure by its samples."""
    skip = int(len(values) * WARMUP_FRAC)
    kept, at = values[skip:], hours[skip:]
    per_hour = slope(at, kept)
    rise = per_hour * (at[-1] - at[0])
    return Verdict(name, kept[0], kept[-1], max(kept), per_hour, rise, BOUNDS[name])


def slope(at: Sequence[float], values: Sequence[float]) -> float:
    """Return the median slope of all pairs: up to a third of outliers do not matter.

    Theil (1950), Sen (1968).
    """
    slopes = [
        (values[j] - values[i]) / (at[j] - at[i])
        for i in range(len(at))
        for j in range(i + 1, len(at))
    ]
    return median(slopes) if slopes else 0.0
