"""Make the session that runs a built deploy as configured."""

from collections.abc import Callable
from contextlib import AbstractContextManager

from runner.engine.clock import Clock
from runner.engine.health import Vitals
from runner.engine.observer import Jobs, Observer
from runner.engine.session import Session
from runner.engine.steward import Steward
from runner.engine.supervisor import Terms
from runner.modes.built import Built, by_venue
from runner.schedule import Job, Schedule
from runner.settings import Settings
from runner.wiring.agenda import agendas_of

UNLEVEL_NS = 10_000_000_000
"""A market that has not been held against its venue for so long is not well."""
UPDATE_NS = 250_000_000
"""Longest time between two looks at the workers, so that the log follows closely."""


def restarts_of(settings: Settings) -> Terms:
    """Return how often what fails is started again."""
    chosen = settings.supervisor
    return Terms(
        max_restarts=chosen.max_restarts,
        window_ns=int(chosen.window_s * 1e9),
        first_backoff_ns=int(chosen.first_backoff_s * 1e9),
        max_backoff_ns=int(chosen.max_backoff_s * 1e9),
    )


def steward_of(settings: Settings, built: Built) -> Steward:
    """Return what tells a deploy's markets what the clock asks of them."""
    return Steward(
        agendas_of(settings), built.stations, built.slots, built.warnings, fitted=built.fitted
    )


def asking(settings: Settings, built: Built) -> Callable[[int], None]:
    """Return what is called once a second: the clock's word to markets, then the pairs' rules."""
    steward = steward_of(settings, built)

    def ask(now_ns: int) -> None:
        steward.look(now_ns)
        built.tick_pairs(now_ns)

    return ask


def session_of(settings: Settings, clock: Clock, built: Built, observer: Observer) -> Session:
    """Return the session that runs a built deploy as configured."""
    jobs = [Job(name, job.every_s, job.cron) for name, job in settings.schedule.jobs.items()]

    def schedule(enqueue: Callable[[str], None]) -> AbstractContextManager[Jobs]:
        def ask(name: str, meant_ns: int | None) -> None:
            if meant_ns is None:
                enqueue(name)
            else:
                built.slots.claim(name, meant_ns, clock.now_ns(), lambda: enqueue(name))

        return Schedule(jobs, ask, clock.now_ns)

    return Session(
        venues=built.venues,
        stations=by_venue(built.stations),
        twins=built.twins,
        clock=clock,
        observer=observer,
        portfolio=built.portfolio,
        keep=built.keep,
        ask=asking(settings, built),
        record=built.writer.put,
        duration_ns=int(settings.duration_s * 1e9) if settings.duration_s else None,
        update_every_ns=min(int(settings.watch.every_s * 1e9), UPDATE_NS),
        check=built.writer.check,
        schedule=schedule,
        restarts=restarts_of(settings),
        vitals=Vitals(
            most_late_ns=int((settings.risk.max_loop_lag_s or 0.0) * 1e9),
            most_quiet_ns=int((settings.risk.max_quiet_s or 0.0) * 1e9),
            most_unlevel_ns=max(
                UNLEVEL_NS, 3 * max(v.look_every_ns for v in built.venues.values())
            ),
        ),
        flatten_on_kill=settings.risk.flatten_on_kill,
        most_lag_ns=int((settings.risk.max_loop_lag_s or 0.0) * 1e9),
    )
