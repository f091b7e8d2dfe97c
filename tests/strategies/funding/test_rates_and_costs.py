"""Rates on one scale, and how long they take to pay for four trades."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from strategies.funding.costs import (
    LegCost,
    break_even_periods,
    net_annual,
    periods_exact,
    round_trip_bps,
)
from strategies.funding.rates import annual, basis_bps, compounded, is_within, per_hour

TAKER, SPOT = LegCost(5.5, 0.0), LegCost(10.0, 0.0)


@pytest.mark.parametrize(
    ("rate", "interval_h", "apr"),
    [(0.0005, 8, 0.5475), (0.0001, 8, 0.1095), (0.0000125, 1, 0.1095), (0.0001, 4, 0.219)],
)
def test_a_yearly_rate_counts_a_venues_own_interval(
    rate: float, interval_h: float, apr: float
) -> None:
    assert annual(rate, interval_h) == pytest.approx(apr, rel=1e-12)


def test_reinvested_payments_make_more_of_a_year() -> None:
    assert compounded(0.0005, 8) == pytest.approx(0.7287, abs=5e-5)


def test_rates_of_two_intervals_differ_per_hour() -> None:
    apart = per_hour(0.0005, 8) - per_hour(0.00002, 1)
    assert apart == pytest.approx(4.25e-5, rel=1e-12)
    assert annual(apart, 1) == pytest.approx(0.372, abs=5e-4)


def test_a_prediction_stands_before_what_was_last_settled() -> None:
    assert per_hour(0.0008, 8, predicted=0.0) == 0.0
    assert per_hour(0.0008, 8) == pytest.approx(0.0001)


def test_a_basis_at_its_limit_is_within_it_of_either_sign() -> None:
    for spot in (50_000.0, 49_900.0):
        found = basis_bps(spot * 1.002, spot)
        assert is_within(found, 20.0)
        assert is_within(-found, 20.0)
        assert not is_within(found, 19.999)


@pytest.mark.parametrize(
    ("cost_bps", "gain_bps", "rate", "periods"),
    [
        (31.0, 0.0, 0.0005, 7),
        (31.0, 20.0, 0.0005, 3),
        (24.0, 0.0, 0.0001, 24),
        (31.0, 40.0, -0.1, 0),
        (31.0, 0.0, 0.0, None),
        (31.0, 0.0, -0.0005, None),
    ],
)
def test_periods_until_four_trades_are_paid(
    cost_bps: float, gain_bps: float, rate: float, periods: int | None
) -> None:
    assert break_even_periods(cost_bps, gain_bps, rate) == periods


def test_four_trades_are_of_both_legs_twice() -> None:
    assert round_trip_bps(TAKER, SPOT) == 31.0
    assert round_trip_bps(LegCost(5.5, 1.0), LegCost(10.0, 0.5)) == 34.0


@pytest.mark.parametrize(("days", "apr"), [(1, -0.584), (3, 0.1703), (7, 0.386), (30, 0.51)])
def test_a_short_hold_loses_what_a_long_one_earns(days: int, apr: float) -> None:
    assert net_annual(0.0005, 8, 31.0, days * 24) == pytest.approx(apr, abs=5e-3)


@given(
    st.integers(1, 500), st.integers(1, 400), st.sampled_from([1, 2, 5, 10]), st.integers(0, 100)
)
def test_a_break_even_is_the_first_period_that_pays(
    cost: int, rate: int, tenths: int, gain: int
) -> None:
    """In whole millionths, where arithmetic is exact."""
    due = cost * 100 - gain * 100
    each = rate * tenths
    exact = max(-(-due // each), 0)
    assert break_even_periods(cost, gain, each / 1e6) == exact
    found = periods_exact(cost, gain, each / 1e6)
    assert found is not None
    assert exact - 1 - 1e-9 <= found <= exact + 1e-9
