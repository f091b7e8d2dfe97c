"""Find the moments of a cron line in a time zone: the last one, the next one, those of a span.

A line is read on the zone's own clock, which shows every time once: what that clock shows twice, in
the night in which it is set back, is meant the first time; what it leaves out, in the night in
which it is set ahead, comes as much later as it leaves out.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from runner.schedule import Job, fire_times

S_NS = 1_000_000_000
DAY_NS = 86_400 * S_NS
SPANS_NS = (600 * S_NS, 7200 * S_NS, *(days * DAY_NS for days in (2, 9, 40, 370, 1500)))
"""How far to look, the nearest first; the last one holds a leap year's day."""
AROUND_NS = 4 * 3600 * S_NS
"""More than any clock is set by at once."""


class Moments(Protocol):
    """Moments in ns since the epoch."""

    def latest_ns(self, now_ns: int) -> int | None:
        """Return the last moment that is not after now."""

    def next_ns(self, now_ns: int) -> int | None:
        """Return the first moment after now."""

    def between(self, start_ns: int, until_ns: int) -> Sequence[int]:
        """Return the moments in (start_ns, until_ns], in order."""


@dataclass(frozen=True, slots=True)
class FixedMoments:
    """Moments that are given, in order."""

    at_ns: Sequence[int]

    def latest_ns(self, now_ns: int) -> int | None:
        """Return the last moment that is not after now."""
        k = bisect_right(self.at_ns, now_ns)
        return self.at_ns[k - 1] if k else None

    def next_ns(self, now_ns: int) -> int | None:
        """Return the first moment after now."""
        k = bisect_right(self.at_ns, now_ns)
        return self.at_ns[k] if k < len(self.at_ns) else None

    def between(self, start_ns: int, until_ns: int) -> Sequence[int]:
        """Return the moments in (start_ns, until_ns]."""
        return self.at_ns[bisect_right(self.at_ns, start_ns) : bisect_right(self.at_ns, until_ns)]


@dataclass(slots=True)
class CronMoments:
    """The moments of a cron line on the clock of a zone.

    The last and the next one are remembered, so that asking every second costs nothing.
    """

    cron: str
    zone: ZoneInfo
    _known: tuple[int, int] = (0, 0)
    _latest_ns: int | None = None
    _next_ns: int | None = None

    def latest_ns(self, now_ns: int) -> int | None:
        """Return the last moment that is not after now; None where there was none for years."""
        self._look(now_ns)
        return self._latest_ns

    def next_ns(self, now_ns: int) -> int | None:
        """Return the first moment after now; None where there is none for years."""
        self._look(now_ns)
        return self._next_ns

    def between(self, start_ns: int, until_ns: int) -> Sequence[int]:
        """Return the moments in (start_ns, until_ns], in order."""
        around_ns = AROUND_NS if self._is_set_near(start_ns, until_ns) else 0
        job = Job("moments", cron=self.cron)
        first_ns, last_ns = (
            wall_ns(at_ns, self.zone) + step
            for at_ns, step in ((start_ns, -around_ns), (until_ns, around_ns))
        )
        found = {moment_ns(wall, self.zone) for wall in fire_times(job, first_ns, last_ns)}
        return sorted(at_ns for at_ns in found if start_ns < at_ns <= until_ns)

    def _look(self, now_ns: int) -> None:
        if self._known[0] <= now_ns < self._known[1]:
            return
        before = (self.between(now_ns - span, now_ns) for span in SPANS_NS)
        after = (self.between(now_ns, now_ns + span) for span in SPANS_NS)
        self._latest_ns = next((found[-1] for found in before if found), None)
        self._next_ns = next((found[0] for found in after if found), None)
        until_ns = now_ns + SPANS_NS[-1] if self._next_ns is None else self._next_ns
        self._known = (now_ns, until_ns)

    def _is_set_near(self, *moments_ns: int) -> bool:
        """Tell whether the zone's clock is set within a day of one of the moments."""
        return any(
            offset_ns(at_ns - DAY_NS, self.zone) != offset_ns(at_ns + DAY_NS, self.zone)
            for at_ns in moments_ns
        )


def local(at_ns: int, zone: ZoneInfo) -> datetime:
    """Return what a zone's clock shows, to the second."""
    return datetime.fromtimestamp(at_ns // S_NS, zone)


def offset_ns(at_ns: int, zone: ZoneInfo) -> int:
    """Return how far a zone's clock is ahead of UTC."""
    offset = local(at_ns, zone).utcoffset()
    return 0 if offset is None else int(offset.total_seconds()) * S_NS


def wall_ns(at_ns: int, zone: ZoneInfo) -> int:
    """Return what a zone's clock shows, counted as if it were UTC."""
    return at_ns + offset_ns(at_ns, zone)


def moment_ns(shown_ns: int, zone: ZoneInfo, fold: int = 0) -> int:
    """Return when a zone's clock shows a time: the first time, or with `fold` 1 the second."""
    shown = datetime.fromtimestamp(shown_ns // S_NS, UTC).replace(tzinfo=zone, fold=fold)
    return int(shown.timestamp()) * S_NS + shown_ns % S_NS
