"""Run a deploy's workers on one event loop until it is time to stop, then stop them cleanly."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from typing import Any, Protocol

from connectors.venue import Venue
from runner.engine.clock import Clock
from runner.engine.worker import Worker

CLEAN = 0
NOT_CONFIRMED = 3
INTERRUPTED = 130
"""Exit codes (DESIGN 10.2)."""

FLUSH_NS = 1_000_000_000
STOP_NS = 20_000_000_000
STOP_POLL_NS = 20_000_000


class Observer(Protocol):
    """Who is told what goes on: the live view and the log. It must not block."""

    def update(self, workers: Sequence[Worker], now_ns: int) -> None:
        """Look at the workers; called several times a second."""

    def command(self, name: str, workers: Sequence[Worker], now_ns: int) -> None:
        """Carry out a scheduled command such as `metrics`."""


@dataclass(slots=True)
class Session:
    """A deploy that runs. `interrupt` may be called at any time, also from a signal handler."""

    venues: Mapping[str, Venue]
    workers: Mapping[str, Sequence[Worker]]
    clock: Clock
    observer: Observer
    duration_ns: int | None
    update_every_ns: int
    schedule: Callable[[Callable[[str], None]], AbstractContextManager[object]] = field(
        default=lambda enqueue: nullcontext()
    )
    interrupted: bool = False
    _stop: asyncio.Event = field(default_factory=asyncio.Event)
    _asked: "asyncio.Queue[str]" = field(default_factory=asyncio.Queue)

    def interrupt(self) -> None:
        """Ask for a clean stop."""
        self.interrupted = True
        self._stop.set()

    async def run(self) -> int:
        """Run until the duration is over or an interrupt; return the exit code."""
        everyone = [worker for group in self.workers.values() for worker in group]
        tasks = [
            asyncio.create_task(
                venue.run({w.market.name: w for w in self.workers[name]}), name=name
            )
            for name, venue in self.venues.items()
        ]
        tasks.append(asyncio.create_task(self._housekeeping(everyone), name="housekeeping"))
        tasks.append(asyncio.create_task(self._updates(everyone), name="updates"))
        tasks.append(asyncio.create_task(self._commands(everyone), name="commands"))
        timer = asyncio.create_task(self._timer(), name="timer")
        try:
            with self.schedule(self._asked.put_nowait):
                await self._until_stop(tasks)
            clean = await self._cancel_orders(everyone, tasks)
        finally:
            for task in (*tasks, timer):
                task.cancel()
            await asyncio.gather(*tasks, timer, return_exceptions=True)
            for worker in everyone:
                worker.close()
        if not clean:
            return NOT_CONFIRMED
        return INTERRUPTED if self.interrupted else CLEAN

    async def _timer(self) -> None:
        if self.duration_ns is not None:
            await self.clock.sleep_until_ns(self.clock.now_ns() + self.duration_ns)
            self._stop.set()

    async def _until_stop(self, tasks: "list[asyncio.Task[Any]]") -> None:
        """Wait for the stop; a task that ends before is a fault and is raised here."""
        stopping: asyncio.Task[Any] = asyncio.create_task(self._stop.wait())
        done, _ = await asyncio.wait({stopping, *tasks}, return_when=asyncio.FIRST_COMPLETED)
        stopping.cancel()
        _raise_fault(done - {stopping})

    async def _cancel_orders(
        self, workers: Sequence[Worker], tasks: "list[asyncio.Task[Any]]"
    ) -> bool:
        """Stop every worker and wait until no order may rest; tell whether that was reached."""
        for worker in workers:
            worker.stop()
        deadline_ns = self.clock.now_ns() + STOP_NS
        while any(worker.open_orders() for worker in workers):
            if self.clock.now_ns() >= deadline_ns:
                return False
            await self.clock.sleep_until_ns(self.clock.now_ns() + STOP_POLL_NS)
            _raise_fault({task for task in tasks if task.done()})
        return True

    async def _housekeeping(self, workers: Sequence[Worker]) -> None:
        while True:
            await self.clock.sleep_until_ns(self.clock.now_ns() + FLUSH_NS)
            for worker in workers:
                worker.flush()

    async def _updates(self, workers: Sequence[Worker]) -> None:
        while True:
            self.observer.update(workers, self.clock.now_ns())
            await self.clock.sleep_until_ns(self.clock.now_ns() + self.update_every_ns)

    async def _commands(self, workers: Sequence[Worker]) -> None:
        while True:
            name = await self._asked.get()
            self.observer.command(name, workers, self.clock.now_ns())


def _raise_fault(done: "set[asyncio.Task[Any]]") -> None:
    """Raise the fault of the first task that ended by itself."""
    for task in done:
        error = task.exception()
        if error is not None:
            raise error
        raise RuntimeError(f"task {task.get_name()} ended by itself")
