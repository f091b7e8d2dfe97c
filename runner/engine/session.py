"""Run a deploy's workers on one event loop until it is time to stop, then stop them cleanly."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from typing import Any, Protocol

from connectors.venue import Venue
from runner.engine.clock import Clock
from runner.engine.failpoints import Point, reached
from runner.engine.latch import Latch
from runner.engine.portfolio import Portfolio
from runner.engine.watchdog import LagMeter, is_halted
from runner.engine.worker import Worker
from strategies import reasons as why

CLEAN = 0
NOT_CONFIRMED = 3
HALTED = 4
INTERRUPTED = 130
"""Exit codes, the first of 3, 4, 130 and 0 that applies; a crash is 1 before all."""

FLUSH_NS = 1_000_000_000
STOP_NS = 20_000_000_000
KILL_NS = 10_000_000_000
"""Longest wait for the proof that nothing rests, after a stop and after a kill."""
WATCH_NS = 200_000_000
"""Time between two looks at the latch, the brakes and our own lateness."""
STOP_POLL_NS = 20_000_000


class Observer(Protocol):
    """Who is told what goes on: the live view and the log. It must not block."""

    def update(self, workers: Sequence[Worker], now_ns: int) -> None:
        """Look at the workers; called several times a second."""

    def command(self, name: str, workers: Sequence[Worker], now_ns: int) -> None:
        """Carry out a scheduled command such as `metrics`."""

    def warn(self, now_ns: int, market: str, text: str) -> None:
        """Tell of something that a person should look at; no market: all of them."""


@dataclass(slots=True)
class Session:
    """A deploy that runs. `interrupt` and `kill` may be called at any time, also by a signal."""

    venues: Mapping[str, Venue]
    workers: Mapping[str, Sequence[Worker]]
    clock: Clock
    observer: Observer
    duration_ns: int | None
    update_every_ns: int
    schedule: Callable[[Callable[[str], None]], AbstractContextManager[object]] = field(
        default=lambda enqueue: nullcontext()
    )
    latch: Latch | None = None
    portfolio: Portfolio | None = None
    keep: Callable[[int], None] = field(default=lambda now_ns: None)
    most_lag_ns: int = 0
    interrupted: bool = False
    killed: bool = False
    _stop: asyncio.Event = field(default_factory=asyncio.Event)
    _asked: "asyncio.Queue[str]" = field(default_factory=asyncio.Queue)

    def interrupt(self) -> None:
        """Ask for a clean stop."""
        self.interrupted = True
        self._stop.set()

    def kill(self, who: str, reason: str) -> None:
        """Stop quoting at once, then set the latch; one that fails does not hold up the rest."""
        self.killed = True
        self._stop.set()
        self._stop_quoting()
        now_ns = self.clock.now_ns()
        try:
            if self.latch is not None:
                self.latch.set(who, reason, now_ns)
        except OSError as error:
            self.observer.warn(now_ns, "", f"the kill latch cannot be written: {error.strerror}")
        reached(Point.KILL_MID)
        self.observer.warn(now_ns, "", f"killed by {who}: {reason}")

    async def run(self) -> int:
        """Run until the duration is over, an interrupt or a kill; return the exit code."""
        everyone = self._everyone()
        tasks = [asyncio.create_task(self._watch(everyone), name="watchdog")]
        tasks += [
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
        if self.killed or any(is_halted(worker) for worker in everyone):
            return HALTED
        return INTERRUPTED if self.interrupted else CLEAN

    def _everyone(self) -> list[Worker]:
        return [worker for group in self.workers.values() for worker in group]

    def _stop_quoting(self) -> None:
        """Let every worker want nothing from its next batch on."""
        for worker in self._everyone():
            if not worker.market.desk.stopping:
                worker.stop()

    async def _watch(self, workers: Sequence[Worker]) -> None:
        """Look at the latch, the brakes and our own lateness, again and again.

        It is the first task, so a latch that is there stops the workers before their first batch.
        """
        lag = LagMeter(self.most_lag_ns)
        while True:
            if not self.killed:
                self._look_for_kill(workers)
            due_ns = self.clock.monotonic_ns() + WATCH_NS
            await self.clock.sleep_until_ns(self.clock.now_ns() + WATCH_NS)
            late_ns = self.clock.monotonic_ns() - due_ns
            if lag.take(late_ns):
                self._pull_for_lag(workers, lag.is_late, late_ns)

    def _look_for_kill(self, workers: Sequence[Worker]) -> None:
        if self.latch is not None and self.latch.is_set():
            self.kill("the latch", self.latch.words())
        elif workers and all(is_halted(worker) for worker in workers):
            self.kill("the brakes", "every market is halted")
        elif self.portfolio is not None:
            reason = self.portfolio.look(self.clock.now_ns())
            if reason is not None:
                self.kill("the limits of the account", reason)

    def _pull_for_lag(self, workers: Sequence[Worker], is_late: bool, late_ns: int) -> None:
        now_ns = self.clock.now_ns()
        for worker in workers:
            worker.hold(why.LAGGING, is_late, now_ns)
        late = f"{late_ns / 1e9:.3f} s late to our own work"
        self.observer.warn(now_ns, "", f"{late}: quotes pulled" if is_late else "in time again")

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
        self._stop_quoting()
        reached(Point.STOP_MID)
        deadline_ns = self.clock.now_ns() + (KILL_NS if self.killed else STOP_NS)
        while any(worker.open_orders() for worker in workers):
            if self.clock.now_ns() >= deadline_ns:
                return False
            await self.clock.sleep_until_ns(self.clock.now_ns() + STOP_POLL_NS)
            _raise_fault({task for task in tasks if task.done()})
        return True

    async def _housekeeping(self, workers: Sequence[Worker]) -> None:
        while True:
            await self.clock.sleep_until_ns(self.clock.now_ns() + FLUSH_NS)
            self.keep(self.clock.now_ns())
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
