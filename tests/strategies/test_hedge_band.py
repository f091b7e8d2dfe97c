"""The band is where theory, the chain and a simulation put it."""

import math
import random
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from strategies.hedge_band import (
    Terms,
    chain_cost,
    fixed_band,
    proportional_band,
    proportional_cost,
    solved_band,
    stationary,
)
from strategies.hedging import net_grains, wanted_lots
from tests.support import MID_TICKS, checked, new_desk

UNSKEWED = Terms(
    gamma_per_bps_clip=0.0355,
    sigma_bps=0.8904,
    basis_bps=0.0,
    cost_bps=6.0,
    fixed_cost_bps_clips=0.0,
    fills_per_s=0.05,
    skew_per_clip=0.0,
    limit_clips=10,
)
SKEWED = replace(UNSKEWED, cost_bps=2.0, skew_per_clip=0.1, basis_bps=0.3)


def simulated_cost(terms: Terms, band: int, length_s: float, seed: int) -> float:
    """Return what a band costs a second when each fill is drawn."""
    rng = random.Random(seed)
    held = hedge = 0
    cost = now_s = 0.0
    while now_s < length_s:
        up = terms.fills_per_s * math.exp(-terms.skew_per_clip * held)
        down = terms.fills_per_s * math.exp(terms.skew_per_clip * held)
        up *= held < terms.limit_clips
        down *= held > -terms.limit_clips
        step_s = rng.expovariate(up + down)
        risk = (terms.sigma_bps * (held + hedge)) ** 2 + (terms.basis_bps * hedge) ** 2
        cost += 0.5 * terms.gamma_per_bps_clip * risk * step_s
        now_s += step_s
        held += 1 if rng.random() * (up + down) < up else -1
        if abs(held + hedge) > band:
            hedge -= 1 if held + hedge > 0 else -1
            cost += terms.cost_bps + terms.fixed_cost_bps_clips
    return cost / now_s


def test_the_closed_form_gives_the_known_example() -> None:
    band = proportional_band(UNSKEWED)
    assert band == pytest.approx(3.174056242267354, rel=1e-12)
    assert proportional_cost(UNSKEWED, band) < proportional_cost(UNSKEWED, 1.01 * band)
    assert proportional_cost(UNSKEWED, band) < proportional_cost(UNSKEWED, 0.99 * band)


def test_the_lattice_has_its_least_cost_at_three_clips() -> None:
    costs = [round(chain_cost(UNSKEWED, band), 3) for band in range(1, 6)]
    assert costs == [0.209, 0.148, 0.142, 0.16, 0.195]
    assert solved_band(UNSKEWED) == 3


def test_a_fixed_cost_widens_with_its_fourth_root() -> None:
    terms = replace(UNSKEWED, cost_bps=0.0, fixed_cost_bps_clips=2.0)
    band = fixed_band(terms)
    assert band**4 == pytest.approx(12 * 2.0 * 0.1 / (0.0355 * 0.8904**2))
    assert fixed_band(replace(terms, fixed_cost_bps_clips=32.0)) == pytest.approx(2 * band)


@pytest.mark.parametrize("band", [0, 1, 2, 3])
def test_the_chain_costs_what_a_simulation_costs(band: int) -> None:
    drawn = simulated_cost(SKEWED, band, 100_000.0, seed=band)
    assert chain_cost(SKEWED, band) == pytest.approx(drawn, rel=0.05)


def test_a_skew_that_brings_the_position_back_leaves_less_to_hedge() -> None:
    assert solved_band(replace(SKEWED, skew_per_clip=0.4)) > solved_band(SKEWED)
    assert chain_cost(replace(SKEWED, skew_per_clip=0.4), 2) < chain_cost(SKEWED, 2)


@given(
    skew=st.floats(0.02, 0.5),
    cost=st.floats(0.1, 20.0),
    basis=st.floats(0.0, 0.5),
    limit=st.integers(1, 12),
)
@checked(20)
def test_no_other_band_costs_less_than_the_one_that_is_solved(
    skew: float, cost: float, basis: float, limit: int
) -> None:
    terms = replace(UNSKEWED, skew_per_clip=skew, cost_bps=cost, basis_bps=basis, limit_clips=limit)
    costs = [chain_cost(terms, band) for band in range(limit + 1)]
    assert chain_cost(terms, solved_band(terms)) <= 1.0001 * min(costs)


def hedged_cost(terms: Terms, band: int, fills: int, seed: int) -> float:
    """Return what a second costs when fills are drawn, and the desk says what is hedged."""
    rng = random.Random(seed)
    desk = new_desk(min_lots=1)
    knobs = desk.params.hedge
    knobs.on, knobs.lot_grains, knobs.band_grains = True, 1, band
    cost = now_s = 0.0
    for _ in range(fills):
        held = desk.exposure.grains
        up = terms.fills_per_s * math.exp(-terms.skew_per_clip * held)
        down = terms.fills_per_s * math.exp(terms.skew_per_clip * held)
        step_s = rng.expovariate(up + down)
        risk = (terms.sigma_bps * net_grains(desk)) ** 2
        risk += (terms.basis_bps * desk.orders.position_lots) ** 2
        cost += 0.5 * terms.gamma_per_bps_clip * risk * step_s
        now_s += step_s
        desk.exposure.grains += 1 if rng.random() * (up + down) < up else -1
        net = net_grains(desk)
        if abs(net) > band:
            lots = wanted_lots(desk, abs(net), desk.params.hedge.band_grains, MID_TICKS)
            desk.orders.position_lots -= lots if net > 0 else -lots
            cost += lots * terms.cost_bps
    return cost / now_s


@pytest.mark.parametrize("skew", [0.05, 0.15, 0.3])
def test_the_hedger_costs_no_more_than_the_best_band_that_a_search_finds(skew: float) -> None:
    terms = replace(SKEWED, skew_per_clip=skew)
    costs = [hedged_cost(terms, band, 12_000, seed=3) for band in range(8)]
    assert costs[min(solved_band(terms), 7)] <= 1.05 * min(costs)


def test_shares_of_time_balance_what_comes_and_goes() -> None:
    rng = random.Random(7)
    rates = [{j: rng.random() for j in range(6) if j != i} for i in range(6)]
    shares = stationary(rates)
    assert sum(shares) == pytest.approx(1.0)
    for k in range(6):
        coming = sum(shares[i] * row[k] for i, row in enumerate(rates) if k in row)
        assert coming == pytest.approx(shares[k] * sum(rates[k].values()))
