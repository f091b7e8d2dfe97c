"""One scale joins knobs, seconds, bps and clips."""

import pytest

from strategies.desk import Params, Signals
from strategies.units import price_ticks, unit_bps, volatility_ratio
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
