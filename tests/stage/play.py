"""Play a scenario: the real session against the scripted venue, on virtual time, in one process.

Each process of the deploy is one run of the session on the same ledger file, with a plug of its own
to the network. A kill pulls the plug, forgets what was not committed and ends the tasks; then
another process starts, as a supervisor of the system would start it.
"""

import asyncio
import random
import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest.mock import patch

from connectors.model.errors import MmrunnerError
from connectors.venue import Venue
from runner.engine.latch import Latch, Latched
from runner.engine.ledger.entries import Entry
from runner.engine.ledger.store import Store
from runner.engine.ledger.writer import DirectWriter, Safe
from runner.engine.observer import NoJobs
from runner.engine.session import Session
from runner.engine.worker import Worker
from runner.modes import deploy
from runner.modes.outcome import DecisionFiles
from runner.settings import Settings
from runner.wiring.markets import enabled_markets, instrument_of
from tests import virtual
from tests.sessions import Spectator
from tests.stage.adapter import StageVenue
from tests.stage.exchange import Exchange
from tests.stage.flow import STEP_NS, Character, Flow
from tests.stage.front import Frame, Front
from tests.stage.network import Network, Plug
from tests.stage.script import Script, Step
from tests.stage.truth import Fact, Feed, Moment, Request, Truth
from tests.virtual import VirtualClock

SIM = "sim"
"""Markets of a play choose this venue; the scripted one takes its place."""
LOOK_NS = 100_000_000
QUIET_S = 15.0
"""Played on at the end without faults: what is to heal has healed by then."""
WRITTEN = {"place": "orders", "amend": "amends"}
"""Where a request has to be written before it leaves."""
DISK_FULL = "database or disk is full"


class Ledger(DirectWriter):
    """A writer that can die with its process, or fail as a full disk makes it."""

    def __init__(self, store: Store, clock: VirtualClock) -> None:
        super().__init__(store, clock)
        self._store = store
        self.is_dead = False
        self.is_full = False

    def put(self, entry: Entry, safe: Safe | None = None) -> None:
        """Write, unless the process is dead or the disk is full."""
        if self.is_full:
            raise MmrunnerError(f"the ledger cannot be written: {DISK_FULL}")
        if not self.is_dead:
            super().put(entry, safe)

    def check(self) -> None:
        """Commit, or fail."""
        if self.is_full:
            raise MmrunnerError(f"the ledger cannot be written: {DISK_FULL}")
        if not self.is_dead:
            super().check()

    def close(self) -> None:
        """Close, unless the process is dead."""
        if not self.is_dead:
            super().close()
            self.is_dead = True

    def die(self) -> None:
        """Lose what was not committed, and let go of the file, as the end of a process does."""
        if self.is_dead:
            return
        self.is_dead = True
        self._store.rollback()
        self._store.close()


@dataclass(slots=True)
class Process:
    """One process of the deploy: what can be done to it from outside."""

    plug: Plug
    down_s: float | None = None
    session: Session | None = None
    venue: StageVenue | None = None
    workers: tuple[Worker, ...] = ()
    ledger: Ledger | None = None
    task: "asyncio.Task[int] | None" = None
    is_killed: bool = False
    is_last: bool = False


@dataclass(frozen=True, slots=True)
class Played:
    """A play that is over: the truth, the ledger's file, exit codes and warnings."""

    settings: Settings
    truth: Truth
    ledger: Path
    start_ns: int
    calm_ns: int
    end_ns: int
    exits: tuple[int, ...]
    warnings: tuple[tuple[int, str, str], ...]
    looks: tuple["Look", ...]
    limits: Mapping[str, int]
    unwritten: tuple[tuple[str, int], ...]
    silences: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Look:
    """What one market's worker shows at a moment."""

    ns: int
    market: str
    held: int
    unknown: int
    is_halted: bool
    is_quoting: bool
    batch_ns: int


@dataclass(slots=True)
class Play:
    """Everything that deeds and faults can reach."""

    settings: Settings
    directory: Path
    clock: VirtualClock
    script: Script
    seed: int
    truth: Truth = field(default_factory=Truth)
    flows: dict[str, Flow] = field(default_factory=dict)
    stalled: dict[str, int] = field(default_factory=dict)
    warnings: list[tuple[int, str, str]] = field(default_factory=list)
    looks: list[Look] = field(default_factory=list)
    limits: dict[str, int] = field(default_factory=dict)
    unwritten: list[tuple[str, int]] = field(default_factory=list)
    exchange: Exchange = field(init=False)
    front: Front = field(init=False)
    network: Network = field(init=False)
    process: Process | None = None

    def __post_init__(self) -> None:
        names = enabled_markets(self.settings)
        instruments = {name: instrument_of(m.instrument) for name, m in names.items()}
        self.exchange = Exchange(self.clock, self.truth, instruments)
        self.front = Front(self.exchange, self._push)
        start_ns = self.clock.now_ns()
        self.network = Network(self.clock, self.front, self.script, start_ns, self.kill)
        for number, (name, market) in enumerate(names.items()):
            tick = instruments[name].tick_size
            start_ticks = int(market.synthetic.start_price / tick)
            order_lots = deploy.markets_of(self.settings, self.clock)[name].desk.params.order_lots
            character = Character(start_ticks, 20 * order_lots, order_lots)
            rng = random.Random(f"{self.seed} {number}")
            self.flows[name] = Flow(character, rng)
            self.exchange.move(name, self.flows[name].step())
            self.truth.tell(Feed(start_ns, name, False))

        self.truth.listen(self._require_written)

    def kill(self, down_s: float) -> bool:
        """End the process at once; another starts `down_s` later."""
        process = self.process
        if process is None or process.is_killed or process.task is None:
            return False
        process.is_killed, process.down_s = True, down_s
        process.plug.pull()
        if process.venue is not None:
            process.venue.close()
        if process.ledger is not None:
            process.ledger.die()
        process.task.cancel()
        self._tell("kill -9")
        return True

    def stop(self, down_s: float | None) -> bool:
        """Ask the process to end."""
        process = self.process
        if process is None or process.session is None:
            return False
        process.down_s, process.is_last = down_s, down_s is None
        self._tell("stop")
        process.session.interrupt()
        return True

    def latch(self, down_s: float | None) -> bool:
        """Set the kill latch, as another process does."""
        if self.process is not None:
            self.process.down_s, self.process.is_last = down_s, down_s is None
        self._tell("latch")
        return self._latch().set("a script", "because it says so", self.clock.now_ns())

    def pause(self, s: float) -> bool:
        """Let the market live and the process sleep: its tasks find time gone afterwards."""
        steps = int(s * 1e9) // STEP_NS
        for _ in range(steps):
            self.clock.block(STEP_NS)
            self._step_markets()
        return steps > 0

    def break_turn(self, market: str, times: int) -> bool:
        """Let a market's next turns raise."""
        process = self.process
        worker = next((w for w in process.workers if w.market.name == market), None)
        if process is None or worker is None:
            return False
        commands = worker.commands
        left = [times]

        class Broken:
            """Commands that cannot be counted."""

            def __getattr__(self, name: str) -> Any:
                return getattr(commands, name)

            def __setattr__(self, name: str, value: Any) -> None:
                if name == "count" and left[0] > 0:
                    left[0] -= 1
                    raise RuntimeError("a turn that a script has broken")
                setattr(commands, name, value)

        worker.commands = Broken()
        return True

    def break_ledger(self) -> bool:
        """Let every write of the ledger fail from now on."""
        if self.process is None or self.process.ledger is None:
            return False
        self.process.ledger.is_full = True
        return True

    async def run(self, duration_s: float) -> Played:
        """Play for a duration and a quiet time, then stop what still runs."""
        start_ns = self.clock.now_ns()
        calm_ns = start_ns + int(duration_s * 1e9)
        end_ns = calm_ns + int(QUIET_S * 1e9)
        tasks = [asyncio.create_task(self._market()), asyncio.create_task(self._deeds(start_ns))]
        exits = []
        down_s: float | None = 0.0
        while down_s is not None and self.clock.now_ns() < end_ns:
            await asyncio.sleep(down_s)
            exits.append(await self._live(end_ns))
            down_s = self._down_s(exits[-1], end_ns)
        self._tell("over")
        for task in tasks:
            task.cancel()
        results = await asyncio.gather(*tasks, return_exceptions=True)
        for error in results:
            if isinstance(error, Exception):
                raise error
        return Played(
            self.settings,
            self.truth,
            self.ledger,
            start_ns,
            calm_ns,
            self.clock.now_ns(),
            tuple(exits),
            tuple(self.warnings),
            tuple(self.looks),
            dict(self.limits),
            tuple(self.unwritten),
            tuple(self.network.silences),
        )

    @property
    def ledger(self) -> Path:
        """The ledger's file."""
        return self.directory / f"{self.settings.deploy}.sqlite"

    def _down_s(self, code: int, end_ns: int) -> float | None:
        """Return how long nothing runs before the next process (None: there is none)."""
        process = self.process
        self.process = None
        if process is not None and process.down_s is not None:
            return process.down_s
        if self.clock.now_ns() >= end_ns or code == 0 or (process is not None and process.is_last):
            return None
        return 2.0

    async def _live(self, end_ns: int) -> int:
        """Be one process, to its end; return its exit code (137: killed)."""
        process = self.process = Process(Plug(self.network))
        self._tell("start")
        process.task = asyncio.create_task(self._process(process, end_ns))
        await asyncio.wait({process.task})
        code = 137
        if not process.is_killed:
            code = self._exit(process.task)
            process.plug.pull()
            if process.ledger is not None:
                process.ledger.die()
        self._tell(f"exit {code}")
        return code

    def _exit(self, task: "asyncio.Task[int]") -> int:
        """Return how a process ended: an error that nobody caught is its traceback and a 1."""
        error = task.exception()
        if error is None:
            return task.result()
        self._warn(self.clock.now_ns(), "", f"crash: {error!r}")
        return deploy.FAULT

    async def _process(self, process: Process, end_ns: int) -> int:
        """Do what `mode=paper` does, with the scripted venue and a writer that can die."""
        try:
            self._latch().refuse()
            built = await self._build(process)
        except Latched as error:
            return error.exit_code
        except MmrunnerError as error:
            self.warnings.append((self.clock.now_ns(), "", f"start: {error}"))
            if process.ledger is not None:
                process.ledger.close()
            return error.exit_code
        spectator = Spectator(self._look)
        built.warnings.listen(self._warn)
        spectator.warn = self._warn  # type: ignore[method-assign]
        process.workers = built.workers
        left_ns = max(LOOK_NS, end_ns - self.clock.now_ns())
        session = deploy.session_of(self.settings, self.clock, built, spectator)
        session.schedule = lambda enqueue: nullcontext(NoJobs())
        session.duration_ns = left_ns
        session.update_every_ns = LOOK_NS
        session.latch = self._latch()
        process.session = session
        code = deploy.FAULT
        try:
            code = await session.run()
        except MmrunnerError as error:
            self.warnings.append((self.clock.now_ns(), "", f"fault: {error}"))
        finally:
            self._close(built, process, code)
        return code

    def _close(self, built: deploy.Built, process: Process, code: int) -> None:
        try:
            built.close(self.clock.now_ns(), code)
        except MmrunnerError as error:
            self.warnings.append((self.clock.now_ns(), "", f"close: {error}"))
        process.plug.pull()

    async def _build(self, process: Process) -> deploy.Built:
        def venues_of(
            settings: Settings, clock: VirtualClock, account: Any, warn: Any
        ) -> dict[str, Venue]:
            names = enabled_markets(settings)
            instruments = {name: instrument_of(m.instrument) for name, m in names.items()}
            rng = random.Random(f"{self.seed} adapter {len(self.truth.facts)}")
            process.venue = StageVenue(process.plug, instruments, clock, rng)
            return {SIM: process.venue}

        def writer_of(store: Store, clock: Any) -> Ledger:
            process.ledger = Ledger(store, clock)
            return process.ledger

        markets = deploy.markets_of(self.settings, self.clock)
        for name, market in markets.items():
            self.limits[name] = market.limits.max_position_lots
        files = DecisionFiles(self.directory, "none")
        with patch.object(deploy, "venues_of", venues_of):
            return await deploy.build(
                self.settings,
                self.clock,
                markets,
                None,
                self.directory,
                files,
                self.ledger,
                writer_of,
            )

    def _latch(self) -> Latch:
        return Latch(self.directory / f"{self.settings.deploy}.kill", self.settings.deploy)

    def _look(self, workers: Sequence[Worker], now_ns: int) -> None:
        for worker in workers:
            desk = worker.market.desk
            self.looks.append(
                Look(
                    now_ns,
                    worker.market.name,
                    desk.held,
                    worker.unknown_orders(),
                    worker.market.limits.brakes.halted != 0,
                    any(desk.quotes.lots),
                    worker.last_batch_ns,
                )
            )

    def _warn(self, now_ns: int, market: str, text: str) -> None:
        self.warnings.append((now_ns, market, text))

    def _push(self, frame: Frame) -> None:
        self.network.push(frame)

    def _require_written(self, fact: Fact) -> None:
        """Look, from outside and at its arrival, for a create's or an amend's row in the file."""
        if not isinstance(fact, Request) or fact.operation not in WRITTEN:
            return
        with closing(sqlite3.connect(f"file:{self.ledger}?mode=ro", uri=True)) as db:
            query = f"SELECT 1 FROM {WRITTEN[fact.operation]} WHERE market = ? AND client_id = ?"
            if db.execute(query, (fact.market, fact.client_id)).fetchone() is None:
                self.unwritten.append((fact.market, fact.client_id))

    def _tell(self, what: str) -> None:
        self.truth.tell(Moment(self.clock.now_ns(), what))

    async def _market(self) -> None:
        """Let every market move, step by step."""
        while True:
            await asyncio.sleep(STEP_NS / 1e9)
            self._step_markets()

    def _step_markets(self) -> None:
        for name, flow in self.flows.items():
            if self.stalled.get(name, 0) <= self.clock.now_ns():
                self.exchange.move(name, flow.step())

    async def _deeds(self, start_ns: int) -> None:
        """Do what is to happen at its moment."""
        for step in self.script.timed():
            await self.clock.sleep_until_ns(start_ns + int((step.at_s or 0.0) * 1e9))
            if step.action.do(self):
                self.network.fault(step.name, step.market or "")


def play(
    settings: Settings, directory: Path, steps: Sequence[Step], duration_s: float, seed: int = 1
) -> Played:
    """Play a script on a virtual loop of its own."""

    async def main(clock: VirtualClock) -> Played:
        return await Play(settings, directory, clock, Script(steps, duration_s), seed).run(
            duration_s
        )

    return virtual.run(main)
