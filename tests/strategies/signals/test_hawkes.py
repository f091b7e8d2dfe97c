"""Intensities are the sums of their definition; means and deviations those of long simulations."""

import math
import random

import pytest

from connectors.model.events import BUY, SELL
from strategies.signals import hawkes
from strategies.signals.hawkes import Hawkes
from tests.support import NOW_NS, SECOND_NS

MU = (0.5, 0.4)
ALPHA = (0.6, 0.3, 0.2, 0.7)
BETA = (2.0, 2.5)


def new_hawkes(
    mu: tuple[float, ...] = MU,
    alpha: tuple[float, ...] = ALPHA,
    beta: tuple[float, ...] = BETA,
) -> Hawkes:
    state = Hawkes()
    state.mu[:], state.alpha[:], state.beta[:] = mu, alpha, beta
    hawkes.prepare(state)
    return state


def simulated(seed: int, seconds: float) -> list[tuple[float, int]]:
    """Return moments and sides of a stretch of the process, by thinning its definition."""
    rng = random.Random(seed)
    excited, t, found = [0.0, 0.0], 0.0, []
    while True:
        most = sum(MU) + sum(excited)
        wait = rng.expovariate(most)
        t += wait
        if t > seconds:
            return found
        excited = [e * math.exp(-b * wait) for e, b in zip(excited, BETA, strict=True)]
        pick = rng.random() * most
        side = 0 if pick < MU[0] + excited[0] else 1
        if pick < sum(MU) + sum(excited):
            found.append((t, side))
            excited = [excited[j] + ALPHA[2 * side + j] for j in range(2)]


def test_the_intensity_is_the_double_sum() -> None:
    state = new_hawkes()
    hawkes.observe(state, NOW_NS)
    orders = simulated(1, 60.0)
    for k, (t, side) in enumerate(orders):
        now_ns = NOW_NS + int(t * 1e9)
        hawkes.add_order(state, side, now_ns)
        for j in (BUY, SELL):
            summed = MU[j] + sum(
                ALPHA[2 * i + j] * math.exp(-BETA[j] * ((now_ns - NOW_NS) * 1e-9 - earlier))
                for earlier, i in orders[: k + 1]
            )
            assert hawkes.intensity_per_s(state, j) == pytest.approx(summed, rel=1e-6)


def test_mean_and_deviation_are_those_of_a_long_simulation() -> None:
    state = new_hawkes()
    totals, squares, steps = [0.0, 0.0], [0.0, 0.0], 0
    orders = simulated(2, 20_000.0)
    at = 0
    for tenth in range(10, 200_000):
        now_ns = NOW_NS + tenth * SECOND_NS // 10
        while at < len(orders) and NOW_NS + int(orders[at][0] * 1e9) <= now_ns:
            hawkes.add_order(state, orders[at][1], NOW_NS + int(orders[at][0] * 1e9))
            at += 1
        hawkes.observe(state, now_ns)
        steps += 1
        for j in range(2):
            value = hawkes.intensity_per_s(state, j)
            totals[j] += value
            squares[j] += value * value
    for j in range(2):
        mean = totals[j] / steps
        deviation = math.sqrt(squares[j] / steps - mean * mean)
        assert state.mean[j] == pytest.approx(mean, rel=0.03)
        assert state.deviation[j] == pytest.approx(deviation, rel=0.04)


def test_without_crossing_the_variance_is_the_known_one() -> None:
    state = new_hawkes((0.6, 0.6), (0.9, 0.0, 0.0, 0.9), (2.0, 2.0))
    mean = 0.6 / (1 - 0.45)
    assert state.mean == pytest.approx([mean, mean], rel=1e-12)
    variance = 0.9 * 0.9 * mean / (2 * (2.0 - 0.9))
    assert state.deviation == pytest.approx([math.sqrt(variance)] * 2, rel=1e-12)


@pytest.mark.parametrize(
    "settings",
    [
        {"alpha": (2.0, 0.0, 0.0, 0.1)},
        {"alpha": (0.0, 3.0, 3.0, 0.0)},
        {"alpha": (0.6, -0.1, 0.2, 0.7)},
        {"alpha": (0.0, 0.0, 0.0, 0.0)},
        {"mu": (0.0, 0.4)},
        {"beta": (0.0, 2.0)},
        {"beta": (math.nan, 2.0)},
        {"mu": (math.inf, 0.4)},
    ],
)
def test_settings_without_a_stationary_state_are_refused(
    settings: dict[str, tuple[float, ...]],
) -> None:
    state = new_hawkes(**settings)
    assert not state.stationary
    hawkes.observe(state, NOW_NS)
    hawkes.observe(state, NOW_NS + 10**6 * SECOND_NS)
    assert not hawkes.is_ready(state)
    assert hawkes.score(state, BUY) == 0.0


def test_a_score_waits_for_the_warm_up_and_then_follows_the_flow() -> None:
    state = new_hawkes()
    hawkes.observe(state, NOW_NS)
    for _ in range(5):
        hawkes.add_order(state, BUY, NOW_NS)
    assert not hawkes.is_ready(state)
    assert hawkes.score(state, BUY) == 0.0
    later_ns = NOW_NS + state.warmup_ns
    hawkes.observe(state, later_ns)
    assert hawkes.is_ready(state)
    calm = hawkes.score(state, BUY)
    assert calm == pytest.approx((MU[0] - state.mean[0]) / state.deviation[0], abs=0.01)
    for _ in range(5):
        hawkes.add_order(state, BUY, later_ns)
    assert hawkes.score(state, BUY) > hawkes.score(state, SELL) > 3.0 > calm


@pytest.mark.parametrize("step_ns", [0, -SECOND_NS])
def test_a_clock_that_stands_or_goes_back_changes_nothing(step_ns: int) -> None:
    state = new_hawkes()
    hawkes.add_order(state, BUY, NOW_NS)
    before = list(state.excitation)
    hawkes.observe(state, NOW_NS + step_ns)
    assert (state.excitation, state.last_ns) == (before, NOW_NS)
    hawkes.observe(state, NOW_NS + 10**9 * SECOND_NS)
    assert state.excitation == [0.0, 0.0]
