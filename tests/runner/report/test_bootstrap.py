"""Bands are those of the theory where there is one, and the same every time."""

import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runner.report.bootstrap import Band, Resampler, block_of, difference
from runner.report.drawdown import drawdown_of

STEPS = 400


def noise(seed: int, mean: float = 0.0, count: int = STEPS) -> list[float]:
    """Return independent returns of deviation one."""
    chance = random.Random(seed)
    return [chance.gauss(mean, 1.0) for _ in range(count)]


def band(values: list[float], block: int = 5, seed: int = 1) -> Band:
    """Return the band of a sum."""
    found = Band.of(Resampler(len(values), block, draws=2000, seed=seed).sums(values))
    assert found is not None
    return found


def test_the_error_of_a_sum_of_independent_returns_is_that_of_the_theory() -> None:
    assert band(noise(3)).error == pytest.approx(math.sqrt(STEPS), rel=0.12)


def test_returns_that_move_together_have_a_wider_band_in_blocks() -> None:
    together = [value for value in noise(4, count=STEPS // 10) for _ in range(10)]
    assert band(together, block=40).error > 2 * band(together, block=1).error


def test_the_interval_holds_the_truth_about_as_often_as_it_says() -> None:
    held = sum(band(noise(seed, 0.1), seed=seed).holds(0.1 * STEPS) for seed in range(60))
    assert 50 <= held <= 60


def test_draws_are_the_same_every_time() -> None:
    assert band(noise(5)) == band(noise(5))


def test_pairs_of_draws_know_what_is_common_to_both_runs() -> None:
    common, own = noise(6), [value / 10 for value in noise(7)]
    one, other = band(common), band([a + b for a, b in zip(common, own, strict=True)])
    paired = difference(one, other, other.low - one.low, paired=True)
    apart = difference(one, other, other.low - one.low, paired=False)
    assert paired.error < apart.error / 5


def test_what_is_the_same_in_every_draw_has_no_error() -> None:
    one = band(noise(8))
    same = Band(one.error, one.low, one.high, tuple(d * (1 + 1e-15) for d in one.draws))
    assert difference(one, same, 1e-16, paired=True) == Band(0.0, 0.0, 0.0)
    sure = one.moved(3.0)
    found = difference(one, sure, 3.0, paired=True)
    assert (found.low, found.high) == (pytest.approx(3.0), pytest.approx(3.0))


def test_a_figure_that_is_no_number_has_no_band() -> None:
    assert Band.of([1.0, math.inf]) is None
    assert Band.of([]) is None


@given(st.integers(4, 2000), st.floats(0.001, 3600))
def test_a_block_is_never_more_than_a_quarter_of_the_run(steps: int, step_s: float) -> None:
    assert 1 <= block_of(steps, step_s) <= max(steps // 4, 1)


@given(st.lists(st.integers(-9, 9), min_size=8, max_size=40), st.integers(1, 7))
def test_a_fall_joined_from_blocks_is_the_fall_of_the_whole_curve(
    values: list[int], block: int
) -> None:
    draws = Resampler(len(values), block, draws=3)
    falls = draws.falls([float(v) for v in values])
    for k, fall in enumerate(falls):
        curve = [0.0]
        for start, length in draws.blocks(k):
            for step in range(length):
                curve.append(curve[-1] + values[(start + step) % len(values)])
        found = drawdown_of(range(len(curve)), curve)
        assert fall == (found.depth if found else 0.0)
