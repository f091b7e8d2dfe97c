"""What is measured comes near what is true, begins at what was expected, and fades."""

import math
import random

import pytest

from strategies.hedge_measured import Basis, Fills

MEMORY_S = 20_000.0


def watched(fills: Fills, per_s: float, skew: float, length_s: float, seed: int) -> Fills:
    """Draw fills of one clip, with rates that lean against what is held."""
    rng = random.Random(seed)
    held, now_s = 0, 0.0
    while now_s < length_s:
        up, down = (per_s * math.exp(-sign * skew * held) for sign in (1, -1))
        lasts_s = rng.expovariate(up + down)
        now_s += lasts_s
        fills.hold(held, lasts_s)
        step = 1 if rng.random() * (up + down) < up else -1
        fills.move(step)
        held += step
    return fills


@pytest.mark.parametrize("skew", [0.0, 0.3])
def test_the_rate_at_flat_is_found_whatever_the_skew(skew: float) -> None:
    fills = Fills.expected(0.5, skew, MEMORY_S)
    assert fills.per_s == pytest.approx(0.5)
    assert watched(fills, 0.05, skew, 6 * MEMORY_S, seed=4).per_s == pytest.approx(0.05, rel=0.1)


def test_a_third_of_a_clip_adds_a_ninth() -> None:
    whole, parts = (Fills.expected(1.0, 0.0, 100.0) for _ in range(2))
    whole.move(1.0)
    for _ in range(9):
        parts.move(1 / 3)
    assert parts.per_s == pytest.approx(whole.per_s)


def test_without_a_fill_the_rate_goes_down_and_stays_above_zero() -> None:
    fills = Fills.expected(0.05, 0.1, 600.0)
    fills.hold(0.0, 600.0)
    assert 0.01 < fills.per_s < 0.03
    fills.hold(0.0, 600_000.0)
    assert fills.per_s > 0.0


def test_the_drift_of_two_prices_is_found_and_a_gap_is_no_drift() -> None:
    rng = random.Random(9)
    basis = Basis.expected(2.0, 3_000.0)
    assert basis.bps_per_sqrt_s == pytest.approx(2.0)
    apart = 0.0
    for step in range(3_000):
        apart += rng.gauss(0.0, 0.3 * math.sqrt(10.0))
        basis.look(None if step % 50 == 0 else apart, 10.0)
        apart += 100.0 if step % 50 == 49 else 0.0
    assert basis.bps_per_sqrt_s == pytest.approx(0.3, rel=0.1)
