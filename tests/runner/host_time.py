"""Give APScheduler a host's clock that tests set: it reads the machine's by itself."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, tzinfo
from unittest.mock import patch

from tests.virtual import VirtualClock


class Host:
    """The host's wall clock: that of the runner, and what it was set ahead by since."""

    def __init__(self, clock: VirtualClock) -> None:
        self._clock = clock
        self.ahead_s = 0.0

    def now(self, zone: tzinfo | None = None) -> datetime:
        """Return what the host believes."""
        return datetime.fromtimestamp(self._clock.now_ns() / 1e9 + self.ahead_s, zone or UTC)


@contextmanager
def host_of(clock: VirtualClock) -> Iterator[Host]:
    """Let APScheduler read the host's clock that is yielded."""
    host = Host(clock)
    scheduler, executor = "apscheduler.schedulers.base", "apscheduler.executors.base"
    with patch(f"{scheduler}.datetime", host), patch(f"{executor}.datetime", host):
        yield host
