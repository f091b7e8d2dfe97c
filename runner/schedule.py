"""Let the clock ask for things: cron-like jobs that only enqueue the name of a command.

Nothing that sends an order and nothing that safety needs runs inside a job. Every job is in UTC,
has a fixed id, never runs twice at once, and catches up at most once. The clock is the runner's,
which never steps back: whoever sets the host's clock delays a job by seconds, and repeats none.
"""

from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import Any, Protocol

from connectors.model.errors import ConfigError

Enqueue = Callable[[str, int | None], None]
"""Called with a job's name and the moment it was meant for: None for an interval, which counts from
the start of its process, so that no other one can mean the same moment."""

CRON_GRACE_S = 60
EARLY_NS = 2_000_000_000
"""What the host's clock may be ahead of ours, so that a job comes before its moment."""
NEVER_NS = 1 << 62
SLACK_NS = 2_000_000_000
"""What a job may be late beyond its grace before its scheduler is taken for dead."""


@dataclass(frozen=True, slots=True)
class Job:
    """One job: a command's name, and either an interval or a five-field cron line in UTC."""

    name: str
    every_s: float | None = None
    cron: str | None = None


class Trigger(Protocol):
    """What APScheduler's triggers offer."""

    def get_next_fire_time(
        self, previous: datetime | None, now: datetime, /
    ) -> datetime | None: ...


def trigger_of(job: Job, start: datetime) -> Trigger:
    """Return the job's trigger, counted from `start`.

    Raises:
        ConfigError: the job has neither or both times, or its cron line has no meaning.
    """
    from apscheduler.triggers.cron import CronTrigger
    from apscheduler.triggers.interval import IntervalTrigger

    if (job.every_s is None) == (job.cron is None):
        raise ConfigError(f"schedule.jobs.{job.name}: expected one of every_s and cron")
    if job.every_s is not None:
        first = start + timedelta(seconds=job.every_s)
        return IntervalTrigger(  # type: ignore[no-any-return]
            seconds=job.every_s, timezone=UTC, start_date=first
        )
    try:
        return CronTrigger.from_crontab(job.cron, timezone=UTC)  # type: ignore[no-any-return]
    except ValueError as error:
        raise ConfigError(
            f"schedule.jobs.{job.name}.cron: expected five cron fields such as '*/5 * * * *',"
            f" was '{job.cron}' ({error})"
        ) from None


class Schedule(AbstractContextManager["Schedule"]):
    """Run jobs on the machine's clock while the context is open. Needs a running event loop."""

    def __init__(self, jobs: Sequence[Job], enqueue: Enqueue, clock_ns: Callable[[], int]) -> None:
        from apscheduler.executors.asyncio import AsyncIOExecutor
        from apscheduler.jobstores.memory import MemoryJobStore
        from apscheduler.schedulers.asyncio import AsyncIOScheduler

        from runner.planned import Planned

        now_ns = clock_ns()
        start = datetime.fromtimestamp(now_ns / 1e9, UTC)
        self._enqueue = enqueue
        self._triggers = {job.name: trigger_of(job, start) for job in jobs}
        self._grace_ns = {job.name: _grace_s(job) * 1_000_000_000 for job in jobs}
        self._asked_ns = dict.fromkeys(self._triggers, now_ns)
        self._clock_ns = clock_ns
        self._scheduler: Any = AsyncIOScheduler(
            timezone=UTC,
            jobstores={"default": MemoryJobStore()},
            executors={"default": AsyncIOExecutor()},
        )
        for job in jobs:
            self._scheduler.add_job(
                self._asker(job),
                Planned(self._triggers[job.name], clock_ns, _grace_s(job)),
                id=job.name,
                replace_existing=True,
                coalesce=True,
                max_instances=1,
                misfire_grace_time=_grace_s(job),
            )

    def overdue(self, now_ns: int) -> list[str]:
        """Return the jobs that were due since they last ran, by more than their grace."""
        return [name for name in self._triggers if now_ns > self._latest_ns(name)]

    def upcoming(self) -> dict[str, int | None]:
        """Return when each job is next due."""
        found: dict[str, int | None] = {}
        for job in self._scheduler.get_jobs():
            moment = job.next_run_time
            found[job.id] = None if moment is None else int(moment.timestamp() * 1e9)
        return found

    def _latest_ns(self, name: str) -> int:
        """Return by when a job has to have run again."""
        last = datetime.fromtimestamp(self._asked_ns[name] / 1e9, UTC)
        due = self._triggers[name].get_next_fire_time(last, last)
        if due is None:
            return NEVER_NS
        return int(due.timestamp() * 1e9) + self._grace_ns[name] + SLACK_NS

    def _asker(self, job: Job) -> Callable[[], Any]:
        async def ask() -> None:
            now_ns = self._clock_ns()
            meant_ns = None if job.cron is None else meant_ns_of(job, now_ns)
            if meant_ns is None and job.cron is not None:
                return  # the host's clock has leapt ahead: the moment is still to come
            self._asked_ns[job.name] = now_ns
            self._enqueue(job.name, meant_ns)

        return ask

    def __enter__(self) -> "Schedule":
        self._scheduler.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._scheduler.shutdown(wait=False)


def _grace_s(job: Job) -> int:
    """Return how late a job is still worth running: its period, or a minute for a cron line."""
    return max(1, int(job.every_s)) if job.every_s is not None else CRON_GRACE_S


def meant_ns_of(job: Job, now_ns: int) -> int | None:
    """Return the latest moment that a job which runs now can be meant for; None: there is none."""
    until_ns = now_ns + EARLY_NS
    since_ns = now_ns - (_grace_s(job) + 1) * 1_000_000_000
    return max(fire_times(job, since_ns, until_ns), default=None)


def fire_times(job: Job, start_ns: int, until_ns: int) -> Iterable[int]:
    """Yield the job's moments in (start_ns, until_ns], for a clock that is not the machine's."""
    start = datetime.fromtimestamp(start_ns / 1e9, UTC)
    trigger = trigger_of(job, start)
    previous: datetime | None = start if job.every_s is not None else None
    while True:
        now = previous or start
        moment = trigger.get_next_fire_time(previous, now)
        if moment is None or moment.timestamp() * 1e9 > until_ns:
            return
        if moment > start:
            yield int(moment.timestamp() * 1e9)
        previous = moment
