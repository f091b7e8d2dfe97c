"""Tell the time: the only module that reads a clock. Everything else is given one."""

import asyncio
import time
from typing import Protocol


class Clock(Protocol):
    """Wall time for stamps (ns since the epoch, UTC), a monotonic count, and waiting."""

    def now_ns(self) -> int: ...
    def monotonic_ns(self) -> int: ...
    async def sleep_until_ns(self, wall_ns: int) -> None: ...


class SystemClock:
    """The machine's clock. Wall time never steps back within a process: it is the monotonic count
    added to the wall time read once at the start."""

    def __init__(self) -> None:
        self._offset_ns = time.time_ns() - time.monotonic_ns()

    def now_ns(self) -> int:
        """Return UTC nanoseconds since the epoch."""
        return time.monotonic_ns() + self._offset_ns

    def monotonic_ns(self) -> int:
        """Return the monotonic count."""
        return time.monotonic_ns()

    async def sleep_until_ns(self, wall_ns: int) -> None:
        """Wait until `wall_ns`; a moment in the past still lets other tasks run."""
        await asyncio.sleep(max(0, wall_ns - self.now_ns()) / 1e9)
