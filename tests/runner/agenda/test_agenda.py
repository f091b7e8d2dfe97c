"""What the clock asks is a function of the moment: no edge can be missed, and none is made up."""

import pytest

from runner.agenda.agenda import Agenda
from runner.agenda.moments import DAY_NS, S_NS
from runner.modes.agendas import asked_between
from strategies import scheduled as asks
from tests.runner.agenda.clocks import at, every_day, flatten, lean, pause, shown

MINUTE_NS = 60 * S_NS
NIGHTS = ("2026-03-08T00:00:00", "2026-11-01T00:00:00", "2026-06-01T00:00:00")
AGENDAS = {
    "hours": Agenda(hours=(every_day("09:30", "16:00"),)),
    "night": Agenda(hours=(every_day("01:15", "02:30"), every_day("22:00", "23:00"))),
    "pause": pause("0 */6 * * *", 600, 1800),
    "lean": lean("0 7 * * *", lots=5),
    "moves": Agenda(moves=(flatten("0 8 * * *"), flatten("5 8 * * *", 60, name="other"))),
}


@pytest.mark.parametrize("night", NIGHTS)
@pytest.mark.parametrize("name", AGENDAS)
def test_what_a_replay_is_told_is_what_a_market_is_asked_at_every_minute(
    name: str, night: str
) -> None:
    agenda, start_ns = AGENDAS[name], at(night)
    rows = asked_between(agenda, start_ns, start_ns + 2 * DAY_NS)
    assert len({row[0] for row in rows}) >= 2
    has, k = [0] * asks.FIELDS, 0
    for now_ns in range(start_ns, start_ns + 2 * DAY_NS, MINUTE_NS):
        while k < len(rows) and rows[k][0] <= now_ns:
            has[rows[k][1]] = rows[k][2]
            k += 1
        assert has == agenda.asked(now_ns), shown([now_ns])


def hours_open(agenda: Agenda, start: str) -> list[str]:
    """Return the minutes of a day at which a market opens and closes."""
    start_ns, found, was = at(start), [], None
    for now_ns in range(start_ns, start_ns + DAY_NS, MINUTE_NS):
        is_open = not agenda.is_paused(now_ns)
        if was is not None and is_open != was:
            found.append(now_ns)
        was = is_open
    return shown(found)


@pytest.mark.parametrize(
    ("day", "open_until"),
    [
        ("2026-03-07T05:00:00", ["03-07 14:30", "03-07 21:00"]),
        ("2026-03-08T05:00:00", ["03-08 13:30", "03-08 20:00"]),
        ("2026-10-31T05:00:00", ["10-31 13:30", "10-31 20:00"]),
        ("2026-11-01T05:00:00", ["11-01 14:30", "11-01 21:00"]),
    ],
)
def test_hours_are_those_of_the_zone_on_both_nights(day: str, open_until: list[str]) -> None:
    assert hours_open(AGENDAS["hours"], day) == open_until


def test_an_hour_that_comes_twice_is_open_twice_and_one_that_is_left_out_is_short() -> None:
    night = Agenda(hours=(every_day("01:15", "02:30"),))
    assert hours_open(night, "2026-11-01T04:00:00") == [
        *("11-01 05:15", "11-01 06:00"),
        *("11-01 06:15", "11-01 07:30"),
    ]
    assert hours_open(night, "2026-03-08T04:00:00") == ["03-08 06:15", "03-08 07:00"]


def test_a_pause_is_on_from_before_its_moment_until_after_it() -> None:
    noon_ns = at("2026-06-01T12:00:00")
    agenda = pause("0 12 * * *", 60, 120)
    on = [agenda.is_paused(noon_ns + s * S_NS) for s in (-61, -60, 0, 119, 120)]
    assert on == [False, True, True, True, False]


def test_a_target_holds_from_its_last_moment_on_whoever_starts_later() -> None:
    agenda = lean("0 7 * * mon", lots=5)
    asked = agenda.asked(at("2026-06-03T12:00:00"))
    assert asked[asks.TARGET_S] == at("2026-06-01T07:00:00") // S_NS
    assert asked[asks.TARGET_LOTS] == 5


def test_a_move_may_begin_late_but_not_after_its_time_and_not_twice() -> None:
    agenda, slot_ns = Agenda(moves=(flatten("0 8 * * *", 600),)), at("2026-06-01T08:00:00")
    running = [agenda.running(slot_ns + s * S_NS) for s in (-1, 0, 599, 600)]
    assert [one and one[0] for one in running] == [None, slot_ns, slot_ns, None]
    assert agenda.running(slot_ns, lambda name, slot: (name, slot) == ("close", slot_ns)) is None


def test_of_two_moves_the_later_runs_and_of_equals_the_one_to_flat() -> None:
    first, second = flatten("0 8 * * *", name="first"), flatten("5 8 * * *", name="second")
    agenda = Agenda(moves=(second, first))
    for moment, name in (("08:04", "first"), ("08:06", "second")):
        running = agenda.running(at(f"2026-06-01T{moment}:00"))
        assert running is not None
        assert running[1].name == name
