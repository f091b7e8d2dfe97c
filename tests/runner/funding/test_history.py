"""Two histories become periods: what was paid in each, and at what rate per hour."""

from decimal import Decimal

import pytest

from connectors.model.errors import DataError
from runner.funding.history import HOUR_NS, Leg, Settled, periods, usual_interval_ns

START_NS = 1_700_006_400_000_000_000


def leg(settled: list[Settled], name: str = "a") -> Leg:
    return Leg(name, settled, Decimal(5), Decimal(1), can_short=True)


def every(hours: int, count: int, rate: str, *, late_h: int = 0) -> list[Settled]:
    return [(START_NS + (late_h + hours * k) * HOUR_NS, Decimal(rate)) for k in range(count)]


def test_the_usual_interval_is_the_most_common_one_whatever_jitters() -> None:
    stamps = [(START_NS + k * 8 * HOUR_NS + k % 3 * 1_000_000, Decimal(0)) for k in range(9)]
    assert usual_interval_ns([*stamps[:3], *stamps[5:]]) == 8 * HOUR_NS


def test_a_slow_legs_period_has_all_that_a_fast_one_paid() -> None:
    slow, fast = leg(every(8, 3, "0.0005")), leg(every(1, 20, "0.00002"), "b")
    for both, sign in (((slow, fast), 1), ((fast, slow), -1)):
        found = periods(*both)
        assert [p.at_ns - START_NS for p in found] == [8 * HOUR_NS, 16 * HOUR_NS]
        assert [len(p.payments) for p in found] == [9, 9]
        assert found[0].step_h == 8.0
        assert found[0].rate_per_h == pytest.approx(sign * 4.25e-5, rel=1e-12)


def test_against_spot_the_rate_is_the_perpetuals() -> None:
    found = periods(leg(every(4, 5, "0.0001")), leg([], "spot"))
    assert len(found) == 4
    assert {p.rate_per_h for p in found} == {0.0001 / 4}


def test_only_the_time_of_both_counts() -> None:
    found = periods(leg(every(8, 10, "0")), leg(every(8, 4, "0", late_h=20), "b"))
    assert [p.at_ns - START_NS for p in found] == [32 * HOUR_NS, 40 * HOUR_NS]
    assert [[q.leg for q in p.payments] for p in found] == [[1, 0], [1, 0]]
    with pytest.raises(DataError, match="expected histories of one time, was a and b"):
        periods(leg(every(8, 3, "0")), leg(every(8, 3, "0", late_h=100), "b"))


def test_a_hole_is_told_and_not_taken_for_a_longer_interval() -> None:
    settled = every(8, 8, "0.0008")
    found = periods(leg(settled[:3] + settled[5:]), leg([], "spot"))
    assert [p.missed_ns for p in found] == [0, 0, 16 * HOUR_NS, 0, 0]
    assert {p.rate_per_h for p in found} == {0.0001}


def test_an_interval_that_changes_counts_as_what_it_is() -> None:
    settled = [*every(8, 5, "0.0008"), *every(4, 3, "0.0008", late_h=36)]
    found = periods(leg(settled), leg([], "spot"))
    assert [p.rate_per_h for p in found] == [0.0001] * 4 + [0.0002] * 3


def test_a_period_in_which_a_leg_told_nothing_has_no_rate() -> None:
    gone = every(8, 9, "0.0001")
    found = periods(leg(every(8, 9, "0.0002")), leg(gone[:3] + gone[6:], "b"))
    assert [p.rate_per_h is None for p in found] == [False, False, True, True, True, *[False] * 3]
