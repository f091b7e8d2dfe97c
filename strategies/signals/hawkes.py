"""Follow how market orders excite each other: bivariate Hawkes intensities, O(1) per event.

Side j (0 buyers, 1 sellers) is hit at a rate per second of::

    lambda_j(t) = mu_j + sum_i alpha_ij sum_{t_i < t} exp(-beta_j (t - t_i))

so each side carries one number, E_j = lambda_j - mu_j: it decays with beta_j, and an order of side
i adds alpha_ij (Hawkes 1971; Laub, Lee and Taimre 2021). With branching n_ij = alpha_ij / beta_j of
spectral radius < 1, mean rates solve mean = mu + n^T mean, and the stationary covariance S of the
intensities solves the Lyapunov equation::

    M S + S M^T + a^T diag(mean) a = 0 ,   M = a^T - diag(beta) ,   a = (alpha_ij)

The toxicity score of a side is (lambda - mean) / sqrt(Var): how unusual its flow is, in standard
deviations. Before `warmup_ns` have passed a score would be of the start, not of the market:
`is_ready` says so, and `score` gives 0.
"""

import math
from typing import Annotated

from connectors.model.kernel import Floats, kernel, state

RELAXATIONS = 5.0
"""Warm-up in relaxation times: what the start still weighs then is exp(-5)."""


@state
class Hawkes:
    """Settings `mu`, `alpha` (index ``2 * from + to``) and `beta` per second, and what they imply.

    `stationary` is false until `prepare` has accepted the settings. `excitation` holds E.
    """

    mu: Annotated[Floats, 2]
    alpha: Annotated[Floats, 4]
    beta: Annotated[Floats, 2]
    stationary: bool
    mean: Annotated[Floats, 2]
    deviation: Annotated[Floats, 2]
    warmup_ns: int
    first_ns: int
    last_ns: int
    excitation: Annotated[Floats, 2]


@kernel
def prepare(hawkes: Hawkes) -> bool:
    """Compute means and deviations from the settings; refuse those without a stationary state."""
    hawkes.stationary = False
    if not _are_rates(hawkes):
        return False
    radius = spectral_radius(hawkes)
    if not radius < 1.0:
        return False
    _solve_means(hawkes)
    _solve_deviations(hawkes)
    slowest = min(hawkes.beta[0], hawkes.beta[1]) * (1.0 - radius)
    hawkes.warmup_ns = int(min(RELAXATIONS / slowest, 1e9) * 1e9)
    hawkes.stationary = hawkes.deviation[0] > 0.0 and hawkes.deviation[1] > 0.0
    return hawkes.stationary


@kernel
def spectral_radius(hawkes: Hawkes) -> float:
    """Return the largest eigenvalue of the branching matrix: orders begotten by an order."""
    a = hawkes.alpha[0] / hawkes.beta[0]
    b = hawkes.alpha[1] / hawkes.beta[1]
    c = hawkes.alpha[2] / hawkes.beta[0]
    d = hawkes.alpha[3] / hawkes.beta[1]
    return 0.5 * (a + d + math.sqrt((a - d) * (a - d) + 4.0 * b * c))


@kernel
def observe(hawkes: Hawkes, now_ns: int) -> None:
    """Let the excitation decay up to now; a clock that stands or goes back changes nothing."""
    if hawkes.first_ns == 0:
        hawkes.first_ns = now_ns
        hawkes.last_ns = now_ns
    dt = (now_ns - hawkes.last_ns) * 1e-9
    if dt <= 0.0:
        return
    hawkes.last_ns = now_ns
    hawkes.excitation[0] *= math.exp(-hawkes.beta[0] * dt)
    hawkes.excitation[1] *= math.exp(-hawkes.beta[1] * dt)


@kernel
def add_order(hawkes: Hawkes, side: int, now_ns: int) -> None:
    """Take one market order: a buyer's (BUY) or a seller's. Give a sweep once."""
    observe(hawkes, now_ns)
    hawkes.excitation[0] += hawkes.alpha[2 * side]
    hawkes.excitation[1] += hawkes.alpha[2 * side + 1]


@kernel
def intensity_per_s(hawkes: Hawkes, side: int) -> float:
    """Return lambda of a side as of the last `observe`."""
    return hawkes.mu[side] + hawkes.excitation[side]


@kernel
def is_ready(hawkes: Hawkes) -> bool:
    """Tell whether the score is of the market: settings sound and the start forgotten."""
    return hawkes.stationary and hawkes.last_ns - hawkes.first_ns >= hawkes.warmup_ns


@kernel
def score(hawkes: Hawkes, side: int) -> float:
    """Return (lambda - mean) / sqrt(Var) of a side; 0 while it is not ready."""
    return score_when_ready(hawkes, side) if is_ready(hawkes) else 0.0


@kernel
def score_when_ready(hawkes: Hawkes, side: int) -> float:
    """Return the score of a side; only while `is_ready`."""
    above = hawkes.mu[side] + hawkes.excitation[side] - hawkes.mean[side]
    return above / hawkes.deviation[side]


@kernel
def _are_rates(hawkes: Hawkes) -> bool:
    """Tell whether every setting is finite, the rates positive and the jumps not negative."""
    sound = True
    for j in range(2):
        sound = sound and 0.0 < hawkes.mu[j] < math.inf and 0.0 < hawkes.beta[j] < math.inf
    for k in range(4):
        sound = sound and 0.0 <= hawkes.alpha[k] < math.inf
    return sound


@kernel
def _solve_means(hawkes: Hawkes) -> None:
    """Solve (1 - n^T) mean = mu by Cramer's rule."""
    a = 1.0 - hawkes.alpha[0] / hawkes.beta[0]
    b = -hawkes.alpha[2] / hawkes.beta[0]
    c = -hawkes.alpha[1] / hawkes.beta[1]
    d = 1.0 - hawkes.alpha[3] / hawkes.beta[1]
    determinant = a * d - b * c
    hawkes.mean[0] = (hawkes.mu[0] * d - b * hawkes.mu[1]) / determinant
    hawkes.mean[1] = (a * hawkes.mu[1] - c * hawkes.mu[0]) / determinant


@kernel
def _solve_deviations(hawkes: Hawkes) -> None:
    """Solve the 2 x 2 Lyapunov equation and write the roots of its diagonal.

    With M = (p q; r s) and D the driving covariance, its three equations are
    2 (p x + q y) = -D00, r x + (p + s) y + q z = -D01 and 2 (r y + s z) = -D11.
    """
    p = hawkes.alpha[0] - hawkes.beta[0]
    q = hawkes.alpha[2]
    r = hawkes.alpha[1]
    s = hawkes.alpha[3] - hawkes.beta[1]
    buys = hawkes.mean[0]
    sells = hawkes.mean[1]
    d00 = hawkes.alpha[0] * hawkes.alpha[0] * buys + hawkes.alpha[2] * hawkes.alpha[2] * sells
    d01 = hawkes.alpha[0] * hawkes.alpha[1] * buys + hawkes.alpha[2] * hawkes.alpha[3] * sells
    d11 = hawkes.alpha[1] * hawkes.alpha[1] * buys + hawkes.alpha[3] * hawkes.alpha[3] * sells
    y = (r * d00 / (2.0 * p) + q * d11 / (2.0 * s) - d01) / (p + s - r * q / p - q * r / s)
    x = -(0.5 * d00 + q * y) / p
    z = -(0.5 * d11 + r * y) / s
    hawkes.deviation[0] = math.sqrt(max(x, 0.0))
    hawkes.deviation[1] = math.sqrt(max(z, 0.0))
