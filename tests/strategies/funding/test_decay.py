"""A rate's decay: what is fitted, and what a sum of the next rates comes to."""

import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from strategies.funding.decay import Decay, fit, forecast, half_life


def series(count: int, b: float, mean: float, noise: float, seed: int) -> list[float]:
    """Return an AR(1) that has run for a while."""
    chance = random.Random(seed)
    rate, found = mean, []
    for k in range(count + 200):
        rate = mean + b * (rate - mean) + noise * chance.gauss(0.0, 1.0)
        if k >= 200:
            found.append(rate)
    return found


def test_too_few_rates_are_not_fitted() -> None:
    assert fit([1e-5] * 8) is None
    assert fit([1e-5] * 9) is not None


def test_a_rate_that_never_changes_is_expected_to_stay_for_certain() -> None:
    decay = fit([1.25e-5] * 90)
    assert decay is not None
    total = forecast(decay, 24)
    assert total.value == pytest.approx(24 * 1.25e-5, rel=1e-12)
    assert total.error == 0.0
    assert half_life(decay).value == 0.0


@pytest.mark.parametrize("b", [0.3, 0.8, 0.95])
def test_what_made_a_series_is_found_within_its_errors(b: float) -> None:
    decay = fit(series(4_000, b, 2e-5, 1e-5, seed=7))
    assert decay is not None
    assert abs(decay.persistence - b) < 3 * decay.persistence_error
    assert abs(decay.mean - 2e-5) < 3 * decay.mean_error
    assert decay.noise == pytest.approx(1e-5, rel=0.05)
    life = half_life(decay)
    assert abs(life.value - math.log(0.5) / math.log(b)) < 3 * life.error


def test_a_window_cannot_tell_more_persistence_than_it_is_long() -> None:
    decay = fit([k * 1e-6 for k in range(50)])
    assert decay is not None
    assert decay.persistence == 1.0 - 1.0 / 49


@given(st.floats(0.0, 0.98), st.floats(-1e-3, 1e-3), st.floats(-1e-3, 1e-3), st.integers(1, 60))
def test_a_forecast_is_the_sum_of_its_steps(
    b: float, last: float, mean: float, periods: int
) -> None:
    """Mean, noise and both errors against plain loops."""
    noise, of_mean, of_b = 2e-5, 3e-6, 0.04
    rate, total = last, 0.0
    for _ in range(periods):
        rate = mean + b * (rate - mean)
        total += rate
    echoes = [sum(b**j for j in range(periods - k)) for k in range(periods)]
    variance = sum(echo * echo for echo in echoes) * noise * noise
    variance += (sum(1 - b**j for j in range(1, periods + 1)) * of_mean) ** 2
    slope = sum(j * b ** (j - 1) for j in range(1, periods + 1))
    variance += ((last - mean) * slope * of_b) ** 2
    found = forecast(Decay(last, mean, b, noise, of_mean, of_b), periods)
    assert found.value == pytest.approx(total, rel=1e-9, abs=1e-15)
    assert found.error == pytest.approx(math.sqrt(variance), rel=1e-6)


def test_a_forecasts_error_is_what_sums_really_do() -> None:
    """The share of 20-period sums within two deviations, of windows of a known process."""
    inside = total = 0
    for seed in range(120):
        rates = series(320, 0.7, 1e-5, 1e-5, seed)
        decay = fit(rates[:300])
        assert decay is not None
        found = forecast(decay, 20)
        inside += abs(sum(rates[300:]) - found.value) < 2 * found.error
        total += 1
    assert 0.88 < inside / total <= 1.0
