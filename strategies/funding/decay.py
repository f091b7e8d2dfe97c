"""Forecast what a rate that decays will have paid, and how sure that is.

The rate returns to its mean m as an AR(1): r' - m = b (r - m) + e, fitted by least squares over a
window. From it follow, in closed form, the mean and the standard deviation of the sum of the next N
rates. The deviation has three parts: the noise e of each period, which lives on in those after it,
and the errors of m and of b. A window of n periods cannot tell a persistence above 1 - 1/n.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

LEAST_RATES = 8
"""A fit of fewer says nothing about its own error."""
FLAT = 1e-12
"""A share of a rate's square; less variation is that of arithmetic."""


@dataclass(frozen=True, slots=True)
class Decay:
    """A fitted rate: where it returns to, how slowly, and the errors of both."""

    last: float
    mean: float
    persistence: float
    noise: float
    mean_error: float
    persistence_error: float


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure and its standard deviation, in the same unit."""

    value: float
    error: float


def fit(rates: Sequence[float]) -> Decay | None:
    """Fit the rates of equal periods, the oldest first; None where they are too few."""
    count = len(rates) - 1
    if count < LEAST_RATES:
        return None
    mean = math.fsum(rates) / len(rates)
    apart = [rate - mean for rate in rates]
    square = math.fsum(x * x for x in apart[:-1])
    if square <= FLAT * max(mean * mean, FLAT):
        return Decay(rates[-1], mean, 0.0, 0.0, 0.0, 0.0)
    product = math.fsum(x * y for x, y in pairwise(apart))
    b = min(max(product / square, 0.0), 1.0 - 1.0 / count)
    left = math.fsum((y - b * x) * (y - b * x) for x, y in pairwise(apart))
    noise = math.sqrt(left / (count - 2))
    mean_error = noise / (1.0 - b) / math.sqrt(count)
    return Decay(rates[-1], mean, b, noise, mean_error, noise / math.sqrt(square))


def half_life(decay: Decay) -> Estimate:
    """Return after how many periods half of a rate's distance from its mean is gone.

    The error follows from that of b (delta method). Without persistence all is gone at once.
    """
    b = decay.persistence
    if b <= 0.0:
        return Estimate(0.0, 0.0)
    periods = -math.log(2.0) / math.log(b)
    return Estimate(periods, periods * decay.persistence_error / (b * -math.log(b)))


def forecast(decay: Decay, periods: int) -> Estimate:
    """Return the sum of the next so many rates, at least one, and its standard deviation."""
    b, count = decay.persistence, float(periods)
    apart = decay.last - decay.mean
    kept = _kept(b, count)
    noise = decay.noise / (1.0 - b) * math.sqrt(max(_echoes(b, count, kept), 0.0))
    of_mean = (count - kept) * decay.mean_error
    of_persistence = apart * _slope(b, count) * decay.persistence_error
    return Estimate(count * decay.mean + apart * kept, math.hypot(noise, of_mean, of_persistence))


def _kept(b: float, count: float) -> float:
    """Return the sum of b^j over j = 1 to N: how much of a distance the periods see."""
    return b * (1.0 - math.pow(b, count)) / (1.0 - b)


def _echoes(b: float, count: float, kept: float) -> float:
    """Return the sum of (1 - b^j)^2 over j = 1 to N."""
    return count - 2.0 * kept + _kept(b * b, count)


def _slope(b: float, count: float) -> float:
    """Return the derivative of `_kept` by b."""
    power = math.pow(b, count)
    return (1.0 - (count + 1.0) * power + count * power * b) / ((1.0 - b) * (1.0 - b))
