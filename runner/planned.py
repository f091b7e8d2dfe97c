"""Plan by our clock and wait by the host's: a moment keeps its distance when the host's is set."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Protocol

from apscheduler.triggers.base import BaseTrigger


class Moments(Protocol):
    """What a trigger has to answer."""

    def get_next_fire_time(
        self, previous: datetime | None, now: datetime, /
    ) -> datetime | None: ...


class Planned(BaseTrigger):  # type: ignore[misc]
    """A trigger of our clock, told in the host's time. `clock_ns` is ours, in ns since the epoch.

    Whole seconds alone are made up for: less is no step of a clock but its drift, and a moment
    that is the same in both clocks stays exact.

    Moments that are past by more than `grace_s` are passed over in one step: nobody makes up for
    them, and after a leap of a clock the scheduler would ask for millions, one by one.
    """

    def __init__(self, trigger: Moments, clock_ns: Callable[[], int], grace_s: int) -> None:
        self._trigger = trigger
        self._clock_ns = clock_ns
        self._reach = timedelta(seconds=grace_s + 1)

    def get_next_fire_time(
        self, previous_fire_time: datetime | None, now: datetime
    ) -> datetime | None:
        """Return the next moment after the last one, or after now."""
        ahead = timedelta(seconds=round(now.timestamp() - self._clock_ns() / 1e9))
        before = None if previous_fire_time is None else previous_fire_time - ahead
        since = now - ahead
        if before is not None and before < since - self._reach:
            before, since = None, since - self._reach
        moment = self._trigger.get_next_fire_time(before, since)
        return None if moment is None else moment + ahead
