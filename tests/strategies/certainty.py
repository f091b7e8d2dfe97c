"""Find the certainty equivalent of a quoting rule in continuous time, exactly but for the steps.

u_q(t) = E[exp(-gamma W)] of the wealth W that a rule still earns from inventory q solves the linear
system u' = (gamma^2 sigma^2 q^2 / 2) u + sum over sides of lambda(d) (exp(-gamma d) u_{q +- 1} - u)
backwards in time; mean and second moment of W solve its derivatives at gamma = 0.
"""

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float64]
Rule = Callable[[float], tuple[Vector, Vector]]
"""Bid and ask distances for all inventories, by the time left."""


def gains(a: float, k: float, distance: Vector, gamma: float) -> tuple[Vector, Vector, Vector]:
    """Return fill rate, rate * exp(-gamma distance) and rate * distance; none where it is inf."""
    quoted = np.isfinite(distance)
    d = np.where(quoted, distance, 0.0)
    rate = np.where(quoted, a * np.exp(np.minimum(-k * d, 300.0)), 0.0)
    return rate, rate * np.exp(-gamma * d), rate * d


def outcome(
    rule: Rule, gamma: float, sigma: float, a: float, k: float, horizon: float, steps: int
) -> tuple[float, float, float]:
    """Return certainty equivalent, mean and deviation of wealth, from flat.

    Crank and Nicolson's steps, whose error falls with their square: Richardson's limit of two runs.
    """
    coarse, fine = (_run(rule, gamma, sigma, a, k, horizon, n) for n in (steps, 2 * steps))
    equivalent, mean, square = ((4 * y - x) / 3 for x, y in zip(coarse, fine, strict=True))
    return equivalent, mean, math.sqrt(square - mean * mean)


def _run(
    rule: Rule, gamma: float, sigma: float, a: float, k: float, horizon: float, steps: int
) -> tuple[float, float, float]:
    clips = (len(rule(horizon)[0]) - 1) // 2
    q = np.arange(-clips, clips + 1, dtype=np.float64)
    dt = horizon / steps
    u, one, two = np.ones_like(q), np.zeros_like(q), np.zeros_like(q)
    before, log_scale = None, 0.0
    for step in range(steps):
        quotes = rule((step + 0.5) * dt)
        if before is None or not np.array_equal(quotes, before):
            terms = _terms(quotes, gamma, sigma, a, k, q, dt)
        before = quotes
        utility, chain, chain_source, earned, gain, flow = terms
        u = utility @ u
        log_scale += math.log(u.max())
        u = u / u.max()
        source = flow + gain @ one
        one = chain @ one + chain_source @ earned
        two = chain @ two + chain_source @ (0.5 * (source + flow + gain @ one))
    return -(math.log(u[clips]) + log_scale) / gamma, float(one[clips]), float(two[clips])


def _terms(
    quotes: tuple[Vector, Vector],
    gamma: float,
    sigma: float,
    a: float,
    k: float,
    q: Vector,
    dt: float,
) -> tuple[Vector, Vector, Vector, Vector, Vector, Vector]:
    """Return what a step multiplies by, for the quotes that hold in it."""
    (rb, eb, gb), (ra, ea, ga) = (gains(a, k, distance, gamma) for distance in quotes)
    sb, sa = (np.where(np.isfinite(d), d, 0.0) * g for d, g in zip(quotes, (gb, ga), strict=True))
    utility = np.diag(0.5 * (gamma * sigma * q) ** 2 - rb - ra)
    utility += np.diag(eb[:-1], 1) + np.diag(ea[1:], -1)
    chain = np.diag(-rb - ra) + np.diag(rb[:-1], 1) + np.diag(ra[1:], -1)
    gain = 2 * (np.diag(gb[:-1], 1) + np.diag(ga[1:], -1))
    eye = np.eye(len(q))
    ahead = np.linalg.inv(eye - 0.5 * dt * chain)
    return (
        np.linalg.solve(eye - 0.5 * dt * utility, eye + 0.5 * dt * utility),
        ahead @ (eye + 0.5 * dt * chain),
        dt * ahead,
        gb + ga,
        gain,
        (sigma * q) ** 2 + sb + sa,
    )
