"""Follow what fills were worth from their moment on, by side, with how sure that is."""

import math
from dataclasses import dataclass

from connectors.model.events import BUY, SELL
from runner.report.bootstrap import Band
from runner.report.markouts import CLUSTER_NS, HORIZONS, clustered_error, markouts_bps
from runner.results import FillColumns, whole

POINTS = ("0s", *HORIZONS)
"""The moment of the fill, whose markout is the spread captured, and the horizons after it."""
SIDES = ("both", "bid", "ask")
FEWEST_FILLS = 10
"""Fewer fills have a mean, but no band."""


@dataclass(frozen=True, slots=True)
class Point:
    """The mean markout at one horizon in bps of mid; None where no mid is known."""

    fills: int
    mean: float | None
    band: Band | None


Curve = dict[str, tuple[Point, ...]]
"""By side, a point for each of `POINTS`."""


def markout_curve(fills: FillColumns) -> Curve:
    """Return the mean markouts of all fills, of those that bought and of those that sold.

    Fills of one stretch, as long as the horizon and at least ten seconds, count as one observation
    of the error.
    """
    curve: dict[str, list[Point]] = {side: [] for side in SIDES}
    stamps, sides = whole(fills.recv_ns), whole(fills.side)
    for horizon in POINTS:
        values = list(zip(stamps, sides, markouts_bps(fills, horizon), strict=True))
        together_ns = max(int(horizon.removesuffix("s")) * 1_000_000_000, CLUSTER_NS)
        for side, wanted in (("both", (BUY, SELL)), ("bid", (BUY,)), ("ask", (SELL,))):
            known = [(at, v) for at, which, v in values if which in wanted and v is not None]
            curve[side].append(_point(known, together_ns))
    return {side: tuple(points) for side, points in curve.items()}


def _point(known: list[tuple[int, float]], together_ns: int) -> Point:
    if not known:
        return Point(0, None, None)
    mean = math.fsum(value for _, value in known) / len(known)
    error = clustered_error(known, mean, together_ns) if len(known) >= FEWEST_FILLS else None
    return Point(len(known), mean, None if error is None else Band.normal(mean, error))
