"""The likelihood is the law's, its greatest value is found, and few orders are refused."""

import numpy as np
import pytest

from runner.calibrate.estimate import Refused
from runner.calibrate.hawkes import Excitation, decayed, excitation, log_likelihood
from runner.calibrate.simplex import minimise
from tests.runner.calibrate.made import SECOND_NS, START_NS, orders_at

MU = (0.5, 0.4)
ALPHA = (0.8, 0.2, 0.3, 0.6)
BETA = (2.0, 1.6)


def simulated(seconds: float, seed: int) -> list[tuple[float, int]]:
    """Return (time, side) by thinning (Ogata 1981)."""
    rng = np.random.default_rng(seed)
    now, excited = 0.0, np.zeros(2)
    events = []
    while True:
        bound = MU[0] + MU[1] + excited.sum()
        step = rng.exponential(1 / bound)
        now += step
        if now > seconds:
            return events
        excited = excited * np.exp(-np.array(BETA) * step)
        rates = np.array(MU) + excited
        drawn = rng.uniform(0, bound)
        if drawn < rates.sum():
            side = int(drawn >= rates[0])
            events.append((now, side))
            excited += np.array(ALPHA[2 * side : 2 * side + 2])


def test_the_likelihood_is_that_of_the_double_sum() -> None:
    rng = np.random.default_rng(2)
    own, other = np.sort(rng.uniform(0, 30, 40)), np.sort(rng.uniform(0, 30, 25))
    mu, from_own, from_other, beta, end = 0.7, 0.5, 0.3, 1.9, 30.0
    total = -mu * end
    for t in own:
        rate = mu + from_own * sum(np.exp(-beta * (t - s)) for s in own if s < t)
        rate += from_other * sum(np.exp(-beta * (t - s)) for s in other if s < t)
        total += np.log(rate)
    for alpha, events in ((from_own, own), (from_other, other)):
        total -= sum(alpha / beta * (1 - np.exp(-beta * (end - s))) for s in events)
    found = log_likelihood(own, other, mu, from_own, from_other, beta, end)
    assert found == pytest.approx(total, rel=1e-12)


def test_orders_at_one_moment_do_not_excite_one_another() -> None:
    assert decayed(np.array([1.0, 1.0]), np.array([1.0, 1.0]), 2.0).tolist() == [0.0, 0.0]


def test_what_was_simulated_comes_back() -> None:
    events = simulated(3000.0, 4)
    at, side = (np.array(column) for column in zip(*events, strict=True))
    orders = orders_at(at, np.zeros(len(at)), np.where(side == 0, 1, -1))
    found = excitation(orders, START_NS, START_NS + 3000 * SECOND_NS)
    assert isinstance(found, Excitation)
    truth = (MU[0], ALPHA[0], ALPHA[2], BETA[0], MU[1], ALPHA[1], ALPHA[3], BETA[1])
    fitted = (
        *(found.mu[0], found.alpha[0], found.alpha[2], found.beta[0]),
        *(found.mu[1], found.alpha[1], found.alpha[3], found.beta[1]),
    )
    for true, fit, error in zip(truth, fitted, found.relative_errors, strict=True):
        assert abs(np.log(fit / true)) < 3.5 * error
    assert max(found.relative_errors) < 0.5


def test_few_orders_of_a_side_are_refused() -> None:
    sign = np.where(np.arange(1400) < 499, 1, -1)
    orders = orders_at(np.arange(1400.0), np.zeros(1400), sign)
    found = excitation(orders, START_NS, START_NS + 1400 * SECOND_NS)
    assert found == Refused("499 orders of a side, expected 500")


def test_the_simplex_finds_a_crooked_valley() -> None:
    found = minimise(
        lambda x: float(100 * (x[1] - x[0] * x[0]) ** 2 + (1 - x[0]) ** 2), np.array([-1.0, 1.0])
    )
    assert found == pytest.approx([1.0, 1.0], abs=1e-2)
