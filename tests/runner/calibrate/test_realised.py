"""Noise and jumps move the plain measure and hardly the robust ones."""

import random

import pytest

from runner.calibrate.log_counts import counts_beyond, log_count_fit
from runner.calibrate.realised import realised


def prices(noise: float, jump: float, seed: int = 1) -> list[float]:
    rng = random.Random(seed)
    at, found = 0.0, []
    for k in range(20_000):
        at += rng.gauss(0.0, 1e-4) + (jump if k == 10_000 else 0.0)
        found.append(at + rng.gauss(0.0, noise))
    return found


TRUTH = 20_000 * 1e-8


def test_without_noise_and_jumps_all_agree() -> None:
    r = realised(prices(0.0, 0.0), 60)
    for value in (r.rv, r.bipower, r.med_rv, r.min_rv):
        assert value == pytest.approx(TRUTH, rel=0.05)
    assert r.tsrv_adjusted == pytest.approx(TRUTH, rel=0.15)


def test_two_scales_take_the_noise_out() -> None:
    r = realised(prices(2e-4, 0.0), 60)
    assert r.rv > 8 * TRUTH
    assert r.tsrv_adjusted == pytest.approx(TRUTH, rel=0.25)
    assert r.noise == pytest.approx(4e-8 + 1e-8 / 2, rel=0.05)


def test_a_jump_moves_the_plain_measure_alone() -> None:
    r = realised(prices(0.0, 0.02), 2)
    assert r.rv > 2.5 * TRUTH
    for value in (r.bipower, r.med_rv, r.min_rv):
        assert value == pytest.approx(TRUTH, rel=0.1)


@pytest.mark.parametrize(("count", "grids"), [(3, 2), (5, 5), (10, 1)])
def test_too_few_prices_are_said(count: int, grids: int) -> None:
    with pytest.raises(ValueError, match="expected at least"):
        realised([0.0] * count, grids)


def test_a_line_through_log_counts_finds_an_exponential() -> None:
    rng = random.Random(2)
    depths = [rng.expovariate(1.5) for _ in range(60_000)]
    grid = [0.2, 0.5, 1.0, 1.5]
    for weighted in (False, True):
        a, k = log_count_fit(counts_beyond(depths, grid), grid, 60_000.0, weighted)
        assert (a, k) == pytest.approx((1.0, 1.5), rel=0.05)


@pytest.mark.parametrize("counts", [[5], [5, 0]])
def test_a_line_needs_two_distances_that_were_reached(counts: list[int]) -> None:
    with pytest.raises(ValueError, match="each reached"):
        log_count_fit(counts, [0.1, 0.2][: len(counts)], 1.0, True)
