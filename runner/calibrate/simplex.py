"""Minimise a function of a few numbers without its slope: the simplex of Nelder and Mead (1965)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

STEPS = 400
TOLERANCE = 1e-7
LEAST_CURVATURE = 1e-3


def minimise(cost: Callable[[Floats], float], start: Floats) -> Floats:
    """Return where a function is least, by the simplex of Nelder and Mead, from one start."""
    size = len(start)
    points = [start, *(start + 0.5 * np.eye(size)[k] for k in range(size))]
    simplex = sorted(((cost(p), p) for p in points), key=lambda pair: pair[0])
    for _ in range(STEPS):
        if simplex[-1][0] - simplex[0][0] < TOLERANCE:
            break
        centre = np.mean([point for _, point in simplex[:-1]], axis=0)
        simplex[-1:] = _moved(cost, simplex, centre)
        simplex.sort(key=lambda pair: pair[0])
    best: Floats = simplex[0][1]
    return best


def _moved(
    cost: Callable[[Floats], float], simplex: list[tuple[float, Floats]], centre: Floats
) -> list[tuple[float, Floats]]:
    """Replace the worst point by its reflection, an expansion or a contraction; else shrink."""

    def tried(factor: float) -> tuple[float, Floats]:
        point = centre + factor * (simplex[-1][1] - centre)
        return cost(point), point

    reflected = tried(-1.0)
    if reflected[0] < simplex[0][0]:
        return [min(reflected, tried(-2.0), key=lambda pair: pair[0])]
    if reflected[0] < simplex[-2][0]:
        return [reflected]
    contracted = tried(-0.5 if reflected[0] < simplex[-1][0] else 0.5)
    if contracted[0] < min(reflected[0], simplex[-1][0]):
        return [contracted]
    best = simplex[0][1]
    for k in range(1, len(simplex) - 1):
        point = best + 0.5 * (simplex[k][1] - best)
        simplex[k] = (cost(point), point)
    last = best + 0.5 * (simplex[-1][1] - best)
    return [(cost(last), last)]


def curvature_errors(cost: Callable[[Floats], float], at: Floats, step: float = 0.02) -> Floats:
    """Return the errors of what minimises a negative log likelihood; NaN where it is no minimum.

    A little curvature is added in every direction, so that one parameter without any, such as the
    logarithm of what tends to zero, gets a large error and leaves the others theirs.
    """
    size = len(at)
    moves = step * np.eye(size)
    here = cost(at)
    curvature = np.empty((size, size))
    for i in range(size):
        for k in range(size):
            both = cost(at + moves[i] + moves[k]) - cost(at + moves[i] - moves[k])
            back = cost(at - moves[i] + moves[k]) - cost(at - moves[i] - moves[k])
            curvature[i, k] = (both - back) / (4 * step * step)
    curvature += LEAST_CURVATURE * np.eye(size)
    if not math.isfinite(here) or not np.isfinite(curvature).all():
        return np.full(size, np.nan)
    variances = np.diag(np.linalg.inv(curvature))
    errors: Floats = np.sqrt(np.where(variances > 0, variances, np.nan))
    return errors
