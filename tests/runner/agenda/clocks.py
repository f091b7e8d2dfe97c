"""Name moments, and make agendas of a few words."""

from datetime import datetime
from zoneinfo import ZoneInfo

from runner.agenda.agenda import Agenda, Move, Pause, Target
from runner.agenda.moments import S_NS, CronMoments
from runner.agenda.week import WeekHours

NEW_YORK = ZoneInfo("America/New_York")
UTC = ZoneInfo("UTC")
DAY_MIN = 24 * 60


def at(text: str) -> int:
    """Return a moment in UTC, in ns."""
    return int(datetime.fromisoformat(f"{text}+00:00").timestamp()) * S_NS


def shown(moments: list[int]) -> list[str]:
    """Return moments as texts in UTC."""
    return [datetime.fromtimestamp(m // S_NS, UTC).strftime("%m-%d %H:%M") for m in moments]


def every_day(first: str, until: str, zone: ZoneInfo = NEW_YORK) -> WeekHours:
    """Return hours from one time of the day to another."""
    begin, end = (int(text[:2]) * 60 + int(text[3:]) for text in (first, until))
    windows = tuple((day * DAY_MIN + begin, day * DAY_MIN + end) for day in range(7))
    return WeekHours(zone, windows)


def flatten(cron: str, within_s: int = 600, zone: ZoneInfo = UTC, name: str = "close") -> Move:
    """Return moments at which the position is closed."""
    return Move(name, CronMoments(cron, zone), within_s, True, 0, 1000, 500)


def lean(cron: str, lots: int = 0, tick_lots: int = 0) -> Agenda:
    """Return an agenda with a target alone."""
    return Agenda(target=Target("lean", CronMoments(cron, UTC), lots, tick_lots))


def pause(cron: str, before_s: int, after_s: int) -> Agenda:
    """Return an agenda with a pause alone."""
    moments = CronMoments(cron, UTC)
    return Agenda(pauses=(Pause("pause", moments, before_s * S_NS, after_s * S_NS),))
