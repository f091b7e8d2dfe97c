"""Read windows of the week: from a weekday and a time to another, in UTC."""

import re
from dataclasses import dataclass

from runner.settings.fields import Checked

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY_MIN = 24 * 60
WEEK_MIN = 7 * DAY_MIN
MOST = 16
_MOMENT = rf"({'|'.join(DAYS)}) (\d\d):(\d\d)"


@dataclass(frozen=True)
class Windows(Checked):
    """Up to sixteen windows, each 'mon 08:00 - fri 17:00'; stored as minutes of the week."""

    def expected(self) -> str:
        """Return the form of the list."""
        return f"a list of 1 to {MOST} windows in UTC, each as 'mon 08:00 - fri 17:00'"

    def check(self, value: object) -> tuple[tuple[int, int], ...]:
        """Return first minute and end of each window; one may run over the end of the week."""
        if not isinstance(value, (list, tuple)) or not 1 <= len(value) <= MOST:
            raise ValueError
        return tuple(window(item) for item in value)


def window(item: object) -> tuple[int, int]:
    """Return first minute and end of one window; raise ValueError for what is none."""
    match = re.fullmatch(rf"{_MOMENT} - {_MOMENT}", item) if isinstance(item, str) else None
    if match is None:
        raise ValueError
    first = _minute(*match.group(1, 2, 3))
    until = _minute(*match.group(4, 5, 6))
    if first == until % WEEK_MIN and until < WEEK_MIN:
        raise ValueError
    return first, until


def _minute(day: str, hour: str, minute: str) -> int:
    if int(hour) * 60 + int(minute) > DAY_MIN or int(minute) > 59:
        raise ValueError
    return DAYS.index(day) * DAY_MIN + int(hour) * 60 + int(minute)
