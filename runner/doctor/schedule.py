"""Tell what the clock will ask for next, in UTC and in the zone that each entry names."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from runner.agenda.moments import DAY_NS, S_NS, CronMoments, FixedMoments, Moments
from runner.agenda.week import WeekHours
from runner.doctor.finding import Finding, Verdict
from runner.engine.clock import SystemClock
from runner.places import Places
from runner.settings import Settings
from runner.settings.schedule import Flattening, HedgeSweep, Rebalance

AHEAD_NS = 8 * DAY_NS
"""A week of hours comes again within it."""


def check_schedule(settings: Settings, places: Places) -> Iterator[Finding]:
    """Yield a line for each entry of the schedule, with its next moment."""
    for about, text in next_runs(settings, SystemClock().now_ns()):
        yield Finding(Verdict.GOOD, f"schedule.{about}", text)


def next_runs(settings: Settings, now_ns: int) -> Iterator[tuple[str, str]]:
    """Yield each entry's key under `schedule`, and when it comes next."""
    schedule = settings.schedule
    for name, job in schedule.jobs.items():
        if job.cron is None:
            yield f"jobs.{name}", f"every {job.every_s:g} s"
        else:
            yield f"jobs.{name}", _next(CronMoments(job.cron, ZoneInfo("UTC")), "UTC", now_ns)
    for key, hours in schedule.hours.items():
        yield f"hours.{key}", _hours(WeekHours(ZoneInfo(hours.zone), hours.windows), now_ns)
    for key, pause in schedule.pauses.items():
        moments: Moments = FixedMoments(pause.at)
        if pause.cron is not None:
            moments = CronMoments(pause.cron, ZoneInfo(pause.zone))
        around = f"{pause.before_s:g} s before to {pause.after_s:g} s after"
        yield f"pauses.{key}", f"{around} {_next(moments, pause.zone, now_ns)}"
    moves: dict[str, Mapping[str, Flattening | HedgeSweep | Rebalance]] = {
        "rebalances": schedule.rebalances,
        "flattens": schedule.flattens,
        "hedge_sweeps": schedule.hedge_sweeps,
    }
    for kind, entries in moves.items():
        for key, entry in entries.items():
            moments = CronMoments(entry.cron, ZoneInfo(entry.zone))
            yield f"{kind}.{key}", _next(moments, entry.zone, now_ns)


def _hours(hours: WeekHours, now_ns: int) -> str:
    """Say whether hours are open, and until when."""
    is_open = hours.is_open(now_ns)
    word = "open" if is_open else "closed"
    changes = sorted(set(hours.may_change(now_ns, now_ns + AHEAD_NS)))
    until_ns = next((at_ns for at_ns in changes if hours.is_open(at_ns) != is_open), None)
    if until_ns is None:
        return f"{word}, and stays so"
    return f"{word} until {shown(until_ns, hours.zone.key)}"


def _next(moments: Moments, zone: str, now_ns: int) -> str:
    next_ns = moments.next_ns(now_ns)
    return "never again" if next_ns is None else shown(next_ns, zone)


def shown(at_ns: int, zone: str) -> str:
    """Return a moment in UTC, and in a zone where that is another one."""
    moment = datetime.fromtimestamp(at_ns // S_NS, UTC)
    utc = f"{moment:%a %Y-%m-%d %H:%M:%S} UTC"
    if zone == "UTC":
        return utc
    return f"{utc} ({moment.astimezone(ZoneInfo(zone)):%a %H:%M} {zone})"
