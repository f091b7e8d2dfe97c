"""Run a deploy's workers on one event loop until it is time to stop, then stop them cleanly."""

import asyncio
import random
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from contextlib import nullcontext, suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from connectors.hurried import Hurried
from connectors.model.errors import MmrunnerError
from connectors.venue import Sink, Venue
from runner.engine.clock import Clock
from runner.engine.ending import KILL_NS, STOP_NS, flatten, prove_cancelled
from runner.engine.examine import examine
from runner.engine.failpoints import Point, reached
from runner.engine.guards import Guard
from runner.engine.health import Health, MarketState, Vitals
from runner.engine.latch import Latch
from runner.engine.ledger.entries import Entry
from runner.engine.observer import Jobs, NoJobs, Observer, Scheduled
from runner.engine.portfolio import Portfolio
from runner.engine.room import Room
from runner.engine.station import Station
from runner.engine.supervisor import Supervisor, Terms, attempt, tell
from runner.engine.twin import Twin, beside
from runner.engine.watchdog import WATCH_NS, LagMeter, Watchdog
from runner.engine.worker import Worker

CLEAN = 0
NOT_CONFIRMED = 3
HALTED = 4
INTERRUPTED = 130
"""Exit codes, the first of 3, 4, 130 and 0 that applies; a crash is 1 before all."""

FLUSH_NS = 1_000_000_000
ROOM_NS = 60_000_000_000
"""Time between two looks at how full the disk is."""
JOBS_NS = 1_000_000_000
HEALTH_NS = 1_000_000_000
GUARDED = "everything that cancels in our place stands by"
REFRESH = "refresh"
"""The job that has the configuration read again."""
SILENCE_NS = 1_000_000_000
"""A task that is silent for so long beyond its period is taken for hung."""


@dataclass(slots=True)
class Session:
    """A deploy that runs. `interrupt` and `kill` may be called at any time, also by a signal.

    `check` raises MmrunnerError once the ledger can no longer be written; `beat` tells a watch in
    another thread that the loop runs; `ask` tells markets what the clock asks of them. No market
    quotes while one of the `guards` does not hold. What runs `beside` is kept alive as all else.
    `do` begins what a job of the house asks for.
    """

    venues: Mapping[str, Venue]
    stations: Mapping[str, Sequence[Station]]
    clock: Clock
    observer: Observer
    duration_ns: int | None
    update_every_ns: int
    check: Callable[[], None] = lambda: None
    beat: Callable[[], None] = lambda: None
    guards: Sequence[Guard] = ()
    schedule: Scheduled = field(default=lambda enqueue: nullcontext(NoJobs()))
    latch: Latch | None = None
    portfolio: Portfolio | None = None
    room: Room | None = None
    record: Callable[[Entry], None] = field(default=lambda entry: None)
    show_health: Callable[[Health, Mapping[str, MarketState], int], None] = field(
        default=lambda health, markets, now_ns: None
    )
    keep: Callable[[int], None] = field(default=lambda now_ns: None)
    ask: Callable[[int], None] = field(default=lambda now_ns: None)
    do: Callable[[str], None] = field(default=lambda name: None)
    most_lag_ns: int = 0
    flatten_on_kill: bool = False
    twins: Mapping[str, Twin] = field(default_factory=dict)
    refresh: Callable[[str], None] = field(default=lambda who: None)
    beside: Mapping[str, Callable[[], Awaitable[None]]] = field(default_factory=dict)
    restarts: Terms = field(default_factory=Terms)
    chance: random.Random = field(default_factory=lambda: random.Random(0))
    interrupted: bool = False
    killed: bool = False
    vitals: Vitals = field(default_factory=Vitals)
    supervisor: Supervisor = field(init=False)
    _fault: BaseException | None = None
    _missing: list[str] | None = None
    _was_guarded: bool = False
    _is_over: bool = False
    _stop: asyncio.Event = field(default_factory=asyncio.Event)
    _asked: "asyncio.Queue[str]" = field(default_factory=asyncio.Queue)
    _running_jobs: Jobs = field(default_factory=NoJobs)

    def __post_init__(self) -> None:
        self.supervisor = Supervisor(self.restarts, self.chance, self.clock, self._warn)

    def interrupt(self) -> None:
        """Ask for a clean stop."""
        self.interrupted = True
        self._stop.set()

    def kill(self, who: str, reason: str) -> None:
        """Stop quoting at once, then set the latch; one that fails does not hold up the rest."""
        self.killed = True
        self.vitals.kill = f"{who}: {reason}"
        self._stop.set()
        self._stop_quoting()
        now_ns = self.clock.now_ns()
        try:
            if self.latch is not None:
                self.latch.set(who, reason, now_ns)
        except OSError as error:
            self._warn(now_ns, "", f"the kill latch cannot be written: {error.strerror}")
        reached(Point.KILL_MID)
        self._warn(now_ns, "", f"killed by {who}: {reason}")

    def fail(self, error: BaseException) -> None:
        """Stop for a fault that leaves nothing safe: cancel everything, then raise it."""
        if self._fault is None:
            self._fault = error
            self.vitals.fault = str(error)
            self._warn(self.clock.now_ns(), "", f"stopping for a fault: {error}")
        self._stop.set()
        self._stop_quoting()

    def upcoming(self) -> dict[str, int | None]:
        """Return when each job of the schedule is next due [ns]."""
        return self._running_jobs.upcoming()

    async def run(self) -> int:
        """Run until the duration is over, an interrupt, a kill or a fault; return the exit code.

        A fault is raised, after everything has been cancelled as far as that can be proven.
        """
        tasks = [asyncio.create_task(work, name=name) for name, work in self._kept()]
        for task in tasks:
            task.add_done_callback(self._ended)
        try:
            await self._stop.wait()
            clean = await self._cancel_orders() and await self._flatten()
            if clean:
                await self._release()
        finally:
            self._is_over = True
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            for station in self._everyone():
                attempt(station.worker.close, self._tell)
        if self._fault is not None:
            raise self._fault
        if not clean:
            return NOT_CONFIRMED
        if self.killed or any(station.is_halted for station in self._everyone()):
            return HALTED
        return INTERRUPTED if self.interrupted else CLEAN

    def _kept(self) -> "list[tuple[str, Coroutine[Any, Any, None]]]":
        """Return every task by its name; the first ones see latch and clock before any batch."""
        keep = self.supervisor.keep
        kept = [
            ("watch", keep("watch", self._watch, on_end=self._lose_watch)),
            ("agenda", keep("agenda", self._agenda, on_end=self._lose_agenda)),
        ]
        for name, venue in self.venues.items():
            kept.append((name, self._keep_venue(name, venue)))
        for station in self._everyone():
            give_up = partial(station.give_up, "its comparison with the venue failed too often")
            kept.append((station.name, keep(station.name, station.run, on_end=give_up)))
        for guard in self.guards:
            kept.append((guard.name, keep(guard.name, guard.run, on_end=guard.lose)))
        for name, work in (
            ("housekeeping", self._housekeeping),
            ("updates", self._updates),
            ("commands", self._commands),
            ("schedule", self._jobs),
            ("health", self._health),
            *self.beside.items(),
        ):
            kept.append((name, keep(name, work)))
        kept.append(("timer", self._timer()))
        return kept

    def _keep_venue(self, name: str, venue: Venue) -> Coroutine[Any, Any, None]:
        stations = self.stations[name]
        sinks: dict[str, Sink] = {
            station.name: beside(station, self.twins.get(station.name), self._warn)
            for station in stations
        }

        def lose() -> None:
            for station in stations:
                station.lose_venue()

        def give_up() -> None:
            for station in stations:
                station.give_up(f"venue {name} failed too often")

        return self.supervisor.keep(
            f"venue {name}", lambda: venue.run(sinks), on_fault=lose, on_end=give_up
        )

    def _ended(self, task: "asyncio.Task[Any]") -> None:
        """Take what no supervisor may hold, such as an interrupt, for a fault of all; and so a task
        that somebody ends while the session runs."""
        if task.cancelled():
            if not self._is_over:
                self.fail(MmrunnerError(f"{task.get_name()}: was cancelled while it was needed"))
        elif (error := task.exception()) is not None:
            self.fail(error)

    def _everyone(self) -> list[Station]:
        return [station for group in self.stations.values() for station in group]

    def _workers(self) -> list[Worker]:
        return [station.worker for station in self._everyone()]

    def _stop_quoting(self) -> None:
        """Let every market want nothing from now on, whatever state the others are in."""
        for station in self._everyone():
            station.stop()

    async def _watch(self) -> None:
        """Look at the latch, the ledger, the brakes and our own lateness, again and again."""
        dog = Watchdog(
            LagMeter(self.most_lag_ns), self._everyone(), self.clock, self._warn, self.vitals
        )
        while True:
            self.beat()
            self._look_at_guards()
            self._beats("watch", WATCH_NS)
            self._look_for_kill()
            self._look_at_ledger()
            dog.wake_quiet()
            await dog.wait()

    def _look_at_guards(self) -> None:
        """Let no market quote while something that would cancel in our place does not stand by."""
        now_ns = self.clock.now_ns()
        for guard in self.guards:
            guard.beat()
        if self._stop.is_set():
            return
        missing = [guard.name for guard in self.guards if not guard.holds(now_ns)]
        if missing != self._missing:
            self._missing = missing
            told = f"{', '.join(missing)}: not standing by" if missing else GUARDED
            if self._was_guarded:
                self._warn(now_ns, "", told)
            self._was_guarded = self._was_guarded or not missing
        for station in self._everyone():
            station.guard(not missing, now_ns)

    async def _release(self) -> None:
        """Let guards go: nothing rests any more that they would have to cancel."""
        for guard in self.guards:
            await guard.release()

    def _lose_watch(self) -> None:
        self.fail(MmrunnerError("the watch over latch, ledger and lateness failed too often"))

    async def _agenda(self) -> None:
        """Let the markets hear what the clock asks, from before their first batch on."""
        while True:
            self._beats("agenda", JOBS_NS)
            self.ask(self.clock.now_ns())
            await self.clock.sleep_until_ns(self.clock.now_ns() + JOBS_NS)

    def _lose_agenda(self) -> None:
        self.fail(MmrunnerError("what the clock asks of the markets could not be told too often"))

    def _look_for_kill(self) -> None:
        if self.killed:
            return
        quoting = [s for s in self._everyone() if s.quotes]
        if self.latch is not None and self.latch.is_set():
            self.kill("the latch", self.latch.words())
        elif quoting and all(station.is_halted for station in quoting):
            self.kill("the brakes", "every market is halted")
        elif self.portfolio is not None:
            reason = self.portfolio.look(self.clock.now_ns())
            if reason is not None:
                self.kill("the limits of the account", reason)

    def _look_at_ledger(self) -> None:
        if self._fault is not None:
            return
        try:
            self.check()
        except MmrunnerError as error:
            self.fail(error)

    async def _timer(self) -> None:
        if self.duration_ns is not None:
            await self.clock.sleep_until_ns(self.clock.now_ns() + self.duration_ns)
            self._stop.set()

    async def _cancel_orders(self) -> bool:
        """Stop every market and wait until no order may rest; tell whether that was reached."""
        self._stop_quoting()
        for venue in self.venues.values():
            if isinstance(venue, Hurried):
                venue.hurry()
        reached(Point.STOP_MID)
        longest_ns = KILL_NS if self.killed else STOP_NS
        return await prove_cancelled(self._everyone(), self.clock, self._warn, longest_ns)

    async def _flatten(self) -> bool:
        """Close what is held after a kill, where that is asked for; tell whether all is done."""
        if not self.flatten_on_kill or not self.killed or self._fault is not None:
            return True
        return await flatten(self._everyone(), self.clock, self._warn)

    async def _housekeeping(self) -> None:
        look_ns = self.clock.monotonic_ns() + ROOM_NS
        while True:
            self._beats("housekeeping", FLUSH_NS)
            await self.clock.sleep_until_ns(self.clock.now_ns() + FLUSH_NS)
            self.keep(self.clock.now_ns())
            for worker in self._workers():
                worker.flush()
            if self.clock.monotonic_ns() >= look_ns:
                look_ns += ROOM_NS
                self._look_for_room()

    def _look_for_room(self) -> None:
        """Kill the deploy while there is room left for its books."""
        shortage = self.room.shortage() if self.room is not None else None
        if shortage is not None and not self.killed:
            self.kill("the disk", shortage)

    async def _updates(self) -> None:
        while True:
            self._beats("updates", self.update_every_ns)
            self.observer.update(self._workers(), self.clock.now_ns())
            await self.clock.sleep_until_ns(self.clock.now_ns() + self.update_every_ns)

    async def _commands(self) -> None:
        while True:
            self._beats("commands", JOBS_NS)
            name = ""
            with suppress(TimeoutError):
                async with asyncio.timeout(JOBS_NS / 1e9):
                    name = await self._asked.get()
            if name == REFRESH:
                self.refresh("the schedule")
            elif name:
                self.observer.command(name, self._workers(), self.clock.now_ns())
                self.do(name)

    async def _jobs(self) -> None:
        """Run the schedule, and fail when a job does not come: the supervisor starts it again."""
        with self.schedule(self._asked.put_nowait) as self._running_jobs:
            jobs = self._running_jobs
            while True:
                self._beats("schedule", JOBS_NS)
                await self.clock.sleep_until_ns(self.clock.now_ns() + JOBS_NS)
                overdue = jobs.overdue(self.clock.now_ns())
                self.vitals.overdue = tuple(overdue)
                if overdue:
                    raise MmrunnerError(f"jobs did not run when they were due: {overdue}")

    async def _health(self) -> None:
        """Judge how the deploy is, and show it."""
        started_ns = self.clock.now_ns()
        while True:
            await self.clock.sleep_until_ns(self.clock.now_ns() + HEALTH_NS)
            now_ns = self.clock.now_ns()
            examine(self.vitals, self._everyone(), self.supervisor, started_ns)
            health = self.vitals.verdict(now_ns)
            self.observer.health(now_ns, health)
            self.show_health(health, self.vitals.markets, now_ns)

    def _beats(self, task: str, period_ns: int) -> None:
        """Note that a task runs and will say so again after its period."""
        self.vitals.beat(task, self.clock.now_ns(), period_ns + SILENCE_NS)

    def _warn(self, now_ns: int, market: str, text: str) -> None:
        self.observer.warn(now_ns, market, text)

    def _tell(self, error: Exception) -> None:
        tell(self._warn, self.clock.now_ns(), "", "at the end", error)
