"""The price of risk: what each knob does, and nothing else, over its whole range."""

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from strategies.desk import Desk
from strategies.pricing.avellaneda_stoikov import price
from strategies.pricing.terms import (
    AT_LIMIT,
    CAPPED,
    LINEAR,
    PLAIN,
    SATURATED,
    VARIANCE,
    horizon_units,
)
from tests.strategies.vector_checks import simulated
from tests.support import NOW_NS, SECOND_NS, checked, new_desk

gammas = st.floats(0.01, 1.0)
kappas = st.floats(0.5, 10.0)
horizons = st.floats(0.1, 3600.0)
rates = st.floats(0.001, 100.0)
sigmas = st.floats(0.05, 50.0)
ratios = st.floats(0.25, 4.0)
clips = st.floats(-50.0, 50.0)
skews = st.sampled_from((SATURATED, PLAIN, AT_LIMIT, CAPPED))
forms = st.sampled_from((VARIANCE, LINEAR))


def priced(clips: float = 0.0, sigma: float = 1.0, rho: float = 1.0, **params: Any) -> Desk:
    """Return a desk that has priced one moment."""
    desk = new_desk(**params)
    desk.signals.sigma_reference_bps = sigma
    desk.signals.sigma_live_bps = sigma * rho
    desk.quotes.inventory_clips = clips
    price(desk.params, desk.signals, desk.quotes, NOW_NS)
    return desk


def skew_of(**inputs: Any) -> float:
    return priced(**inputs).quotes.skew_bps


def half_of(**inputs: Any) -> float:
    return priced(**inputs).quotes.half_spread_bps


@checked(150)
@given(gammas, kappas, sigmas, ratios, clips, skews, forms, rates, horizons)
def test_any_setting_gives_a_finite_price_that_leans_against_inventory(
    gamma: float,
    kappa: float,
    sigma: float,
    rho: float,
    q: float,
    skew: int,
    form: int,
    rate: float,
    horizon: float,
) -> None:
    params = {"gamma": gamma, "kappa": kappa, "skew": skew, "form": form}
    params |= {"intensity_per_s": rate, "risk_horizon_s": horizon}
    quotes = priced(q, sigma, rho, **params).quotes
    assert math.isfinite(quotes.reservation_bps)
    assert 0.0 < quotes.half_spread_bps < math.inf
    assert quotes.skew_bps > 0.0
    assert quotes.reservation_bps == -q * quotes.skew_bps
    assert priced(-q, sigma, rho, **params).quotes.half_spread_bps == quotes.half_spread_bps


@checked(100)
@given(gammas, kappas, sigmas, ratios, st.floats(0.1, 600.0))
def test_plain_skew_is_gamma_times_variance_times_time(
    gamma: float, kappa: float, sigma: float, rho: float, horizon: float
) -> None:
    found = skew_of(
        sigma=sigma, rho=rho, gamma=gamma, kappa=kappa, skew=PLAIN, risk_horizon_s=horizon
    )
    unit = sigma * math.sqrt(10.0)
    live = sigma * rho
    assert found == pytest.approx(gamma / unit * live * live * horizon, rel=1e-9)


@checked(60)
@given(st.floats(0.01, 0.5), kappas)
def test_twice_gamma_is_twice_the_plain_skew(gamma: float, kappa: float) -> None:
    one = skew_of(gamma=gamma, kappa=kappa, skew=PLAIN)
    assert skew_of(gamma=2 * gamma, kappa=kappa, skew=PLAIN) == pytest.approx(2 * one, rel=1e-12)


@checked(60)
@given(gammas, st.floats(0.5, 9.0), skews)
def test_more_kappa_is_tighter(gamma: float, kappa: float, skew: int) -> None:
    wide = half_of(gamma=gamma, kappa=kappa, skew=skew)
    assert half_of(gamma=gamma, kappa=kappa * 1.1, skew=skew) < wide


@checked(60)
@given(gammas, kappas, skews, st.floats(1.0, 3.9))
def test_more_volatility_is_wider_and_leans_more(
    gamma: float, kappa: float, skew: int, times: float
) -> None:
    knobs: dict[str, Any] = {"gamma": gamma, "kappa": kappa, "skew": skew}
    assert half_of(sigma=times * 1.01, **knobs) > half_of(sigma=times, **knobs)
    if skew != AT_LIMIT:
        assert half_of(rho=times * 1.01, **knobs) > half_of(rho=times, **knobs)
        assert skew_of(rho=times * 1.01, **knobs) > skew_of(rho=times, **knobs)


@pytest.mark.parametrize(("form", "times"), [(VARIANCE, 4.0), (LINEAR, 2.0)])
def test_the_form_sets_how_live_volatility_scales_the_skew(form: int, times: float) -> None:
    one = skew_of(skew=PLAIN, form=form)
    assert skew_of(skew=PLAIN, form=form, rho=2.0) == pytest.approx(times * one)
    assert skew_of(skew=PLAIN, form=form, rho=1.0) == pytest.approx(one)


@checked(100)
@given(gammas, kappas, rates, st.floats(0.01, 10_000.0))
def test_the_saturated_skew_is_the_plain_one_early_and_constant_late(
    gamma: float, kappa: float, rate: float, horizon: float
) -> None:
    knobs: dict[str, Any] = {"gamma": gamma, "kappa": kappa, "intensity_per_s": rate}
    plain = skew_of(skew=PLAIN, risk_horizon_s=horizon, **knobs)
    found = skew_of(skew=SATURATED, risk_horizon_s=horizon, **knobs)
    limit = skew_of(skew=SATURATED, risk_horizon_s=0.0, **knobs)
    x = plain / limit
    overshoot = x / math.tanh(x)
    assert plain == pytest.approx(found * overshoot, rel=1e-9)
    assert found <= min(plain, limit) * (1 + 1e-9)


def test_the_saturated_skew_tends_to_its_closed_form() -> None:
    sigma, rate, kappa, gamma = 0.3, 0.9, 0.3, 0.01
    desk = priced(
        skew=SATURATED,
        unit_bps=sigma,
        unit_horizon_s=1.0,
        gamma=gamma * sigma,
        kappa=kappa * sigma,
        intensity_per_s=rate,
        risk_horizon_s=0.0,
    )
    distance = desk.quotes.half_spread_bps
    assert distance == pytest.approx(3.312915, abs=1e-6)
    assert distance + 5 * desk.quotes.skew_bps == pytest.approx(3.652244, abs=1e-6)
    assert distance - 5 * desk.quotes.skew_bps == pytest.approx(2.973586, abs=1e-6)


@checked(60)
@given(gammas, kappas, st.floats(0.0, 10.0), st.integers(1, 100), st.integers(1, 100))
def test_at_limit_shifts_by_the_asked_half_spreads(
    gamma: float, kappa: float, halves: float, order_lots: int, orders: int
) -> None:
    desk = priced(
        float(orders),
        gamma=gamma,
        kappa=kappa,
        skew=AT_LIMIT,
        skew_at_limit_half_spreads=halves,
        order_lots=order_lots,
        max_position_lots=order_lots * orders,
    )
    quotes = desk.quotes
    assert quotes.reservation_bps == pytest.approx(-halves * quotes.half_spread_bps, rel=1e-12)


def horizon(elapsed_s: float, **params: Any) -> float:
    desk = new_desk(session_start_ns=NOW_NS, unit_horizon_s=10.0, **params)
    return horizon_units(desk.params, NOW_NS + round(elapsed_s * SECOND_NS))


@pytest.mark.parametrize("elapsed_s", [0.0, 10.0, 1e6])
def test_a_perpetual_horizon_never_shortens(elapsed_s: float) -> None:
    assert horizon(elapsed_s, risk_horizon_s=30.0) == 3.0
    assert horizon(elapsed_s, risk_horizon_s=0.5) == 0.05
    assert horizon(elapsed_s, risk_horizon_s=0.0) == 1e8


@pytest.mark.parametrize(
    ("elapsed_s", "left"),
    [(0.0, 6.0), (10.0, 5.0), (59.0, 0.1), (60.0, 6.0), (95.0, 2.5), (-5.0, 0.5)],
)
def test_a_session_runs_out_and_starts_again(elapsed_s: float, left: float) -> None:
    session = {"session_ns": 60 * SECOND_NS}
    assert horizon(elapsed_s, risk_horizon_s=0.0, **session) == pytest.approx(left)
    assert horizon(elapsed_s, risk_horizon_s=20.0, **session) == pytest.approx(min(left, 2.0))
    assert horizon(elapsed_s, risk_horizon_s=0.5, **session) == 0.05


@pytest.mark.parametrize(
    ("elapsed_s", "left"), [(0.0, 6.0), (59.0, 1.5), (60.0, 1.5), (95.0, 1.5), (1e6, 1.5)]
)
def test_a_session_that_does_not_roll_stays_at_its_floor(elapsed_s: float, left: float) -> None:
    session = {"session_ns": 60 * SECOND_NS, "session_rolls": False, "min_time_left_frac": 0.25}
    assert horizon(elapsed_s, risk_horizon_s=0.0, **session) == pytest.approx(left)


def test_the_floor_holds_in_every_session_that_rolls() -> None:
    session = {"session_ns": 60 * SECOND_NS, "min_time_left_frac": 0.25, "risk_horizon_s": 0.0}
    assert horizon(59.0, **session) == horizon(119.0, **session) == pytest.approx(1.5)
    assert horizon(70.0, **session) == pytest.approx(5.0)


@checked(100)
@given(gammas, kappas, rates, horizons, ratios)
def test_the_capped_skew_is_the_plain_one_until_the_saturated_stops_growing(
    gamma: float, kappa: float, rate: float, horizon: float, rho: float
) -> None:
    knobs: dict[str, Any] = {"gamma": gamma, "kappa": kappa, "intensity_per_s": rate, "rho": rho}
    plain = skew_of(skew=PLAIN, risk_horizon_s=horizon, **knobs)
    limit = skew_of(skew=SATURATED, risk_horizon_s=0.0, **knobs)
    assert skew_of(skew=CAPPED, risk_horizon_s=horizon, **knobs) == pytest.approx(min(plain, limit))
    assert skew_of(skew=CAPPED, risk_horizon_s=0.0, **knobs) == pytest.approx(limit)


PUBLISHED = [
    (0.1, "inventory", 65.0, 6.6, 2.9),
    (0.1, "symmetric", 68.4, 12.7, 8.4),
    (0.01, "inventory", 68.6, 8.7, 5.1),
    (0.01, "symmetric", 68.8, 12.8, 8.7),
    (1.0, "inventory", 31.4, 5.0, 1.7),
    (1.0, "symmetric", 44.0, 11.0, 5.1),
]
"""Avellaneda and Stoikov (2008), tables 1 to 3: profit, its deviation, deviation of inventory."""


@pytest.mark.parametrize(("gamma", "strategy", "profit", "deviation", "inventory"), PUBLISHED)
def test_the_published_experiment_is_reproduced_within_its_own_noise(
    gamma: float, strategy: str, profit: float, deviation: float, inventory: float
) -> None:
    inputs = {"sigma": 2, "k": 1.5, "A": 140, "T": 1, "dt": 0.005, "fill": "linear"}
    found = simulated({**inputs, "gamma": gamma, "strategy": strategy})
    runs, kurtosis = 1000, 6
    deviation_error = found["std_profit"] * math.sqrt((kurtosis - 1) / (4 * runs))
    assert abs(found["mean_profit"] - profit) < 4 * found["std_profit"] / math.sqrt(runs)
    assert abs(found["std_profit"] - deviation) < 4 * deviation_error
    assert abs(found["std_q"] - inventory) < 4 * found["std_q"] / math.sqrt(2 * runs) + 0.05
