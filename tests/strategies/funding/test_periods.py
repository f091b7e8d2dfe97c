"""Rates of two legs become one series: by the slower leg, per hour, with nothing made up."""

import pytest

from strategies.funding.periods import HOUR_NS, Settled, series


def settled(every_h: int, *rates_bps: float, skip: tuple[int, ...] = ()) -> list[Settled]:
    return [
        Settled((k + 1) * every_h * HOUR_NS, rate * 1e-4, every_h * HOUR_NS)
        for k, rate in enumerate(rates_bps)
        if k not in skip
    ]


def test_the_slower_leg_sets_the_periods_and_the_faster_one_is_averaged() -> None:
    found = series(settled(8, 8.0, 16.0), settled(4, 1.0, 3.0, 5.0, 7.0))
    assert found is not None
    assert (found.step_h, found.last_ns, found.is_known) == (8.0, 16 * HOUR_NS, True)
    assert found.rates_per_h == pytest.approx((0.5e-4, 0.5e-4))


def test_what_the_slower_leg_settles_early_is_taken_as_it_is() -> None:
    early = [*settled(8, 8.0, 16.0), Settled(17 * HOUR_NS, 40e-4, 8 * HOUR_NS)]
    found = series(early, settled(1, *([0.0] * 17)))
    assert found is not None
    assert found.rates_per_h == pytest.approx((1e-4, 2e-4, 5e-4))


def test_spot_pays_nothing() -> None:
    found = series(settled(1, 2.0, 3.0), None)
    assert found is not None
    assert found.rates_per_h == pytest.approx((2e-4, 3e-4))
    mirrored = series(None, settled(1, 2.0, 3.0))
    assert mirrored is not None
    assert mirrored.rates_per_h == pytest.approx((-2e-4, -3e-4))


def test_a_period_that_the_faster_leg_has_not_told_is_left_out() -> None:
    found = series(settled(8, 8.0, 8.0), settled(4, 1.0, 1.0, 1.0, 1.0, skip=(2, 3)))
    assert found is not None
    assert len(found.rates_per_h) == 1
    assert not found.is_known


def test_a_leg_that_has_settled_nothing_makes_no_series() -> None:
    assert series(settled(8, 1.0), []) is None
    assert series(None, None) is None
