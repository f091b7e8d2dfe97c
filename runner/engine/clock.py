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


class VirtualClock:
    """A clock that jumps to the next moment anyone waits for, as soon as every task waits.

    Tasks wake in order of their moments, equal moments in order of asking, so a run is repeatable.
    """

    def __init__(self, start_ns: int) -> None:
        self._now_ns = start_ns
        self._asked = 0
        self._waiting: list[tuple[int, int, asyncio.Future[None]]] = []

    def now_ns(self) -> int:
        """Return the virtual moment."""
        return self._now_ns

    def monotonic_ns(self) -> int:
        """Return the virtual moment."""
        return self._now_ns

    async def sleep_until_ns(self, wall_ns: int) -> None:
        """Wait until the virtual clock reaches `wall_ns`."""
        if wall_ns <= self._now_ns:
            await asyncio.sleep(0)
            return
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._asked += 1
        self._waiting.append((wall_ns, self._asked, future))
        await future

    async def run(self, main: "asyncio.Future[object]") -> None:
        """Advance time until `main` is done."""
        while not main.done():
            for _ in range(8):
                await asyncio.sleep(0)
            self._waiting = [w for w in self._waiting if not w[2].done()]
            if main.done() or not self._waiting:
                continue
            earliest = min(self._waiting, key=lambda w: w[:2])
            self._waiting.remove(earliest)
            self._now_ns = max(self._now_ns, earliest[0])
            earliest[2].set_result(None)
