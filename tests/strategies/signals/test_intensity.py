"""Fits find the truth of simulated orders, are local, and refuse what has no slope."""

import math
import random

import pytest

from connectors.model.events import BUY, SELL
from strategies.signals import depths, intensity, own_intensity
from strategies.signals.depths import CELLS, Depths
from strategies.signals.intensity import FEW, FITTED, FLAT, STEEP, Intensity
from strategies.signals.own_intensity import OwnIntensity
from tests.support import NOW_NS, SECOND_NS


def reached(depths_bps: list[float], seconds: float, tau_s: float = 1e9) -> Intensity:
    """Return the state after orders evenly spread over some time."""
    state = Intensity()
    state.reached.tau_s = tau_s
    intensity.observe(state, NOW_NS)
    for k, depth in enumerate(depths_bps):
        intensity.observe(state, NOW_NS + int((k + 1) * seconds / len(depths_bps) * 1e9))
        intensity.add_order(state, depth)
    return state


def test_k_and_a_of_an_exponential_market_are_found_at_any_distance() -> None:
    rng = random.Random(1)
    seconds, k, a = 40_000.0, 1.5, 1.0
    orders = [rng.expovariate(k) for _ in range(int(2 * a * seconds))]
    state = reached(orders, seconds)
    for quoted_bps in (0.5, 1.0, 2.0):
        assert intensity.fit(state, quoted_bps) == FITTED
        assert state.k_per_bps == pytest.approx(k, rel=0.1)
        assert state.a_per_s == pytest.approx(a, rel=0.15)


def test_a_fit_is_local() -> None:
    rng = random.Random(2)
    near = [rng.expovariate(25.0) for _ in range(20_000)]
    far = [0.3 + rng.expovariate(2.0) for _ in range(2_000)]
    state = reached(rng.sample(near + far, 22_000), 10_000.0)
    assert intensity.fit(state, 0.08) == FITTED
    assert state.k_per_bps == pytest.approx(25.0, rel=0.15)
    assert intensity.fit(state, 1.0) == FITTED
    assert state.k_per_bps == pytest.approx(2.0, rel=0.15)


@pytest.mark.parametrize(
    ("orders", "status"),
    [
        ([], FEW),
        ([1.0] * 29, FEW),
        ([0.45 + 0.01 * k for k in range(206)], FLAT),
        ([1.9] * 50, FLAT),
        ([0.7 + 0.02 * k for k in range(20)] * 2 + [0.5, 0.48], FITTED),
        ([math.nan, math.inf] * 100, FEW),
    ],
)
def test_a_refusal_is_a_value(orders: list[float], status: int) -> None:
    state = reached(orders, 100.0) if orders else Intensity()
    assert intensity.fit(state, 1.0) == state.status == status
    assert (state.k_per_bps > 0.0) == (state.a_per_s > 0.0) == (status == FITTED)


def test_orders_at_the_mid_alone_are_too_steep() -> None:
    state = reached([0.0] * 100, 100.0)
    assert intensity.fit(state, 0.01) == STEEP


@pytest.mark.parametrize("x", [1e-9, 1e-4, 0.3, 5.0, 400.0, 1e4])
def test_the_decay_is_the_one_whose_mean_excess_is_given(x: float) -> None:
    length = 3.0
    k = x / length
    mean = 1 / k - length / math.expm1(x) if 1e-3 < x < 600 else (1 / k if x > 1 else None)
    if mean is None:
        mean = length * (0.5 - x / 12)
    found = intensity.decay_per_bps(mean, length)
    assert found == pytest.approx(k, rel=1e-6, abs=1e-6)
    assert intensity.decay_per_bps(mean, math.inf) == 1.0 / mean


@pytest.mark.parametrize("tau_s", [1.0, 50.0])
def test_what_fades_is_the_plain_sum(tau_s: float) -> None:
    rng = random.Random(3)
    state, now_ns, seen = Depths(), NOW_NS, []
    state.tau_s = tau_s
    depths.pass_time(state, now_ns)
    for _ in range(2000):
        now_ns += rng.choice((0, 10**6, 3 * 10**8))
        depths.pass_time(state, now_ns)
        seen.append((now_ns, rng.choice((0.0, 0.3, 5.0))))
        depths.add(state, seen[-1][1], 2.0)
    weights = [(math.exp(-(now_ns - at) * 1e-9 / tau_s), d) for at, d in seen]
    total = 2.0 * math.fsum(w for w, _ in weights)
    assert depths.amount(state, 0, CELLS) == pytest.approx(total, rel=1e-9)
    mean = 2.0 * math.fsum(w * d for w, d in weights) / total
    assert depths.mean_bps(state, 0, CELLS) == pytest.approx(mean, rel=1e-9)
    faded = tau_s * (1 - math.exp(-(now_ns - NOW_NS) * 1e-9 / tau_s))
    assert depths.seconds(state) == pytest.approx(faded, rel=1e-9)


def test_a_pause_beyond_all_memory_forgets() -> None:
    state = reached([1.0] * 50, 10.0, tau_s=2.0)
    intensity.observe(state, NOW_NS + 10**6 * SECOND_NS)
    assert depths.amount(state.reached, 0, CELLS) == 0.0
    assert depths.seconds(state.reached) == pytest.approx(2.0)
    assert intensity.fit(state, 1.0) == FEW


def test_cells_hold_what_lies_between_their_edges() -> None:
    for k in range(1, CELLS):
        middle = depths.edge_bps(k) * 1.05
        assert depths.cell(middle) == k
        assert depths.cell(depths.edge_bps(k) * 0.95) == k - 1
    assert depths.cell(0.0) == 0
    assert depths.cell(1e12) == CELLS - 1


def own(seed: int, seconds: int, distances: tuple[float, ...]) -> OwnIntensity:
    """Quote both sides at drawn distances, a second each, in a market with A = .5 and k = 1.5."""
    rng = random.Random(seed)
    state = OwnIntensity()
    own_intensity.start(state, 1e9)
    for second in range(seconds):
        quoted = (rng.choice(distances), rng.choice(distances))
        own_intensity.observe(state, *quoted, NOW_NS + second * SECOND_NS)
        for side in (BUY, SELL):
            if rng.random() < 0.5 * math.exp(-1.5 * quoted[side]):
                own_intensity.add_fill(state, side)
    return state


def test_own_fills_tell_k_and_a() -> None:
    found = []
    for seed in range(8):
        state = own(seed, 3000, (0.2, 0.5, 1.0, 2.0))
        assert own_intensity.fit(state) == FITTED
        found.append((state.k_per_bps, state.a_per_s))
    assert sum(k for k, _ in found) / 8 == pytest.approx(1.5, rel=0.06)
    assert sum(a for _, a in found) / 8 == pytest.approx(0.5, rel=0.06)


def test_one_distance_or_few_fills_tell_nothing() -> None:
    assert own_intensity.fit(own(1, 3000, (1.0,))) in (FLAT, STEEP)
    few = own(1, 20, (1.0, 2.0))
    assert own_intensity.fit(few) == few.status == FEW
    assert own_intensity.fit(OwnIntensity()) == FEW


def test_fills_that_come_more_often_farther_out_are_refused() -> None:
    state = OwnIntensity()
    own_intensity.start(state, 1e9)
    for second in range(200):
        far = second % 2 == 1
        own_intensity.observe(state, 2.0 if far else 1.0, -1.0, NOW_NS + second * SECOND_NS)
        if far or second % 4 == 0:
            own_intensity.add_fill(state, BUY)
        own_intensity.add_fill(state, SELL)
    assert own_intensity.fit(state) == FLAT
    assert (state.count, state.k_per_bps, state.a_per_s) == (pytest.approx(150.0), 0.0, 0.0)
