"""Fit lambda(delta) = A exp(-k delta) locally, where we quote: orders that reach from a to b.

Real depths are not exponential over their whole range (markets.md 3): the slope from all trades is
ten times the slope where a market maker quotes. Only orders whose reach lies in [a, b] count, and
their depths d follow a truncated exponential law, whose likelihood is greatest at::

    mean(d) - a = 1/k - w / (exp(k w) - 1) ,   w = b - a
    A = N / (2 T (exp(-k a) - exp(-k b)))      per second and side

One number is solved for by bisection, since the left side falls in k.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from runner.calibrate.estimate import Blocks, Estimate, Fit, Refused

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from runner.calibrate.recording import Recording

    Floats = NDArray[np.float64]

LEAST_ORDERS = 30
MOST_RELATIVE_ERROR = 0.5
STEPS = 80


def local_fits(recording: Recording, blocks: Blocks, low: float, high: float) -> tuple[Fit, Fit]:
    """Return A [1/s per side] and k [1/bps] from the orders that reach from `low` to `high` bps."""
    depth = recording.orders.depth_bps
    inside = (depth >= low) & (depth <= high)
    orders = int(inside.sum())
    if orders < LEAST_ORDERS:
        why = f"{orders} orders reached {low:.2f} to {high:.2f} bps, expected {LEAST_ORDERS}"
        return Refused(why), Refused(why)
    ns, excess = recording.orders.ns[inside], depth[inside] - low
    sums = blocks.sums(ns, np.ones(orders), excess)
    width, seconds = high - low, recording.seconds
    k = blocks.estimate(sums, lambda total: slope(total[0], total[1], width), orders)
    a = blocks.estimate(
        sums,
        lambda total: level(total[0], slope(total[0], total[1], width), low, high, seconds),
        orders,
    )
    return _judged(a), _judged(k)


def slope(orders: Floats, excess: Floats, width: float) -> Floats:
    """Return k of a truncated exponential from how many there are and their summed excess.

    NaN where the mean excess is at or over half the width: the intensity does not fall there.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = excess / orders
        usable = (mean > 0) & (mean < 0.5 * width)
        least, most = np.full(len(mean), 1e-9 / width), np.full(len(mean), 700.0 / width)
        for _ in range(STEPS):
            k = 0.5 * (least + most)
            too_far = 1.0 / k - width / np.expm1(k * width) > mean
            least, most = np.where(too_far, k, least), np.where(too_far, most, k)
    return np.where(usable, 0.5 * (least + most), np.nan)


def level(orders: Floats, k: Floats, low: float, high: float, seconds: float) -> Floats:
    """Return A per second and side."""
    return orders / (2.0 * seconds * (np.exp(-k * low) - np.exp(-k * high)))


def mean_slope(recording: Recording, blocks: Blocks, beyond: float) -> Fit:
    """Return k = 1/mean(d - d0) of all orders that reach beyond d0 [bps]: the classical fit."""
    depth = recording.orders.depth_bps
    inside = depth > beyond
    orders = int(inside.sum())
    if orders < LEAST_ORDERS:
        return Refused(f"{orders} orders reached beyond {beyond:g} bps, expected {LEAST_ORDERS}")
    sums = blocks.sums(recording.orders.ns[inside], np.ones(orders), depth[inside] - beyond)
    return blocks.estimate(sums, lambda total: total[0] / total[1], orders)


def reaching_per_s(recording: Recording, blocks: Blocks, beyond: float) -> Fit:
    """Return how many orders a second and side reach a depth [bps] or more."""
    inside = recording.orders.depth_bps >= beyond
    orders = int(inside.sum())
    sums = blocks.sums(recording.orders.ns[inside], np.ones(orders))
    return blocks.estimate(sums, lambda total: total[0] / (2.0 * recording.seconds), orders)


def _judged(found: Fit) -> Fit:
    """Refuse a fit whose error is too large to be of use."""
    if isinstance(found, Estimate) and found.error > MOST_RELATIVE_ERROR * found.value:
        return Refused(
            f"its error, {found.error:.2g}, is more than half of its value, {found.value:.2g}"
        )
    return found
