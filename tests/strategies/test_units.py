"""One scale joins knobs, seconds, bps and clips."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.model.events import BUY, SELL
from strategies.desk import Params, Signals
from strategies.units import nameable_ticks, price_ticks, unit_bps, volatility_ratio
from tests.support import new_desk


def scales(live_bps: float, reference_bps: float, **params: float) -> tuple[Params, Signals]:
    signals = Signals()
    signals.sigma_live_bps, signals.sigma_reference_bps = live_bps, reference_bps
    return new_desk(**params).params, signals


def test_the_unit_is_reference_volatility_over_the_unit_horizon() -> None:
    params, signals = scales(9.0, 0.8903621732722672, unit_horizon_s=10.0)
    assert unit_bps(params, signals) == pytest.approx(2.8155724099978583, rel=1e-14)


@pytest.mark.parametrize("configured", [0.1, 3.5])
def test_a_configured_unit_replaces_it(configured: float) -> None:
    assert unit_bps(*scales(9.0, 0.9, unit_bps=configured)) == configured


@pytest.mark.parametrize(
    ("live_bps", "ratio"), [(1.0, 1.0), (2.0, 2.0), (0.5, 0.5), (90.0, 4.0), (0.001, 0.25)]
)
def test_the_ratio_is_capped_both_ways(live_bps: float, ratio: float) -> None:
    assert volatility_ratio(*scales(live_bps, 1.0, max_ratio=4.0)) == ratio
    assert volatility_ratio(*scales(3 * live_bps, 3.0, max_ratio=4.0)) == ratio


def test_an_offset_in_bps_is_a_ten_thousandth_of_mid() -> None:
    assert price_ticks(1_000_000.0, 1.0) == pytest.approx(1_000_100.0)
    assert price_ticks(0.5, -10_000.0) == 0.0


def is_nameable(ticks: int, decimals: int) -> bool:
    """Tell whether a price is whole, or has five digits that count."""
    price = Decimal(ticks).scaleb(-decimals)
    return price == price.to_integral_value() or len(price.normalize().as_tuple().digits) <= 5


@given(st.integers(1, 10**10), st.integers(0, 6), st.sampled_from((BUY, SELL)))
def test_a_price_is_moved_to_the_nearest_that_may_be_named_and_never_towards_the_other_side(
    ticks: int, decimals: int, side: int
) -> None:
    params = new_desk(digits_end=100_000, whole_ticks=10**decimals).params
    found = nameable_ticks(params, side, ticks)
    assert is_nameable(found, decimals)
    assert found <= ticks if side == BUY else found >= ticks
    assert (found == ticks) is is_nameable(ticks, decimals)
    assert abs(found - ticks) < 10**decimals
    assert nameable_ticks(params, side, found) == found


@pytest.mark.parametrize(
    ("ticks", "bid", "ask"),
    [(99_999, 99_999, 99_999), (100_001, 100_000, 100_010), (999_999, 999_990, 1_000_000)],
)
def test_steps_grow_at_the_border_of_the_digits(ticks: int, bid: int, ask: int) -> None:
    params = new_desk(digits_end=100_000, whole_ticks=100).params
    assert nameable_ticks(params, BUY, ticks) == bid
    assert nameable_ticks(params, SELL, ticks) == ask


def test_every_tick_may_be_named_where_nothing_limits_digits() -> None:
    assert nameable_ticks(new_desk().params, SELL, 123_456_789) == 123_456_789
