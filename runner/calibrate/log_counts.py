"""Fit A and k by a line through the logs of counts: the older way, to hold the likelihood against.

Of orders that reached distances d_j or more, c_j in T seconds: ln(c_j / T) = ln A - k d_j, by least
squares, plain or weighted by c_j. Weights tame the tail, where counts are few and logs jump.
"""

from collections.abc import Sequence

import numpy as np


def counts_beyond(depths_bps: Sequence[float], grid_bps: Sequence[float]) -> list[int]:
    """Return how many depths reach each distance or more."""
    depths = np.asarray(depths_bps)
    return [int((depths >= distance).sum()) for distance in grid_bps]


def log_count_fit(
    counts: Sequence[int], grid_bps: Sequence[float], seconds: float, weighted: bool
) -> tuple[float, float]:
    """Return A [1/s] and k [1/bps].

    Raises:
        ValueError: a count is zero, or there are fewer than two distances.
    """
    if len(counts) < 2 or min(counts) <= 0:
        raise ValueError(f"expected two distances or more, each reached, was {list(counts)}")
    logs = np.log(np.asarray(counts) / seconds)
    weights = np.sqrt(counts) if weighted else np.ones(len(counts))
    slope, level = np.polyfit(np.asarray(grid_bps), logs, 1, w=weights)
    return float(np.exp(level)), float(-slope)
