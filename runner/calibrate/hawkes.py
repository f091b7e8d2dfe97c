"""Fit how market orders excite each other: exponential Hawkes intensities by maximum likelihood.

Side j is hit at ``lambda_j = mu_j + sum_i alpha_ij R_ij`` with ``R_ij`` the sum of
``exp(-beta_j (t - t_i))`` over earlier orders of side i, so that (Ozaki 1979)::

    log L_j = sum_k log lambda_j(t_k) - mu_j T
              - sum_i alpha_ij / beta_j sum_k (1 - exp(-beta_j (T - t_k)))

separates by side. It is maximised over the logarithms of its four parameters; errors are from the
curvature at the maximum.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from runner.calibrate.estimate import Refused
from runner.calibrate.simplex import curvature_errors, minimise

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from runner.calibrate.recording import TakerOrders

    Floats = NDArray[np.float64]

LEAST_ORDERS = 500
"""Fewer orders of a side leave mu, alpha and beta undetermined."""
MOST_RADIUS = 0.98


@dataclass(frozen=True, slots=True)
class Excitation:
    """Rates per second: `mu[j]`, `alpha[2 i + j]` (from side i to side j), `beta[j]`.

    Sides are 0 for buyers and 1 for sellers, as in strategies.signals.hawkes. Errors are relative.
    """

    mu: tuple[float, float]
    alpha: tuple[float, float, float, float]
    beta: tuple[float, float]
    radius: float
    relative_errors: tuple[float, ...]
    orders: int


def excitation(orders: TakerOrders, start_ns: int, end_ns: int) -> Excitation | Refused:
    """Return the fit of both sides, or why there is none."""
    times = [(orders.ns[orders.sign == sign] - start_ns) * 1e-9 for sign in (1, -1)]
    fewest = min(len(t) for t in times)
    if fewest < LEAST_ORDERS:
        return Refused(f"{fewest} orders of a side, expected {LEAST_ORDERS}")
    seconds = (end_ns - start_ns) * 1e-9
    fits = [_fit_side(times, j, seconds) for j in (0, 1)]
    if any(not np.isfinite(errors).all() for _, errors in fits):
        return Refused("the likelihood has no clear maximum")
    (mu0, a00, a10, beta0), (mu1, a01, a11, beta1) = (np.exp(at).tolist() for at, _ in fits)
    radius = _radius(a00 / beta0, a01 / beta1, a10 / beta0, a11 / beta1)
    if radius > MOST_RADIUS:
        return Refused(f"orders beget {radius:.2f} orders each: no stationary state")
    errors = tuple(float(e) for _, found in fits for e in found)
    count = len(orders.ns)
    return Excitation((mu0, mu1), (a00, a01, a10, a11), (beta0, beta1), radius, errors, count)


def log_likelihood(
    own: Floats,
    other: Floats,
    mu: float,
    from_own: float,
    from_other: float,
    beta: float,
    end: float,
) -> float:
    """Return log L of one side's events `own` [s] on [0, end], excited by itself and by `other`."""
    intensity = mu + from_own * decayed(own, own, beta) + from_other * decayed(own, other, beta)
    if not (intensity > 0).all():
        return -math.inf
    total = float(np.log(intensity).sum()) - mu * end
    for alpha, events in ((from_own, own), (from_other, other)):
        total -= alpha / beta * float(-np.expm1(-beta * (end - events)).sum())
    return total


def decayed(at: Floats, events: Floats, beta: float) -> Floats:
    """Return the sum of exp(-beta (t - s)) over the events s before each moment t, both sorted."""
    sums = np.zeros(len(events) + 1)
    total = 0.0
    factors = np.exp(-beta * np.diff(events, prepend=events[:1])).tolist()
    for k, factor in enumerate(factors):
        total = total * factor + 1.0
        sums[k + 1] = total
    index = np.searchsorted(events, at, side="left")
    since = at - np.where(index > 0, events[np.maximum(index - 1, 0)], at)
    found: Floats = sums[index] * np.exp(-beta * since)
    return found


def _fit_side(times: list[Floats], j: int, seconds: float) -> tuple[Floats, Floats]:
    """Return the logarithms of mu, alpha from buyers and sellers, and beta, and their errors."""
    own, other = times[j], times[1 - j]

    def cost(log_parameters: Floats) -> float:
        mu, first, second, beta = np.exp(np.clip(log_parameters, -25.0, 12.0)).tolist()
        from_own, from_other = (first, second) if j == 0 else (second, first)
        return -log_likelihood(own, other, mu, from_own, from_other, beta, seconds)

    rate = len(own) / seconds
    start = np.log([0.5 * rate, 0.5, 0.25, 2.0])
    best = minimise(cost, start)
    return best, curvature_errors(cost, best)


def _radius(a: float, b: float, c: float, d: float) -> float:
    """Return the largest eigenvalue of the branching matrix (a b; c d)."""
    return 0.5 * (a + d + math.sqrt((a - d) * (a - d) + 4.0 * b * c))
