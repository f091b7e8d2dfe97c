"""Let the clock ask for things: cron-like jobs that only enqueue the name of a command.

Nothing that sends an order and nothing that safety needs runs inside a job. Every job is in UTC,
has a fixed id, never runs twice at once, and catches up at most once.
"""

from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Protocol

from connectors.model.errors import ConfigError

Enqueue = Callable[[str], None]


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
        return IntervalTrigger(  # type: ignore[no-any-return]
            seconds=job.every_s, timezone=UTC, start_date=start
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

    def __init__(self, jobs: Sequence[Job], enqueue: Enqueue, now_ns: int) -> None:
        from apscheduler.executors.asyncio import AsyncIOExecutor
        from apscheduler.jobstores.memory import MemoryJobStore
        from apscheduler.schedulers.asyncio import AsyncIOScheduler

        start = datetime.fromtimestamp(now_ns / 1e9, UTC)
        self._scheduler: Any = AsyncIOScheduler(
            timezone=UTC,
            jobstores={"default": MemoryJobStore()},
            executors={"default": AsyncIOExecutor()},
        )
        for job in jobs:
            self._scheduler.add_job(
                _asker(enqueue, job.name),
                trigger_of(job, start),
                id=job.name,
                replace_existing=True,
                coalesce=True,
                max_instances=1,
                misfire_grace_time=_grace_s(job),
            )

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


def _asker(enqueue: Enqueue, name: str) -> Callable[[], Any]:
    async def ask() -> None:
        enqueue(name)

    return ask


def _grace_s(job: Job) -> int:
    """Return how late a job is still worth running: its period, or a minute for a cron line."""
    return max(1, int(job.every_s)) if job.every_s is not None else 60


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
