"""Solved and closed prices: exact against dense matrices, and sound over the whole range."""

import math
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from strategies.pricing.glft import AUTO, CLOSED, EXACT, price
from strategies.pricing.terms import AT_LIMIT
from strategies.pricing.value import EMPTY, MOST_CLIPS, SOLVED, TOO_LONG, UNDER_WAY
from tests.strategies import reference
from tests.strategies.glft_checks import distances, physical_desk
from tests.strategies.reference import Model
from tests.support import NOW_NS, SECOND_NS, checked, new_desk

gammas = st.floats(0.01, 1.0)
kappas = st.floats(0.5, 10.0)
rates = st.floats(0.001, 100.0)
limits = st.integers(1, MOST_CLIPS)


def model_of(gamma: float, clips: int, **other: float) -> Model:
    return Model(
        gamma=gamma, sigma=2.0, intensity=140.0, k=1.5, clips=clips, execution_gamma=gamma, **other
    )


@pytest.mark.parametrize("clips", [1, 2, 7, 32])
@pytest.mark.parametrize("gamma", [0.01, 1.0])
@pytest.mark.parametrize("tau", [1e-6, 0.01, 0.2, math.inf])
@pytest.mark.parametrize("drift", [0.0, 0.5, -20.0])
def test_the_value_function_is_that_of_the_dense_matrix(
    clips: int, gamma: float, tau: float, drift: float
) -> None:
    model = model_of(gamma, clips, drift=drift)
    v = reference.endless(model) if tau == math.inf else reference.value(model, tau)
    desk = physical_desk(model, tau)
    for q, (bid, ask) in reference.distances(model, v).items():
        found = distances(desk, q)
        assert bid is None or found[0] == pytest.approx(bid, abs=1e-9)
        assert ask is None or found[1] == pytest.approx(ask, abs=1e-9)


@checked(100)
@given(gammas, kappas, rates, limits, st.floats(-0.2, 0.2), st.floats(0.0, 2.0))
def test_bids_step_away_and_asks_come_near_as_inventory_grows(
    gamma: float, kappa: float, rate: float, limit: int, drift: float, impact: float
) -> None:
    knobs: dict[str, Any] = {"gamma": gamma, "execution_gamma": gamma, "kappa": kappa}
    desk = new_desk(
        intensity_per_s=rate,
        max_position_lots=10 * limit,
        drift_bps_per_s=drift,
        impact_bps=impact,
        risk_horizon_s=0.0,
        method=EXACT,
        **knobs,
    )
    desk.signals.sigma_live_bps = desk.signals.sigma_reference_bps = 0.7
    found = [distances(desk, 0.5 * n) for n in range(-2 * limit - 3, 2 * limit + 4)]
    assert desk.value.status == SOLVED
    assert all(math.isfinite(bid + ask) for bid, ask in found)
    slack = 1e-9 * (1.0 + max(abs(x) for pair in found for x in pair))
    for (bid, ask), (next_bid, next_ask) in pairwise(found):
        assert next_bid >= bid - slack
        assert next_ask <= ask + slack
    if drift == 0.0:
        for (bid, ask), (mirrored_bid, mirrored_ask) in zip(found, reversed(found), strict=True):
            assert bid == pytest.approx(mirrored_ask, abs=slack)
            assert ask == pytest.approx(mirrored_bid, abs=slack)


@pytest.mark.parametrize("gamma", [0.01, 0.1])
def test_far_from_the_limit_exact_is_nearly_closed(gamma: float) -> None:
    model = model_of(gamma, MOST_CLIPS)
    exact, closed = physical_desk(model), physical_desk(model, method=CLOSED)
    for q in range(-2, 3):
        assert distances(exact, q) == pytest.approx(distances(closed, q), rel=0.01)


@pytest.mark.parametrize("tau", [0.01, 0.1, 1.0, math.inf])
def test_a_general_order_size_is_absorbed_by_counting_clips(tau: float) -> None:
    size, xi, k, rate, sigma = 5.0, 0.02, 0.3, 0.9, 0.3
    c1 = math.log1p(xi * size / k) / (xi * size)
    c2 = math.sqrt(xi / (2 * rate * size * k) * (1 + xi * size / k) ** (k / (xi * size) + 1))
    model = Model(
        gamma=xi * size, sigma=sigma, intensity=rate, k=k, clips=10, execution_gamma=xi * size
    )
    desk = physical_desk(model, method=CLOSED)
    bid, ask = distances(desk, 2.0)
    half, skew = c1 + size / 2 * sigma * c2, sigma * c2
    assert (bid, ask) == pytest.approx((half + 2 * size * skew, half - 2 * size * skew))


def test_without_execution_risk_it_is_cartea_and_jaimungals() -> None:
    phi, k, rate = 0.3, 1.5, 10.0
    desk = new_desk(
        unit_bps=1.0, unit_horizon_s=1.0, kappa=k, intensity_per_s=rate, risk_horizon_s=0.0,
        running_penalty_bps_per_s=phi, method=CLOSED,
    )  # fmt: skip
    desk.signals.sigma_live_bps = desk.signals.sigma_reference_bps = 1.0
    skew = math.sqrt(k * phi / (rate / math.e)) / k
    assert distances(desk, 1.0) == pytest.approx((1 / k + 1.5 * skew, 1 / k - 0.5 * skew))


def test_at_limit_is_the_same_for_every_model() -> None:
    desk = physical_desk(model_of(0.1, 10), skew=AT_LIMIT, skew_at_limit_half_spreads=2.0)
    bid, ask = distances(desk, 10.0)
    half = 0.5 * (bid + ask)
    assert (bid, ask) == pytest.approx((3 * half, -half))
    assert desk.value.status == EMPTY


def priced(desk: Any, rho: float, seconds: float) -> int:
    """Price at a time with a volatility ratio; return when the value function was begun."""
    desk.signals.sigma_live_bps = rho
    now_ns = NOW_NS + round(seconds * SECOND_NS)
    price(desk.params, desk.signals, desk.value, desk.quotes, now_ns)
    return (desk.value.started_ns - NOW_NS) // SECOND_NS


def test_it_is_solved_anew_when_something_moved_and_not_too_often() -> None:
    desk = physical_desk(model_of(0.1, 10), value_refresh_ns=10 * SECOND_NS)
    assert priced(desk, 1.0, 0) == 0
    assert priced(desk, 1.5, 5) == 0
    assert priced(desk, 1.5, 10) == 10
    assert priced(desk, 1.51, 30) == 10
    assert priced(desk, 1.6, 30) == 30


def test_a_finite_horizon_is_solved_in_slices_and_the_closed_form_stands_in() -> None:
    desk = physical_desk(model_of(1.0, 20), 0.3)
    closed = physical_desk(model_of(1.0, 20), 0.3, method=CLOSED)
    priced(desk, 1.0, 0)
    priced(closed, 1.0, 0)
    assert desk.value.status == UNDER_WAY
    assert desk.quotes.half_spread_bps == closed.quotes.half_spread_bps
    while desk.value.status == UNDER_WAY:
        priced(desk, 1.0, 0)
    assert desk.quotes.half_spread_bps != closed.quotes.half_spread_bps


def test_what_would_take_too_long_stays_with_the_closed_form() -> None:
    model = Model(gamma=0.3, sigma=2, intensity=1e9, k=1.5, clips=32, execution_gamma=0.3)
    desk = physical_desk(model, 1e-4)
    priced(desk, 1.0, 0)
    assert desk.value.status == TOO_LONG
    assert math.isfinite(desk.quotes.half_spread_bps)


def test_auto_is_closed_beyond_what_is_solved_for() -> None:
    desk = physical_desk(model_of(0.1, MOST_CLIPS + 1), method=AUTO)
    assert math.isfinite(sum(distances(desk, 3.0)))
    assert desk.value.status == EMPTY


@pytest.mark.parametrize("name", ["gamma", "kappa", "intensity_per_s", "drift_bps_per_s"])
def test_a_number_that_is_none_gives_no_price(name: str) -> None:
    desk = physical_desk(model_of(0.1, 5))
    setattr(desk.params, name, math.nan)
    priced(desk, 1.0, 0)
    assert not np.isfinite(desk.quotes.reservation_bps + desk.quotes.half_spread_bps)
