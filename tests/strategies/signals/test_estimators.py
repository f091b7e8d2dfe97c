"""Each estimator finds the truth of a random walk, and has the property that it is chosen for."""

import math
import random

import pytest

from strategies.desk import Desk
from strategies.signals import smoothing
from strategies.signals.smoothing import Smoothing
from strategies.signals.volatility import BIPOWER, EWMA, WINDOW, read, sample
from strategies.signals.window import SAMPLES
from tests.support import NOW_NS, SECOND_NS, new_desk

TRUTH_BPS = 0.9


def walked(
    seed: int,
    steps: int,
    step_s: float = 1.0,
    noise_bps: float = 0.0,
    jump_bps: float = 0.0,
    **params: float,
) -> Desk:
    """Return a desk that saw a random walk, with a jump half-way and a bouncing mid if asked."""
    rng = random.Random(seed)
    desk = new_desk(**{"warmup_s": 0.0, "floor_bps": 0.0, "sample_ns": SECOND_NS, **params})
    log_mid = 0.0
    for k in range(steps):
        now_ns = NOW_NS + int(k * step_s * SECOND_NS)
        log_mid += rng.gauss(0.0, TRUTH_BPS * 1e-4 * math.sqrt(step_s))
        if k == steps // 2:
            log_mid += jump_bps * 1e-4
        shown = log_mid + rng.gauss(0.0, noise_bps * 1e-4)
        sample(desk.volatility, desk.params, 1e6 * math.exp(shown), now_ns)
    read(desk.volatility, desk.params, desk.signals)
    return desk


def variance(desk: Desk) -> float:
    """Return the live variance in units of the truth."""
    return (desk.signals.sigma_live_bps / TRUTH_BPS) ** 2


@pytest.mark.parametrize("estimator", [EWMA, WINDOW, BIPOWER])
@pytest.mark.parametrize("step_s", [1.0, 0.7, 3.0])
def test_none_is_biased_on_a_random_walk(estimator: int, step_s: float) -> None:
    found = [
        variance(walked(seed, 300, step_s, live_tau_s=40.0, estimator=estimator))
        for seed in range(60)
    ]
    mean = math.fsum(found) / 60
    error = math.sqrt(math.fsum((v - mean) ** 2 for v in found)) / 60
    assert abs(mean - 1.0) < 4 * error < 0.2


def test_a_jump_hardly_moves_the_bipower_estimate() -> None:
    plain, robust = (
        variance(walked(3, 600, jump_bps=30.0, live_tau_s=150.0, estimator=e))
        for e in (EWMA, BIPOWER)
    )
    assert plain > 1.8
    assert robust < 1.4


def test_a_window_forgets_a_jump_at_once() -> None:
    seen = {
        steps: variance(walked(4, steps, live_tau_s=10.0, estimator=WINDOW, jump_bps=50.0))
        for steps in (38, 42)
    }
    assert seen[38] > 20.0
    assert seen[42] < 3.0


def test_a_window_is_the_plain_sum_also_when_its_ring_is_full() -> None:
    desk = walked(5, SAMPLES + 3000, live_tau_s=60.0, reference_tau_s=1e6, estimator=WINDOW)
    window = desk.volatility.window
    assert window.count == SAMPLES + 2999
    assert window.count - window.live_first == 120
    assert window.count - window.reference_first == SAMPLES
    last = [window.squared[(window.count - 1 - k) % SAMPLES] for k in range(120)]
    assert window.live_num == pytest.approx(math.fsum(last), rel=1e-9)
    assert window.live_den == pytest.approx(120.0, rel=1e-9)
    assert window.reference_num == pytest.approx(math.fsum(window.squared), rel=1e-9)


def test_smoothing_takes_noise_out_and_its_own_bias_too() -> None:
    noisy = {"noise_bps": 1.0, "step_s": 0.1, "live_tau_s": 200.0}
    raw = [variance(walked(seed, 6000, **noisy)) for seed in range(8)]
    smooth = [variance(walked(seed, 6000, smoothing_tau_s=1.0, **noisy)) for seed in range(8)]
    clean = [
        variance(walked(seed, 6000, 0.1, smoothing_tau_s=1.0, live_tau_s=200.0))
        for seed in range(8)
    ]
    assert math.fsum(raw) / 8 > 3.0
    assert math.fsum(smooth) / 8 < 1.3
    assert math.fsum(clean) / 8 == pytest.approx(1.0, abs=0.1)


def test_an_average_knows_the_mid_in_force() -> None:
    state = Smoothing()
    assert smoothing.update(state, 100.0, 2.0, NOW_NS) == 100.0
    assert smoothing.update(state, 110.0, 2.0, NOW_NS + SECOND_NS) == 100.0
    later = smoothing.update(state, 90.0, 2.0, NOW_NS + 3 * SECOND_NS)
    assert later == pytest.approx(110.0 - 10.0 * math.exp(-1.0))
    assert smoothing.update(state, 80.0, 2.0, NOW_NS) == later


@pytest.mark.parametrize("dt", [1e-9, 0.1, 1.0, 60.0])
def test_the_share_of_variance_lies_between_nothing_and_all(dt: float) -> None:
    assert 0.0 <= smoothing.variance_s(dt, 1.0) <= dt
    assert smoothing.variance_s(dt, 1e-6) == pytest.approx(dt, abs=1.1e-6)
