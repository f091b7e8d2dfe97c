"""Jobs come when they are due, once, in UTC; one that does not come is told of from outside."""

import asyncio
import time
from collections.abc import Callable, Coroutine, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

import pytest

from connectors.model.errors import ConfigError
from runner.schedule import Job, Schedule, fire_times, meant_ns_of
from tests import virtual
from tests.runner.host_time import Host, host_of
from tests.virtual import VirtualClock

S = 1_000_000_000
MINUTE, HOUR, DAY = 60, 3_600, 86_400
ZONES = ("UTC", "America/New_York", "Asia/Kolkata")
BEFORE_25_H = datetime(2026, 10, 31, 22, tzinfo=UTC)
BEFORE_23_H = datetime(2026, 3, 7, 22, tzinfo=UTC)
"""Two hours before the days on which New York sets its clocks back and ahead."""


class Scene:
    """A schedule on virtual time, and what it has asked for: (seconds since the start, name)."""

    def __init__(self, clock: VirtualClock, host: Host) -> None:
        self.clock, self.host = clock, host
        self.start_ns = clock.now_ns()
        self.asked: list[tuple[float, str]] = []
        self.meant_ns: list[int | None] = []

    def open(self, *jobs: Job) -> Schedule:
        return Schedule(jobs, self._ask, self.clock.now_ns)

    def seconds(self) -> list[int]:
        return [round(second) for second, _ in self.asked]

    def overdue(self, schedule: Schedule) -> list[str]:
        return schedule.overdue(self.clock.now_ns())

    def _ask(self, name: str, meant_ns: int | None) -> None:
        self.asked.append(((self.clock.now_ns() - self.start_ns) / S, name))
        self.meant_ns.append(meant_ns)


def on_scene(
    main: Callable[[Scene], Coroutine[Any, Any, None]], at: datetime | None = None
) -> None:
    """Run a scene on virtual time, from a moment in UTC."""

    async def run(clock: VirtualClock) -> None:
        with host_of(clock) as host:
            await main(Scene(clock, host))
            # A scheduler that was closed looks once more: with the host's clock, not the machine's,
            # from which it would count every moment of the months in between.
            await asyncio.sleep(1)

    start = at or datetime(2026, 6, 1, 12, tzinfo=UTC)
    virtual.run(run, int(start.timestamp()) * S)


@contextmanager
def zone(name: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let the host live in a time zone."""
    with monkeypatch.context() as patch:
        patch.setenv("TZ", name)
        time.tzset()
        yield
    time.tzset()


def hours(moments: Sequence[int]) -> list[float]:
    """Return the hours between moments."""
    return [(b - a) / S / HOUR for a, b in pairwise(moments)]


def test_a_job_whose_moment_was_blocked_runs_late() -> None:
    async def main(scene: Scene) -> None:
        with scene.open(Job("close", cron="1 12 * * *")):
            await asyncio.sleep(MINUTE - 1)
            scene.clock.block(30 * S)
            await asyncio.sleep(1)
        assert scene.seconds() == [MINUTE + 29]
        assert scene.meant_ns == [scene.start_ns + MINUTE * S]

    on_scene(main)


def test_a_job_that_was_missed_is_told_of() -> None:
    async def main(scene: Scene) -> None:
        with scene.open(Job("close", cron="1 12 * * *"), Job("metrics", every_s=5.0)) as schedule:
            await asyncio.sleep(MINUTE - 1)
            assert scene.overdue(schedule) == []
            scene.clock.block(90 * S)
            await asyncio.sleep(1)
            assert "close" not in [name for _, name in scene.asked]
            assert scene.overdue(schedule) == ["close"]

    on_scene(main)


@pytest.mark.parametrize("whose", ["the host's clock", "both clocks"])
def test_a_leap_of_a_year_is_counted_in_one_step_and_moments_stay_where_they_were(
    whose: str,
) -> None:
    asked = [0]

    async def main(scene: Scene) -> None:
        with scene.open(Job("metrics", every_s=7.0), Job("close", cron="1 * * * *")) as schedule:
            for each in schedule._scheduler.get_jobs():
                each.trigger._trigger = Counted(each.trigger._trigger, asked)
            await asyncio.sleep(20)
            if whose == "both clocks":
                scene.clock.block(365 * DAY * S + 3 * S)
            else:
                scene.host.ahead_s += 365 * DAY
            await asyncio.sleep(14)
        assert asked[0] < 100
        moments = [second for second, name in scene.asked if name == "metrics"]
        assert moments[:2] == [7, 14]
        assert round(moments[-1]) % 7 == 0

    on_scene(main)


class Counted:
    """A trigger, and how often one was asked."""

    def __init__(self, trigger: Any, asked: list[int]) -> None:
        self._trigger, self._asked = trigger, asked

    def get_next_fire_time(self, previous: datetime | None, now: datetime) -> datetime | None:
        self._asked[0] += 1
        found: datetime | None = self._trigger.get_next_fire_time(previous, now)
        return found


def test_every_job_has_its_options_set_on_itself() -> None:
    async def main(scene: Scene) -> None:
        jobs = [Job("metrics", every_s=10.0), Job("close", cron="0 0 * * *")]
        with scene.open(*jobs) as schedule:
            found = {job.id: job for job in schedule._scheduler.get_jobs()}
            assert found.keys() == {"metrics", "close"}
            assert all(job.coalesce and job.max_instances == 1 for job in found.values())
            graces = [found[name].misfire_grace_time for name in ("metrics", "close")]
            assert graces == [10, MINUTE]
            assert schedule._scheduler.timezone == UTC

    on_scene(main)


def test_a_job_ends_in_one_step_so_that_none_can_hang_or_be_cut_short() -> None:
    async def main(scene: Scene) -> None:
        with scene.open(Job("metrics", every_s=10.0)) as schedule:
            (job,) = schedule._scheduler.get_jobs()
            assert asyncio.iscoroutinefunction(job.func)
            with pytest.raises(StopIteration):
                job.func().send(None)
            assert [name for _, name in scene.asked] == ["metrics"]

    on_scene(main)


def test_a_job_whose_last_run_never_ended_is_told_of() -> None:
    async def main(scene: Scene) -> None:
        with scene.open(Job("metrics", every_s=5.0), Job("housekeeping", every_s=5.0)) as schedule:
            await asyncio.sleep(6)
            hung = schedule._scheduler._lookup_executor("default")._instances
            hung["metrics"] += 1
            await asyncio.sleep(14)
            assert scene.overdue(schedule) == ["metrics"]

    on_scene(main)


def test_a_scheduler_that_has_died_says_it_runs_and_its_jobs_are_told_of() -> None:
    async def main(scene: Scene) -> None:
        with scene.open(Job("metrics", every_s=5.0)) as schedule:
            await asyncio.sleep(6)
            asyncio.get_running_loop().set_exception_handler(lambda loop, context: None)
            store = schedule._scheduler._lookup_jobstore("default")
            store.update_job = _fail
            await asyncio.sleep(4)
            del store.update_job
            await asyncio.sleep(30)
            assert len(scene.asked) <= 2
            assert schedule._scheduler.running
            assert scene.overdue(schedule) == ["metrics"]

    on_scene(main)


def _fail(*words: object) -> None:
    raise OSError("the store is gone")


def test_a_schedule_that_ends_in_the_moment_of_a_job_leaves_nothing_behind() -> None:
    async def main(scene: Scene) -> None:
        with scene.open(Job("metrics", every_s=5.0)):
            await asyncio.sleep(5)
        asked = len(scene.asked)
        await asyncio.sleep(60)
        assert len(scene.asked) in (asked, 1)
        assert len(asyncio.all_tasks()) == 1

    on_scene(main)


@pytest.mark.parametrize("before", [BEFORE_25_H, BEFORE_23_H], ids=["25 hours", "23 hours"])
@pytest.mark.parametrize("name", ZONES)
def test_a_night_in_which_clocks_are_set_is_a_night_like_any_other(
    name: str, before: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def main(scene: Scene) -> None:
        with scene.open(
            Job("early", cron="30 6 * * *"), Job("late", cron="30 7 * * *"), Job("day", every_s=DAY)
        ):
            await asyncio.sleep(3 * DAY)
        early, late, day = (
            [round(s / MINUTE) for s, who in scene.asked if who == job]
            for job in ("early", "late", "day")
        )
        assert early == [8 * 60 + 30 + k * 24 * 60 for k in range(3)]
        assert late == [minute + 60 for minute in early]
        assert day == [24 * 60, 48 * 60]

    with zone(name, monkeypatch):
        on_scene(main, before)


@pytest.mark.parametrize("name", ZONES)
def test_moments_do_not_depend_on_where_the_host_lives(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    start_ns = int(BEFORE_25_H.timestamp()) * S
    with zone(name, monkeypatch):
        moments = list(fire_times(Job("close", cron="0 8 * * *"), start_ns, start_ns + 4 * DAY * S))
    assert moments[0] == int(datetime(2026, 11, 1, 8, tzinfo=UTC).timestamp()) * S
    assert hours(moments) == [24, 24, 24]


def test_a_weekday_by_its_name_is_that_day() -> None:
    start_ns = int(BEFORE_25_H.timestamp()) * S
    (moment,) = fire_times(Job("week", cron="0 0 * * sun"), start_ns, start_ns + 7 * DAY * S)
    assert datetime.fromtimestamp(moment / S, UTC).strftime("%A") == "Sunday"


def test_a_host_that_is_set_back_delays_a_job_until_it_is_planned_anew() -> None:
    async def main(scene: Scene) -> None:
        jobs = [Job("metrics", every_s=5.0), Job("close", cron="2 12 * * *")]
        with scene.open(*jobs) as schedule:
            await asyncio.sleep(11)
            scene.host.ahead_s -= HOUR
            await asyncio.sleep(14)
            assert scene.overdue(schedule) == ["metrics"]
        before = len(scene.asked)
        with scene.open(*jobs) as schedule:
            await asyncio.sleep(2 * MINUTE)
            assert scene.overdue(schedule) == []
        assert 23 <= len(scene.asked) - before - 1 <= 24
        assert [s for s, name in scene.asked if name == "close"] == [pytest.approx(120, abs=1)]

    on_scene(main)


def test_a_host_that_is_set_ahead_lets_no_job_come_before_its_moment() -> None:
    async def main(scene: Scene) -> None:
        with scene.open(Job("close", cron="0 13 * * *")):
            await asyncio.sleep(MINUTE)
            scene.host.ahead_s += HOUR - MINUTE
            await asyncio.sleep(HOUR)
        assert scene.seconds() == [HOUR]
        assert scene.meant_ns == [scene.start_ns + HOUR * S]

    on_scene(main)


def test_what_waited_for_a_blocked_loop_comes_once() -> None:
    async def main(scene: Scene) -> None:
        with scene.open(Job("metrics", every_s=5.0), Job("minute", cron="* * * * *")):
            await asyncio.sleep(12)
            scene.clock.block(5 * MINUTE * S + 5 * S)
            await asyncio.sleep(1)
        late = [name for second, name in scene.asked if second > 12]
        assert sorted(late) == ["metrics", "minute"]

    on_scene(main)


def test_a_job_that_is_there_twice_runs_once() -> None:
    async def main(scene: Scene) -> None:
        with scene.open(Job("metrics", every_s=7.0), Job("metrics", every_s=5.0)):
            await asyncio.sleep(21)
        assert scene.seconds() == [5, 10, 15, 20]

    on_scene(main)


def test_a_moment_is_the_one_meant_however_late_or_early_the_job_comes() -> None:
    job, hour_ns = Job("close", cron="0 * * * *"), HOUR * S
    assert [meant_ns_of(job, hour_ns + k * S) for k in (-1, 0, 59, 61)] == [hour_ns] * 3 + [None]


@pytest.mark.parametrize("job", [Job("a"), Job("a", every_s=1.0, cron="* * * * *")])
def test_a_job_has_one_time(job: Job) -> None:
    with pytest.raises(ConfigError, match=r"schedule\.jobs\.a: expected one of"):
        list(fire_times(job, 0, S))


def test_a_cron_line_without_a_meaning_is_refused() -> None:
    with pytest.raises(ConfigError, match="expected five cron fields"):
        list(fire_times(Job("a", cron="61 * * * *"), 0, S))
