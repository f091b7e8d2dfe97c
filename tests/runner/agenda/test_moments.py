"""A cron line's moments: in the zone named, each time of the day once, wherever one starts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runner.agenda.moments import DAY_NS, S_NS, CronMoments, FixedMoments
from tests.runner.agenda.clocks import NEW_YORK, UTC, at, shown
from tests.support import checked

HOUR_NS = 3600 * S_NS


def test_a_line_follows_its_zone_through_the_year() -> None:
    close = CronMoments("0 16 * * fri", NEW_YORK)
    assert shown(close.between(at("2026-10-26"), at("2026-11-08"))) == [
        "10-30 20:00",
        "11-06 21:00",
    ]
    assert shown(close.between(at("2026-03-02"), at("2026-03-15"))) == [
        "03-06 21:00",
        "03-13 20:00",
    ]


def test_what_a_clock_shows_twice_comes_once() -> None:
    moments = CronMoments("30 1 * * *", NEW_YORK).between(at("2026-10-31"), at("2026-11-03"))
    assert shown(moments) == ["10-31 05:30", "11-01 05:30", "11-02 06:30"]


def test_what_a_clock_leaves_out_comes_as_much_later() -> None:
    moments = CronMoments("30 2 * * *", NEW_YORK).between(at("2026-03-07"), at("2026-03-10"))
    assert shown(moments) == ["03-07 07:30", "03-08 07:30", "03-09 06:30"]


def test_what_a_clock_leaves_out_and_shows_later_is_one_moment() -> None:
    moments = CronMoments("30 2,3 * * *", NEW_YORK).between(at("2026-03-08"), at("2026-03-09"))
    assert shown(moments) == ["03-08 07:30"]


@pytest.mark.parametrize("night", ["2026-03-08", "2026-11-01", "2026-07-01"])
@pytest.mark.parametrize("cron", ["30 1 * * *", "*/20 1-3 * * *", "0 16 * * mon-fri"])
def test_last_and_next_moment_are_those_of_a_long_list(cron: str, night: str) -> None:
    noon_ns = at(f"{night}T12:00:00")
    whole = CronMoments(cron, NEW_YORK).between(noon_ns - 9 * DAY_NS, noon_ns + 9 * DAY_NS)
    walking = CronMoments(cron, NEW_YORK)
    for now_ns in range(noon_ns - DAY_NS, noon_ns + DAY_NS, 20 * 60 * S_NS):
        latest, following = (
            max(m for m in whole if m <= now_ns),
            min(m for m in whole if m > now_ns),
        )
        assert (walking.latest_ns(now_ns), walking.next_ns(now_ns)) == (latest, following)


def test_a_clock_that_steps_back_is_answered_as_if_it_had_not_been_asked_before() -> None:
    moments = CronMoments("0 12 * * *", UTC)
    noon_ns = at("2026-06-01T12:00:00")
    assert moments.latest_ns(noon_ns) == noon_ns
    assert moments.latest_ns(noon_ns - 30 * S_NS) == noon_ns - DAY_NS
    assert moments.next_ns(noon_ns - HOUR_NS) == noon_ns
    assert moments.latest_ns(noon_ns + 30 * S_NS) == noon_ns


def test_a_line_that_never_comes_has_no_moment() -> None:
    never = CronMoments("0 0 30 2 *", UTC)
    assert (never.latest_ns(at("2026-06-01")), never.next_ns(at("2026-06-01"))) == (None, None)


@checked(40)
@given(st.lists(st.integers(0, 50), unique=True, max_size=8), st.integers(-5, 55))
def test_given_moments_are_found_as_a_list_is_searched(given_ns: list[int], now_ns: int) -> None:
    moments = FixedMoments(sorted(given_ns))
    assert moments.latest_ns(now_ns) == max((m for m in given_ns if m <= now_ns), default=None)
    assert moments.next_ns(now_ns) == min((m for m in given_ns if m > now_ns), default=None)
    assert set(moments.between(now_ns, now_ns + 9)) == {
        m for m in given_ns if now_ns < m <= now_ns + 9
    }
