"""Write what venues say of their markets to tapes, and nothing else: no order, no opinion."""

import asyncio
import os
import random
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Protocol

from connectors.model.errors import MmrunnerError
from connectors.model.events import GAP, AccountRows, MarketRows
from connectors.venue import Venue
from runner.engine.clock import Clock
from runner.engine.room import Room
from runner.engine.session import CLEAN, HALTED, INTERRUPTED
from runner.engine.supervisor import Supervisor, Terms
from runner.engine.warnings import Warn

FLUSH_NS = 1_000_000_000
"""So much is lost at most by a power cut; a kill loses what has not been written since."""


class Recorded(Protocol):
    """Where one market's batches go."""

    def append(self, rows: MarketRows, now_ns: int) -> None: ...
    def flush(self) -> None: ...
    def fileno_to_sync(self) -> int: ...
    def close(self) -> None: ...


class Recorder:
    """One market's sink. A write that fails is told to `fail`: what comes later is not kept."""

    def __init__(
        self, market: str, tape: Recorded, warn: Warn, fail: Callable[[OSError], None]
    ) -> None:
        self.market = market
        self.tape = tape
        self._warn = warn
        self._fail = fail

    def on_batch(self, rows: MarketRows, account: AccountRows, now_ns: int) -> None:
        """Keep the market's rows; the account's are of no concern."""
        if len(rows):
            try:
                self.tape.append(rows, now_ns)
            except OSError as error:
                self._fail(error)

    def on_link(self, is_whole: bool, now_ns: int) -> None:
        """Tell a person; a break that touches the book comes as a GAP row of its own."""
        self._warn(now_ns, self.market, f"streams are {'whole again' if is_whole else 'broken'}")

    def lose(self, now_ns: int) -> None:
        """Note that nothing is known from now until the venue's next snapshot."""
        rows = MarketRows()
        rows.add(GAP, 0, 0, 0, now_ns)
        self.on_batch(rows, AccountRows(), now_ns)


class Recording:
    """Record every market until told to stop, the time is over, or the disk is nearly full.

    `in_thread` runs what may wait for the disk; tests give one that runs it at once.
    """

    def __init__(
        self,
        venues: Mapping[str, Venue],
        clock: Clock,
        warn: Warn,
        terms: Terms,
        room: Room,
        duration_ns: int | None = None,
        in_thread: Callable[[Callable[[], None]], Awaitable[None]] = asyncio.to_thread,
    ) -> None:
        self._venues = venues
        self._clock = clock
        self._warn = warn
        self._room = room
        self._duration_ns = duration_ns
        self._in_thread = in_thread
        self._supervisor = Supervisor(terms, random.Random(0), clock, warn)
        self._recorders: dict[str, list[Recorder]] = {name: [] for name in venues}
        self._code = CLEAN
        self._fault: BaseException | None = None
        self._stop = asyncio.Event()

    def add(self, venue: str, market: str, tape: Recorded) -> None:
        """Record a market of a venue to a tape, once `run` is called."""
        self._recorders[venue].append(Recorder(market, tape, self._warn, self._fail))

    def interrupt(self) -> None:
        """End cleanly."""
        self._end(INTERRUPTED)

    async def run(self) -> int:
        """Record; return the exit code. A write that fails is raised, after all is closed."""
        work = [self._keep_venue(name) for name in self._venues]
        tasks = [asyncio.create_task(coro) for coro in (*work, self._keep_books(), self._timer())]
        for task in tasks:
            task.add_done_callback(self._ended)
        try:
            await self._stop.wait()
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            self._close()
        if self._fault is not None:
            raise self._fault
        return self._code

    async def _keep_venue(self, name: str) -> None:
        """Run a venue again and again; what it does not say is a gap."""
        recorders = self._recorders[name]
        sinks = {recorder.market: recorder for recorder in recorders}

        def lose() -> None:
            for recorder in recorders:
                recorder.lose(self._clock.now_ns())

        venue = self._venues[name]
        await self._supervisor.keep(
            f"venue {name}",
            lambda: venue.run(sinks),
            on_fault=lose,
            on_end=partial(self._end, HALTED),
        )

    async def _keep_books(self) -> None:
        """Bring what came to the disk, and stop while there is room for the rest."""
        while True:
            for recorder in self._each():
                recorder.tape.flush()
                await self._in_thread(partial(_sync, recorder.tape.fileno_to_sync()))
            shortage = self._room.shortage()
            if shortage is not None:
                self._warn(self._clock.now_ns(), "", f"{self._room.directory}: {shortage}")
                self._end(HALTED)
            await self._clock.sleep_until_ns(self._clock.now_ns() + FLUSH_NS)

    async def _timer(self) -> None:
        if self._duration_ns is None:
            await self._stop.wait()
        else:
            await self._clock.sleep_until_ns(self._clock.now_ns() + self._duration_ns)
            self._end(CLEAN)

    def _each(self) -> list[Recorder]:
        return [recorder for group in self._recorders.values() for recorder in group]

    def _end(self, code: int) -> None:
        """Stop with this code, unless something else stopped it before."""
        if not self._stop.is_set():
            self._code = code
            self._stop.set()

    def _fail(self, error: OSError) -> None:
        """Stop because of a write that failed."""
        if self._fault is None:
            self._fault = MmrunnerError(f"{self._room.directory}: cannot be written: {error}")
        self._stop.set()

    def _ended(self, task: "asyncio.Task[None]") -> None:
        """Take the end of a task by an error of its own for the recording's."""
        error = None if task.cancelled() else task.exception()
        if isinstance(error, OSError):
            self._fail(error)
        elif error is not None:
            self._fault = error
            self._stop.set()

    def _close(self) -> None:
        """Close every tape, also where another cannot be."""
        for recorder in self._each():
            try:
                recorder.tape.close()
            except OSError as error:
                self._fail(error)


def _sync(descriptor: int) -> None:
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
