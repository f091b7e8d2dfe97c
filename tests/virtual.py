"""Run asyncio code on virtual time: nobody waits, a day takes seconds, and every run is the same.

The loop below is asyncio's own with another clock. When nothing is ready it jumps to the next
timer, so sleep, timeout, wait_for and call_later work unchanged. There are no threads, no sockets
and no chance in it. Code that would wait for ever fails with `Deadlock`.
"""

import asyncio
import math
import selectors
from asyncio import events
from collections.abc import Callable, Coroutine, Mapping
from contextvars import Context
from heapq import heappush
from typing import Any, NoReturn, TypeVar

Result = TypeVar("Result")

START_NS = 1_763_000_000_000_000_000
MOST_STEPS_AT_ONE_MOMENT = 1_000_000


class Deadlock(Exception):
    """Everybody waits, and no timer will wake anyone; or somebody spins and time cannot pass."""


class VirtualClock:
    """The clock of a virtual loop: wall time is `start_ns` plus the loop's time."""

    def __init__(self, loop: "VirtualLoop", start_ns: int) -> None:
        self._loop = loop
        self._start_ns = start_ns

    def now_ns(self) -> int:
        """Return the virtual moment."""
        return self._start_ns + self._loop.time_ns

    def monotonic_ns(self) -> int:
        """Return the virtual moment; it never steps back."""
        return self.now_ns()

    async def sleep_until_ns(self, wall_ns: int) -> None:
        """Wait until the clock reaches `wall_ns`; a moment in the past lets other tasks run."""
        await asyncio.sleep(max(0, wall_ns - self.now_ns()) / 1e9)

    def block(self, duration_ns: int) -> None:
        """Let time pass while nobody runs, as code that blocks the loop does."""
        self._loop.time_ns += duration_ns


class SetClock:
    """A clock for code that never waits: it stands where the test has put `time_ns`."""

    def __init__(self, time_ns: int) -> None:
        self.time_ns = time_ns

    def now_ns(self) -> int:
        """Return the moment that was set."""
        return self.time_ns

    def monotonic_ns(self) -> int:
        """Return the moment that was set."""
        return self.time_ns

    async def sleep_until_ns(self, wall_ns: int) -> NoReturn:
        """Refuse: nobody would move the time."""
        raise Deadlock(f"a clock that is set by hand cannot wait until {wall_ns}; use virtual.run")


def run(
    main: Callable[[VirtualClock], Coroutine[Any, Any, Result]], start_ns: int = START_NS
) -> Result:
    """Run `main(clock)` on a virtual loop of its own and return its result.

    Raises Deadlock when it would wait for ever. Tasks that are left over are cancelled.
    """
    loop = VirtualLoop()
    with asyncio.Runner(loop_factory=lambda: loop) as runner:
        return runner.run(main(VirtualClock(loop, start_ns)))


class VirtualLoop(asyncio.SelectorEventLoop):
    """An event loop whose time passes only when nothing is ready, and then all at once."""

    def __init__(self) -> None:
        self.time_ns = 0
        self._asked = 0
        super().__init__(_Jump(self._jump))
        self._clock_resolution = 0.5e-9

    def time(self) -> float:
        """Return virtual seconds; exact to the nanosecond for the first days."""
        return self.time_ns / 1e9

    def call_at(
        self,
        when: float,
        callback: Callable[..., object],
        *args: Any,
        context: Context | None = None,
    ) -> asyncio.TimerHandle:
        """Arrange for a call; equal moments come in order of asking, which a bare heap forgets."""
        self._asked += 1
        timer = _Timer(self._asked, when, callback, args, self, context)
        heappush(self._scheduled, timer)  # type: ignore[attr-defined]
        timer._scheduled = True  # type: ignore[attr-defined]
        return timer

    def run_in_executor(self, executor: Any, func: Any, *args: Any) -> NoReturn:
        """Refuse: a thread knows nothing of virtual time."""
        raise RuntimeError("there are no threads on virtual time")

    def _jump(self, wait_s: float) -> None:
        self.time_ns += math.ceil(wait_s * 1e9 - 0.25)  # a float's dust is no nanosecond
        self._clock_resolution = max(0.5e-9, 2 * math.ulp(self.time()))


class _Timer(events.TimerHandle):
    """A timer with its turn among those of the same moment."""

    __slots__ = ("_turn",)

    def __init__(
        self,
        turn: int,
        when: float,
        callback: Callable[..., object],
        args: tuple[Any, ...],
        loop: asyncio.AbstractEventLoop,
        context: Context | None,
    ) -> None:
        super().__init__(when, callback, args, loop, context)
        self._turn = turn

    def __lt__(self, other: object) -> bool:
        if not isinstance(other, _Timer):
            return NotImplemented
        return (self.when(), self._turn) < (other.when(), other._turn)


class _Jump(selectors.BaseSelector):
    """A selector that never waits: it lets the time jump instead."""

    def __init__(self, jump: Callable[[float], None]) -> None:
        self._jump = jump
        self._keys: dict[Any, selectors.SelectorKey] = {}
        self._steps = 0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        """Return at once, with nothing, after the time that was to be waited."""
        if timeout is None:
            raise Deadlock("every task waits for something that no timer will bring")
        self._steps = 0 if timeout > 0 else self._steps + 1
        if self._steps > MOST_STEPS_AT_ONE_MOMENT:
            self._steps = 0
            raise Deadlock("somebody spins: a million steps, and the time stands still")
        self._jump(max(0.0, timeout))
        return []

    def register(self, fileobj: Any, events: int, data: Any = None) -> selectors.SelectorKey:
        """Take the loop's pipe to itself, and nothing else."""
        if self._keys:
            raise RuntimeError("there are no sockets on virtual time")
        key = selectors.SelectorKey(fileobj, fileobj, events, data)
        self._keys[fileobj] = key
        return key

    def unregister(self, fileobj: Any) -> selectors.SelectorKey:
        """Forget the pipe."""
        return self._keys.pop(fileobj)

    def get_map(self) -> Mapping[Any, selectors.SelectorKey]:
        """Return what was taken."""
        return self._keys
