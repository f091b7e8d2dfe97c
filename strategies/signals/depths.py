"""Keep fading sums by distance from mid, for intensities that are fitted where we quote.

Distances lie in cells whose edges grow by a quarter of an octave from `LEAST_BPS`; each keeps its
weight and its weighted distance, so that means are exact and only the ends of a range are rounded
to edges. Fading costs O(1): instead of all old weights shrinking, new ones grow, and all are scaled
back before they leave the range of floats.
"""

import math
from typing import Annotated

from connectors.model.kernel import Floats, kernel, state

CELLS = 64
LEAST_BPS = 0.01
STEP = 0.25 * 0.6931471805599453
"""Width of a cell in log distance: the last one begins at about 550 bps."""
MOST_SCALE = 1e30
FORGOTTEN = 60.0
"""After so many memories at once nothing of before is left."""


@state
class Depths:
    """Setting `tau_s`; `scale` is the weight of what comes now, `time` the faded seconds seen."""

    tau_s: float
    last_ns: int
    scale: float
    time: float
    weight: Annotated[Floats, CELLS]
    moment: Annotated[Floats, CELLS]


@kernel
def pass_time(depths: Depths, now_ns: int) -> float:
    """Let old weights fade; return the seconds since the last call, 0 when time goes back."""
    if depths.last_ns == 0:
        depths.last_ns = now_ns
        depths.scale = 1.0
    dt = (now_ns - depths.last_ns) * 1e-9
    if dt <= 0.0:
        return 0.0
    depths.last_ns = now_ns
    decays = dt / depths.tau_s
    if decays > FORGOTTEN:
        _forget(depths)
        decays = FORGOTTEN
    elif depths.scale > MOST_SCALE:
        _scale_back(depths)
    growth = math.expm1(decays)
    depths.time += depths.tau_s * growth * depths.scale
    depths.scale *= 1.0 + growth
    return dt


@kernel
def add(depths: Depths, distance_bps: float, amount: float) -> None:
    """Add an amount at a distance, as of the last `pass_time`; inside mid is at no distance."""
    if not (math.isfinite(distance_bps) and math.isfinite(amount)):
        return
    distance = max(distance_bps, 0.0)
    k = cell(distance)
    depths.weight[k] += amount * depths.scale
    depths.moment[k] += amount * depths.scale * distance


@kernel
def cell(distance_bps: float) -> int:
    """Return the cell of a distance."""
    if distance_bps < LEAST_BPS:
        return 0
    return min(1 + int(math.log(distance_bps / LEAST_BPS) / STEP), CELLS - 1)


@kernel
def edge_bps(k: int) -> float:
    """Return where a cell begins."""
    return 0.0 if k == 0 else LEAST_BPS * math.exp((k - 1) * STEP)


@kernel
def amount(depths: Depths, first: int, stop: int) -> float:
    """Return the faded amount in the cells [first, stop)."""
    total = 0.0
    for k in range(first, stop):
        total += depths.weight[k]
    return total / depths.scale if depths.scale > 0.0 else 0.0


@kernel
def mean_bps(depths: Depths, first: int, stop: int) -> float:
    """Return the mean distance in the cells [first, stop); 0 where there is nothing."""
    total = 0.0
    moment = 0.0
    for k in range(first, stop):
        total += depths.weight[k]
        moment += depths.moment[k]
    return moment / total if total > 0.0 else 0.0


@kernel
def seconds(depths: Depths) -> float:
    """Return the faded seconds seen."""
    return depths.time / depths.scale if depths.scale > 0.0 else 0.0


@kernel
def _scale_back(depths: Depths) -> None:
    """Give what comes now the weight 1 again."""
    factor = 1.0 / depths.scale
    depths.scale = 1.0
    depths.time *= factor
    for k in range(CELLS):
        depths.weight[k] *= factor
        depths.moment[k] *= factor


@kernel
def _forget(depths: Depths) -> None:
    depths.scale = 1.0
    depths.time = 0.0
    for k in range(CELLS):
        depths.weight[k] = 0.0
        depths.moment[k] = 0.0
