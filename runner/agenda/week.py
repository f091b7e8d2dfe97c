"""Tell whether a market is open by the clock of a zone: a state, derived from the moment alone.

A window holds what the zone's clock shows. So in the night in which it is set back, a window over
the hour that comes twice is open for both; in the other night, the hour that is left out is short.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from runner.agenda.moments import DAY_NS, S_NS, local, moment_ns, offset_ns

DAY_MIN = 24 * 60
QUARTER_NS = 900 * S_NS


@dataclass(frozen=True, slots=True)
class WeekHours:
    """Windows in minutes of the week since Monday 00:00, on the clock of a zone."""

    zone: ZoneInfo
    windows: tuple[tuple[int, int], ...]

    def is_open(self, now_ns: int) -> bool:
        """Tell whether a window holds the moment; one may run over the end of the week."""
        shown = local(now_ns, self.zone)
        minute = shown.weekday() * DAY_MIN + shown.hour * 60 + shown.minute
        return any(
            first <= minute < until if first < until else minute >= first or minute < until
            for first, until in self.windows
        )

    def may_change(self, start_ns: int, until_ns: int) -> Iterator[int]:
        """Yield every moment in (start_ns, until_ns] at which it may open or close."""
        marks = sorted({mark % DAY_MIN for window in self.windows for mark in window})
        day_ns = _midnight_ns(local(start_ns, self.zone).date() - timedelta(days=1))
        while day_ns <= until_ns + 2 * DAY_NS:
            for mark in marks:
                for fold in (0, 1):
                    yield from _within(
                        moment_ns(day_ns + mark * 60 * S_NS, self.zone, fold), start_ns, until_ns
                    )
            if offset_ns(day_ns, self.zone) != offset_ns(day_ns + DAY_NS, self.zone):
                for quarter_ns in range(day_ns, day_ns + DAY_NS + 1, QUARTER_NS):
                    yield from _within(quarter_ns, start_ns, until_ns)
            day_ns += DAY_NS


def _within(at_ns: int, start_ns: int, until_ns: int) -> Iterator[int]:
    if start_ns < at_ns <= until_ns:
        yield at_ns


def _midnight_ns(day: date) -> int:
    return (day - date(1970, 1, 1)).days * DAY_NS
