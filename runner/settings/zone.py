"""Read a time zone's name, and windows of the week that are told by days."""

import re
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from runner.settings.fields import Checked
from runner.settings.week import DAY_MIN, DAYS, WEEK_MIN, window

MOST = 64
_DAYS = rf"({'|'.join(DAYS)})(?:-({'|'.join(DAYS)}))?"
_OF_DAYS = rf"{_DAYS} (\d\d):(\d\d) - (\d\d):(\d\d)"


@dataclass(frozen=True)
class Zone(Checked):
    """A zone of the IANA database, such as America/New_York; UTC is one."""

    def expected(self) -> str:
        """Return what a zone is."""
        return "a time zone such as UTC or America/New_York"

    def check(self, value: object) -> str:
        """Return the name."""
        if not isinstance(value, str) or not re.fullmatch(r"[A-Za-z0-9_+/-]{1,64}", value):
            raise ValueError
        try:
            ZoneInfo(value)
        except (KeyError, OSError):
            raise ValueError from None
        return value


@dataclass(frozen=True)
class Week(Checked):
    """Windows of the week in some zone; stored as minutes of the week, one pair a window."""

    def expected(self) -> str:
        """Return the forms of the list."""
        return (
            f"a list of 1 to {MOST} windows, each as 'mon-fri 09:30 - 16:00'"
            " or 'mon 08:00 - fri 17:00'"
        )

    def check(self, value: object) -> tuple[tuple[int, int], ...]:
        """Return first minute and end of each window; one may run over the end of the week."""
        if not isinstance(value, (list, tuple)):
            raise ValueError
        windows = tuple(one for item in value for one in _windows(item))
        if not 1 <= len(windows) <= MOST:
            raise ValueError
        return windows


def _windows(item: object) -> list[tuple[int, int]]:
    """Return one window, or one for each day of a row of days; it may run over midnight."""
    match = re.fullmatch(_OF_DAYS, item) if isinstance(item, str) else None
    if match is None:
        return [window(item)]
    first, last = (DAYS.index(day) for day in (match[1], match[2] or match[1]))
    begin, end = (_minute(match[k], match[k + 1]) for k in (3, 5))
    if begin == end % DAY_MIN and end < DAY_MIN:
        raise ValueError
    over = DAY_MIN if end <= begin else 0
    days = range(first, last + 1 if last >= first else last + 8)
    return [((day * DAY_MIN + begin) % WEEK_MIN, _end(day * DAY_MIN + end + over)) for day in days]


def _end(minute: int) -> int:
    """Return the end of a window; that of the week is its own, and not the next one's begin."""
    return minute if minute <= WEEK_MIN else minute - WEEK_MIN


def _minute(hour: str, minute: str) -> int:
    if int(hour) * 60 + int(minute) > DAY_MIN or int(minute) > 59:
        raise ValueError
    return int(hour) * 60 + int(minute)
