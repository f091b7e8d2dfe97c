"""Measure what fills were worth a while later, and how sure that is of the first second.

Realised markout of a fill, in bps of the mid at the fill, positive when good for us:
``sign * (mid_h - price) / mid * 1e4`` with sign +1 for a buy and -1 for a sell.
"""

import math
import statistics
from dataclasses import dataclass

from connectors.model.events import IntColumn
from runner.results import FillColumns, whole

HORIZONS = ("1s", "5s", "10s", "60s")
"""How long after a fill its markouts are taken."""
MIN_FILLS = 500
"""Fewer fills than this rank noise."""
MIN_T = 2.0
"""A mean nearer to zero than this many standard errors is not told from zero."""
CLUSTER_NS = 10_000_000_000
"""Fills come in sweeps: those of one such stretch count as one observation of the error."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean with its standard error (None: too little to say) and what it was taken from."""

    mean: float
    error: float | None
    fills: int

    @property
    def t(self) -> float | None:
        """Return the mean in standard errors, or None."""
        return self.mean / self.error if self.error else None

    def is_distinguishable(self) -> bool:
        """Tell whether there are enough fills and the mean is far enough from zero."""
        return self.fills >= MIN_FILLS and self.t is not None and abs(self.t) >= MIN_T

    def verdict(self) -> str:
        """Return one short sentence for a person."""
        t = self.t
        if self.fills < MIN_FILLS:
            fills = "1 fill" if self.fills == 1 else f"{self.fills:,} fills"
            return f"not distinguishable from zero ({fills})"
        if t is None:
            return "not distinguishable from zero (error unknown)"
        if abs(t) < MIN_T:
            return f"not distinguishable from zero (|t| = {abs(t):.1f})"
        return f"distinguishable from zero (t = {t:+.1f})".replace("-", "\u2212")


@dataclass(frozen=True, slots=True)
class Markout:
    """The 1 s markouts of one market, in bps."""

    mean: Estimate
    median: float


def mids_after(fills: FillColumns, horizon: str) -> IntColumn:
    """Return the mids at one of `HORIZONS` after each fill; of ``0s`` those at the fills."""
    if horizon == "0s":
        return fills.mid_half_ticks
    column: IntColumn = getattr(fills, f"mid_{horizon}_half_ticks")
    return column


def markouts_bps(fills: FillColumns, horizon: str = "1s") -> list[float | None]:
    """Return the markout of each fill at one of `HORIZONS` or ``0s``, None for an unknown mid."""
    columns = (fills.side, fills.ticks, fills.mid_half_ticks, mids_after(fills, horizon))
    rows = zip(*map(whole, columns), strict=True)
    return [
        (1 - 2 * side) * (later - 2 * ticks) / mid * 1e4 if mid > 0 and later > 0 else None
        for side, ticks, mid, later in rows
    ]


def markout_of(fills: FillColumns) -> Markout | None:
    """Return mean, error and median of the known markouts, or None when there are none."""
    stamped = [
        (stamp, value)
        for stamp, value in zip(whole(fills.recv_ns), markouts_bps(fills), strict=True)
        if value is not None
    ]
    if not stamped:
        return None
    values = [value for _, value in stamped]
    mean = math.fsum(values) / len(values)
    return Markout(
        Estimate(mean, clustered_error(stamped, mean), len(values)), statistics.median(values)
    )


def clustered_error(
    stamped: list[tuple[int, float]], mean: float, together_ns: int = CLUSTER_NS
) -> float | None:
    """Return the standard error of the mean when values of one stretch move together."""
    sums: dict[int, float] = {}
    for stamp, value in stamped:
        cluster = stamp // together_ns
        sums[cluster] = sums.get(cluster, 0.0) + (value - mean)
    n = len(sums)
    if n < 2:
        return None
    spread = math.sqrt(math.fsum(s * s for s in sums.values()) * n / (n - 1))
    return spread / len(stamped)
