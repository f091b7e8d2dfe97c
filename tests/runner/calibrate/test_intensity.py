"""The local slope is the slope where we quote, and nothing is said without enough orders."""

import numpy as np
import pytest

from runner.calibrate.estimate import Blocks, Estimate, Refused
from runner.calibrate.intensity import local_fits, mean_slope, reaching_per_s, slope
from tests.runner.calibrate.made import orders_at, recording, tops

SECONDS = 4000.0
BOOK = tops([0.0], [100_000])


def exponential(rate_per_s: float, k: float, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Return times and depths of both sides' orders, each side with A and k."""
    rng = np.random.default_rng(seed)
    count = rng.poisson(2 * rate_per_s * SECONDS)
    return rng.uniform(0, SECONDS, count), rng.exponential(1 / k, count)


def test_level_and_slope_come_back_within_their_errors() -> None:
    off = []
    for seed in range(20):
        made = recording(BOOK, SECONDS, orders=orders_at(*exponential(0.5, 1.5, seed)))
        blocks = Blocks.over(made.start_ns, made.end_ns)
        level, k = local_fits(made, blocks, 0.4, 1.6)
        assert isinstance(level, Estimate)
        assert isinstance(k, Estimate)
        off.append(((level.value - 0.5) / level.error, (k.value - 1.5) / k.error))
    scaled = np.array(off)
    assert (np.abs(scaled) < 3.5).all()
    assert (np.abs(scaled.mean(axis=0)) < 1.0).all()


def test_a_kink_elsewhere_does_not_move_the_local_slope() -> None:
    near = exponential(20.0, 30.0, 1)
    far = exponential(0.5, 1.5, 2)
    both = orders_at(np.append(near[0], far[0]), np.append(near[1], far[1]))
    made = recording(BOOK, SECONDS, orders=both)
    blocks = Blocks.over(made.start_ns, made.end_ns)
    _, k = local_fits(made, blocks, 0.5, 2.0)
    everywhere = mean_slope(made, blocks, 0.0)
    assert isinstance(k, Estimate)
    assert isinstance(everywhere, Estimate)
    assert abs(k.value - 1.5) < 3 * k.error
    assert everywhere.value > 10
    reaching = reaching_per_s(made, blocks, 1.0)
    assert isinstance(reaching, Estimate)
    assert abs(reaching.value - 0.5 * np.exp(-1.5)) < 3 * reaching.error


@pytest.mark.parametrize(
    ("depth", "why"),
    [
        (np.linspace(0.5, 2.0, 29), "29 orders reached 0.50 to 2.00 bps, expected 30"),
        (np.linspace(1.5, 2.0, 200), "200 events do not determine it"),
    ],
)
def test_too_few_orders_or_a_rising_intensity_is_refused(depth: np.ndarray, why: str) -> None:
    at = np.linspace(0, SECONDS - 1, len(depth))
    made = recording(BOOK, SECONDS, orders=orders_at(at, depth))
    blocks = Blocks.over(made.start_ns, made.end_ns)
    assert local_fits(made, blocks, 0.5, 2.0) == (Refused(why), Refused(why))


@pytest.mark.parametrize("k", [0.05, 0.5, 3.0, 40.0])
def test_the_slope_solves_its_equation(k: float) -> None:
    width = 1.5
    mean = 1 / k - width / np.expm1(k * width)
    found = slope(np.array([1000.0]), np.array([1000.0 * mean]), width)
    assert found[0] == pytest.approx(k, rel=1e-6)
