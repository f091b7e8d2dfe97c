"""Measure volatility on equal steps of mid: sigma = sqrt(sum r^2 / sum dt), in bps per sqrt(s)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from runner.calibrate.estimate import Blocks, Estimate, Fit, Refused, ratio

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from runner.calibrate.recording import Recording

LEAST_STEPS = 60


def returns_bps(
    recording: Recording, step_s: float
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return the stamps and log returns [bps] of the steps at whose ends the book was known."""
    step_ns = int(step_s * 1e9)
    grid = np.arange(recording.start_ns, recording.end_ns + 1, step_ns, dtype=np.int64)
    mid = recording.happened.half_ticks(grid).astype(np.float64)
    known = (mid[1:] > 0) & (mid[:-1] > 0)
    return grid[1:][known], np.log(mid[1:][known] / mid[:-1][known]) * 1e4


def sigma_bps(recording: Recording, blocks: Blocks, step_s: float) -> Fit:
    """Return sigma [bps per sqrt(s)] from steps of `step_s`, or why there is none."""
    ns, moves = returns_bps(recording, step_s)
    if len(moves) < LEAST_STEPS:
        return Refused(f"{len(moves)} steps of {step_s:g} s, expected {LEAST_STEPS}")
    sums = blocks.sums(ns, moves * moves, np.full(len(moves), step_s))
    found = blocks.estimate(sums, lambda total: np.sqrt(ratio(total)), len(moves))
    if isinstance(found, Estimate) and found.value <= 0.0:
        return Refused("mid never moved")
    return found
