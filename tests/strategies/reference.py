"""Solve the models by dense matrices in long double, for tests: slow, plain and independent.

Physical units: price p, time s, inventory in clips, lambda = A exp(-k y) a side.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.longdouble]
Matrix = NDArray[np.longdouble]


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """One maker: `gamma` of holding, `execution_gamma` of execution (0: none), limit Q in clips."""

    gamma: float
    sigma: float
    intensity: float
    k: float
    clips: int
    execution_gamma: float
    drift: float = 0.0
    impact: float = 0.0
    terminal: float = 0.0

    @property
    def liquidity(self) -> float:
        """Half spread of a flat maker who does not mind holding, impact included."""
        g = self.execution_gamma
        return (math.log1p(g / self.k) / g if g else 1.0 / self.k) + 0.5 * self.impact

    @property
    def eta(self) -> float:
        """Orders a second and side at the best quote."""
        g = self.execution_gamma
        decay = (1 + self.k / g) * math.log1p(g / self.k) if g else 1.0
        return self.intensity * math.exp(-decay - 0.5 * self.k * self.impact)

    @property
    def alpha(self) -> float:
        """Price of a squared clip, per second."""
        return 0.5 * self.k * self.gamma * self.sigma * self.sigma

    def matrix(self) -> Matrix:
        """Return M, with which v' = M v backwards in time."""
        q = np.arange(-self.clips, self.clips + 1, dtype=np.longdouble)
        beside = np.full(2 * self.clips, np.longdouble(-self.eta))
        diagonal = self.alpha * q * q - self.k * self.drift * q
        return np.diag(diagonal) + np.diag(beside, 1) + np.diag(beside, -1)

    def end(self) -> Vector:
        """Return v at the end of the horizon."""
        q = np.arange(-self.clips, self.clips + 1, dtype=np.longdouble)
        return np.exp(-self.k * (self.terminal + 0.5 * self.impact) * q * q)


def value(model: Model, tau: float) -> Vector:
    """Return v(tau), up to a factor: the matrix exponential by Taylor, scaling and squaring.

    c - M has no negative entry, so that no digit is lost however small a value is.
    """
    m = model.matrix()
    top = m.diagonal().max()
    generator = (top * np.eye(len(m), dtype=np.longdouble) - m) * np.longdouble(tau)
    squarings = max(0, math.ceil(math.log2(float(generator.sum(axis=1).max()) + 1e-300)))
    generator = generator / np.longdouble(2) ** squarings
    power = total = np.eye(len(m), dtype=np.longdouble)
    for n in range(1, 60):
        power = power @ generator / n
        total = total + power
    for _ in range(squarings):
        total = total @ total
        total = total / total.max()
    found: Vector = total @ model.end()
    return found / found.max()


def optimum(model: Model, tau: float) -> float:
    """Return the certainty equivalent of starting flat: ln(v_0) / k, by eigenvectors."""
    levels, vectors = np.linalg.eigh(model.matrix().astype(np.float64))
    weights = vectors[model.clips] * (vectors.T @ model.end().astype(np.float64))
    total = float(weights @ np.exp(-(levels - levels[0]) * tau))
    return (math.log(total) - float(levels[0]) * tau) / model.k


def endless(model: Model) -> Vector:
    """Return the limit of v for tau -> inf, up to a factor: powers of (c - M) until they settle."""
    m = model.matrix()
    step = m.diagonal().max() * np.eye(len(m), dtype=np.longdouble) - m
    for _ in range(60):
        step = step @ step
        step = step / step.max()
    found: Vector = step @ np.ones(len(m), dtype=np.longdouble)
    return found / found.max()


def distances(model: Model, v: Vector) -> dict[int, tuple[float | None, float | None]]:
    """Return bid and ask distance from mid at each inventory; None where there is no quote."""
    logs = np.log(v) / np.longdouble(model.k)
    limit = model.clips
    found: dict[int, tuple[float | None, float | None]] = {}
    for q in range(-limit, limit + 1):
        k = q + limit
        bid = model.liquidity + float(logs[k] - logs[k + 1]) if q < limit else None
        ask = model.liquidity + float(logs[k] - logs[k - 1]) if q > -limit else None
        found[q] = (bid, ask)
    return found
