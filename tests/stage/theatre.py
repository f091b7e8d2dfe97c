"""Run a deploy on virtual time against a venue in the same process, and let a script act on it.

Each process of the deploy is one run of the session on the same ledger file, with a plug of its own
to the network. A kill pulls the plug, forgets what was not committed and ends the tasks; then
another process starts, as a supervisor of the system would start it. Which venue there is, says
a class of its own: `tests.stage.play`, `tests.venues.lighter.staged.play`.
"""

import asyncio
import json
import sqlite3
from abc import ABC, abstractmethod
from collections.abc import Coroutine, Mapping, Sequence
from contextlib import closing, nullcontext
from decimal import Decimal
from pathlib import Path
from typing import Any

from connectors.model.errors import MmrunnerError
from connectors.venue import Venue
from runner.engine.latch import Latch, Latched
from runner.engine.ledger.kind import PAPER
from runner.engine.ledger.store import Store
from runner.engine.observer import NoJobs
from runner.engine.session import Session
from runner.engine.warnings import Warnings
from runner.engine.worker import Market, Worker
from runner.modes import counted, deploy, sessions
from runner.modes.built import FAULT, Built
from runner.modes.outcome import DecisionFiles
from runner.settings import Settings
from runner.wiring.markets import instrument_of
from tests.sessions import Spectator
from tests.stage.front import on_grid
from tests.stage.process import Ledger, Look, Played, Plug, Process, Silence
from tests.stage.truth import Fact, Moment, Request, Truth
from tests.virtual import VirtualClock

LOOK_NS = 100_000_000


class Theatre(ABC):
    """Everything that deeds and faults can reach."""

    kind = PAPER
    """Of the books."""
    quiet_s = 15.0
    """Played on at the end without faults: what is to heal has healed by then."""
    fee_unit = Decimal(0)
    """How exactly a client can know a fee."""

    def __init__(self, settings: Settings, directory: Path, clock: VirtualClock, seed: int) -> None:
        self.settings = settings
        self.directory = directory
        self.clock = clock
        self.seed = seed
        self.truth = Truth()
        self.warnings: list[tuple[int, str, str]] = []
        self.looks: list[Look] = []
        self.limits: dict[str, int] = {}
        self.unwritten: list[tuple[str, int]] = []
        self.silences: list[Silence] = []
        self.process: Process | None = None
        self.truth.listen(self._require_written)

    @abstractmethod
    def plug(self) -> Plug:
        """Return a new process's way to the venue."""

    @abstractmethod
    def connected(self, plug: Any, warn: Warnings) -> dict[str, Venue]:
        """Return a new process's venues by name."""

    @abstractmethod
    def deeds(self, start_ns: int) -> Sequence[Coroutine[Any, Any, None]]:
        """Return what goes on besides the deploy: markets, time, and the script's deeds."""

    @abstractmethod
    def pass_by(self, s: float) -> bool:
        """Let the market live and the process sleep: its tasks find time gone afterwards."""

    async def markets(self, venues: Mapping[str, Venue]) -> dict[str, Market]:
        """Return every market, sized."""
        return deploy.markets_of(self.settings, self.clock)

    def kill(self, down_s: float) -> bool:
        """End the process at once; another starts `down_s` later."""
        process = self.process
        if process is None or process.is_killed or process.task is None:
            return False
        process.down_s = down_s
        process.die()
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

    def break_task(self, name: str, is_cancel: bool) -> bool:
        """Let what a task waits for raise, or be cancelled though nobody cancels the task.

        `venue` is the task of each venue; others go by their own names.
        """
        process = self.process
        if process is None or process.session is None:
            return False
        names = process.session.venues if name == "venue" else (name,)
        broken = False
        for task in asyncio.all_tasks():
            awaited = task._fut_waiter if task.get_name() in names else None  # type: ignore[attr-defined]
            if awaited is not None and is_cancel:
                broken |= awaited.cancel()
            elif awaited is not None and not isinstance(awaited, asyncio.Task):
                awaited.set_exception(RuntimeError(f"{name}: a task that a script has broken"))
                broken = True
        return broken

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
        end_ns = calm_ns + int(self.quiet_s * 1e9)
        tasks = [asyncio.create_task(deed) for deed in self.deeds(start_ns)]
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
            tuple(self.silences),
            self.fee_unit,
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
        process = self.process = Process(self.plug())
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
        return FAULT

    async def _process(self, process: Process, end_ns: int) -> int:
        """Do what a deploy does, with this venue and a writer that can die."""
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
        session = sessions.session_of(self.settings, self.clock, built, spectator)
        session.schedule = lambda enqueue: nullcontext(NoJobs())
        session.duration_ns = left_ns
        session.update_every_ns = LOOK_NS
        session.latch = self._latch()
        process.session = session
        return await self._run(session, built, process)

    async def _run(self, session: Session, built: Built, process: Process) -> int:
        code = FAULT
        try:
            code = await session.run()
        except MmrunnerError as error:
            self.warnings.append((self.clock.now_ns(), "", f"fault: {error}"))
        finally:
            self._close(built, process, code)
        return code

    def _close(self, built: Built, process: Process, code: int) -> None:
        try:
            built.close(self.clock.now_ns(), code)
        except MmrunnerError as error:
            self.warnings.append((self.clock.now_ns(), "", f"close: {error}"))
        process.plug.pull()

    async def _build(self, process: Process) -> Built:
        def writer_of(store: Store, clock: Any) -> Ledger:
            process.ledger = Ledger(store, clock)
            return process.ledger

        warnings = Warnings()
        venues = self.connected(process.plug, warnings)
        (process.venue,) = venues.values()
        counted.take_up_kept(self.ledger, venues, self.clock)
        markets = await self.markets(venues)
        for name, market in markets.items():
            # Each start sizes at its own price: the widest is what was ever allowed.
            most = market.limits.max_position_lots
            self.limits[name] = max(most, self.limits.get(name, 0))
        files = DecisionFiles(self.directory, "none")
        return await deploy.build_on(
            self.settings,
            self.clock,
            markets,
            venues,
            warnings,
            self.directory,
            files,
            self.ledger,
            writer_of,
            self.kind,
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

    def _require_written(self, fact: Fact) -> None:
        """Look, from outside and at the moment of its arrival, for a row in the file: of an order,
        or of the terms that one is amended to."""
        if not isinstance(fact, Request) or fact.operation not in ("place", "modify"):
            return
        key: tuple[object, ...] = (fact.market, fact.client_id)
        query = "SELECT 1 FROM orders WHERE market = ? AND client_id = ?"
        if fact.operation == "modify":
            words = json.loads(fact.raw)
            of = instrument_of(self.settings.markets[fact.market].instrument)
            steps = on_grid(words["price"], of.tick_size), on_grid(words["size"], of.lot_size_base)
            key = (*key, *steps)
            query = (
                "SELECT 1 FROM amends WHERE market = ? AND client_id = ? AND ticks = ? AND lots = ?"
            )
        with closing(sqlite3.connect(f"file:{self.ledger}?mode=ro", uri=True)) as db:
            if db.execute(query, key).fetchone() is None:
                self.unwritten.append((fact.market, fact.client_id))

    def _tell(self, what: str) -> None:
        self.truth.tell(Moment(self.clock.now_ns(), what))
