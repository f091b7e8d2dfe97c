"""The estimate is per second, unbiased for any sampling, and honest about its prior."""

import math
import random

import pytest

from strategies.desk import Desk
from strategies.signals.volatility import read, sample
from tests.support import MS, NOW_NS, SECOND_NS, new_desk

SECONDS_A_YEAR = 31_536_000
HALF_A_YEAR_BPS = 0.8903621732722672
"""50 % a year, in bps per square root of a second."""


def walk(desk: Desk, gaps_s: list[float], sigma_bps: float, rng: random.Random) -> None:
    """Show a driftless geometric walk at moments `gaps_s` apart."""
    now_ns, log_mid = NOW_NS, 0.0
    sample(desk.volatility, desk.params, 1_000_000.0, now_ns)
    for gap_s in gaps_s:
        now_ns += int(gap_s * 1e9)
        log_mid += rng.gauss(0.0, sigma_bps * 1e-4 * math.sqrt(gap_s))
        sample(desk.volatility, desk.params, 1_000_000.0 * math.exp(log_mid), now_ns)


def sigmas(desk: Desk) -> tuple[float, float]:
    read(desk.volatility, desk.params, desk.signals)
    return desk.signals.sigma_live_bps, desk.signals.sigma_reference_bps


def regular(rng: random.Random) -> float:
    return 0.2


def poisson(rng: random.Random) -> float:
    return rng.expovariate(5.0)


def bursts(rng: random.Random) -> float:
    return rng.choice((0.001, 0.001, 0.001, 3.0))


@pytest.mark.parametrize("spacing", [regular, poisson, bursts])
def test_it_is_unbiased_for_any_sampling_and_from_the_first_sample_on(spacing: object) -> None:
    rng = random.Random(7)
    variances = []
    for _ in range(400):
        desk = new_desk(sample_ns=0, warmup_s=0.0, live_tau_s=3.0, floor_bps=0.0)
        walk(desk, [spacing(rng) for _ in range(60)], HALF_A_YEAR_BPS, rng)  # type: ignore[operator]
        variance = desk.volatility.live_num / desk.volatility.live_den * 1e8
        variances.append(variance / HALF_A_YEAR_BPS**2)
    mean = math.fsum(variances) / len(variances)
    error = math.sqrt(math.fsum((v - mean) ** 2 for v in variances)) / len(variances)
    assert abs(mean - 1.0) < 4 * error
    assert error < 0.06


def test_the_spread_of_the_estimate_is_that_of_the_theory() -> None:
    rng = random.Random(11)
    found = []
    for _ in range(150):
        desk = new_desk(sample_ns=0, warmup_s=0.0, live_tau_s=4.0)
        walk(desk, [0.2] * 120, 1.0, rng)
        found.append(desk.volatility.live_num / desk.volatility.live_den * 1e8)
    mean = math.fsum(found) / len(found)
    relative = math.sqrt(math.fsum((v - mean) ** 2 for v in found) / len(found)) / mean
    assert relative == pytest.approx(math.sqrt(0.2 / 4.0), rel=0.25)


def zigzag(desk: Desk, first_s: int, last_s: int, sigma_bps: float) -> None:
    """Show a mid that moves by exactly `sigma_bps` each second, up and down."""
    for second in range(first_s, last_s):
        mid = 1_000_000.0 * math.exp(sigma_bps * 1e-4 * (second % 2))
        sample(desk.volatility, desk.params, mid, NOW_NS + second * SECOND_NS)


def test_fifty_per_cent_a_year_reads_as_its_bps() -> None:
    desk = new_desk(warmup_s=0.0)
    zigzag(desk, 0, 4000, 1e4 * 0.5 / math.sqrt(SECONDS_A_YEAR))
    assert sigmas(desk) == pytest.approx((HALF_A_YEAR_BPS, HALF_A_YEAR_BPS), rel=1e-9)


def test_live_and_reference_are_equal_when_their_memories_are() -> None:
    desk = new_desk(live_tau_s=50.0, reference_tau_s=50.0, sample_ns=0, warmup_s=5.0)
    rng = random.Random(3)
    walk(desk, [rng.expovariate(1.0) for _ in range(300)], 2.0, rng)
    live, reference = sigmas(desk)
    assert live == reference


def test_live_follows_a_change_and_reference_hardly() -> None:
    desk = new_desk(live_tau_s=10.0, reference_tau_s=10_000.0, warmup_s=0.0)
    zigzag(desk, 0, 2000, 1.0)
    zigzag(desk, 2000, 2030, 5.0)
    live, reference = sigmas(desk)
    assert live == pytest.approx(math.sqrt(25 - 24 * math.exp(-3.0)), rel=0.02)
    assert reference < 1.2


def test_samples_closer_than_the_interval_are_merged() -> None:
    desk = new_desk(sample_ns=SECOND_NS)
    taken = [
        sample(desk.volatility, desk.params, 1_000_000.0 + k, NOW_NS + k * 400 * MS)
        for k in range(7)
    ]
    assert taken == [False, False, False, True, False, False, True]
    assert desk.volatility.seen_s == pytest.approx(2.4)


@pytest.mark.parametrize("back_ns", [0, 1, SECOND_NS])
def test_time_that_stands_or_goes_back_is_no_sample(back_ns: int) -> None:
    desk = new_desk(sample_ns=0)
    sample(desk.volatility, desk.params, 1_000_000.0, NOW_NS)
    assert not sample(desk.volatility, desk.params, 2_000_000.0, NOW_NS - back_ns)
    assert desk.volatility.seen_s == 0.0


def test_the_prior_fades_out_over_the_warm_up() -> None:
    desk = new_desk(warmup_s=60.0, prior_bps=2.0, floor_bps=0.0)
    assert sigmas(desk) == (2.0, 2.0)
    desk.volatility.live_den = desk.volatility.reference_den = 1.0
    for seen_s, weight in ((0.0, 1.0), (15.0, 0.75), (30.0, 0.5), (59.0, 1 / 60)):
        desk.volatility.seen_s = seen_s
        assert sigmas(desk)[0] == pytest.approx(2.0 * math.sqrt(weight))
        assert desk.signals.prior_in_use
    desk.volatility.seen_s = 60.0
    assert sigmas(desk) == (0.0, 0.0)
    assert not desk.signals.prior_in_use


def test_without_samples_the_prior_stands_even_without_a_warm_up() -> None:
    assert sigmas(new_desk(warmup_s=0.0, prior_bps=0.7)) == (0.7, 0.7)


def test_a_market_that_stands_still_reads_the_floor() -> None:
    desk = new_desk(warmup_s=0.0, floor_bps=0.2)
    walk(desk, [1.0] * 10, 0.0, random.Random(1))
    assert sigmas(desk) == (0.2, 0.2)
