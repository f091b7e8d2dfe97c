"""Check a cron line without the scheduler: five fields, weekdays by name."""

import re
from dataclasses import dataclass

from runner.settings.fields import Checked

_FIELDS = (("minute", 0, 59), ("hour", 0, 23), ("day", 1, 31), ("month", 1, 12))
_WEEKDAY = r"(mon|tue|wed|thu|fri|sat|sun)"


@dataclass(frozen=True)
class Cron(Checked):
    """A cron line or null. Weekdays are names: schedulers disagree which number is Sunday."""

    null: bool = True

    def expected(self) -> str:
        """Return the form of a line."""
        return (
            "a cron line of 5 fields in UTC, the weekday by name ('*/5 * * * *', '0 8 * * mon-fri')"
        )

    def check(self, value: object) -> str:
        """Return the line."""
        if not isinstance(value, str):
            raise ValueError
        parts = value.split()
        if len(parts) != len(_FIELDS) + 1:
            raise ValueError
        for part, (_, low, high) in zip(parts, _FIELDS, strict=False):
            for item in part.split(","):
                _check_item(item, low, high)
        for item in parts[-1].split(","):
            if not re.fullmatch(rf"\*|{_WEEKDAY}(-{_WEEKDAY})?", item):
                raise ValueError
        return value


def _check_item(item: str, low: int, high: int) -> None:
    match = re.fullmatch(r"(?:\*|(\d{1,2})(?:-(\d{1,2}))?)(?:/(\d{1,2}))?", item)
    if match is None:
        raise ValueError
    first, last, step = match.groups()
    if step is not None and not 1 <= int(step) <= high - low + 1:
        raise ValueError
    numbers = [int(number) for number in (first, last) if number is not None]
    if any(not low <= number <= high for number in numbers) or numbers != sorted(numbers):
        raise ValueError
