"""Run paper sessions on a virtual clock: a minute takes a fraction of a second."""

from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from runner.engine.health import Health
from runner.engine.session import Session
from runner.engine.worker import Worker
from runner.modes.built import FAULT, Built, by_venue
from runner.modes.deploy import build, markets_of
from runner.modes.outcome import DecisionFiles
from runner.modes.sessions import asking, restarts_of
from runner.settings import Settings
from tests import virtual
from tests.virtual import START_NS, VirtualClock

Make = Callable[[VirtualClock, Path, DecisionFiles], Coroutine[Any, Any, Built]]
LOOK_NS = 50_000_000


class Spectator:
    """An observer that calls `look` at every update."""

    def __init__(self, look: Callable[[Sequence[Worker], int], None]) -> None:
        self._look = look
        self.commands: list[str] = []
        self.warnings: list[str] = []
        self.verdicts: list[tuple[int, Health]] = []

    def update(self, workers: Sequence[Worker], now_ns: int) -> None:
        """Look."""
        self._look(workers, now_ns)

    def command(self, name: str, workers: Sequence[Worker], now_ns: int) -> None:
        """Remember the command."""
        self.commands.append(name)

    def warn(self, now_ns: int, market: str, text: str) -> None:
        """Remember the warning."""
        self.warnings.append(text)

    def health(self, now_ns: int, health: Health) -> None:
        """Remember the verdict."""
        self.verdicts.append((now_ns, health))


@dataclass(frozen=True, slots=True)
class Finished:
    """A session that has ended."""

    code: int
    built: Built = field(repr=False)
    ended_ns: int


def run_session(
    settings: Settings,
    directory: Path,
    *,
    account: Path | None = None,
    ledger: Path | None = None,
    start_ns: int = START_NS,
    look: Callable[[Sequence[Worker], int], None] = lambda workers, now_ns: None,
    prepare: Callable[[Session], None] = lambda session: None,
    make: Make | None = None,
) -> Finished:
    """Run a paper deploy for its duration; tapes, journals and decisions go to `directory`.

    `prepare` is given the session before it runs; `make` builds something else than paper.
    """

    async def main(clock: VirtualClock) -> Finished:
        files = DecisionFiles(directory, settings.record.decisions)
        (directory / "tapes").mkdir(parents=True, exist_ok=True)
        tapes = directory / "tapes"
        if make is None:
            markets = markets_of(settings, clock)
            built = await build(settings, clock, markets, account, tapes, files, ledger)
        else:
            built = await make(clock, tapes, files)
        session = Session(
            venues=built.venues,
            stations=by_venue(built.stations),
            clock=clock,
            observer=Spectator(look),
            duration_ns=int((settings.duration_s or 0) * 1e9),
            update_every_ns=LOOK_NS,
            check=built.writer.check,
            restarts=restarts_of(settings),
            portfolio=built.portfolio,
            keep=built.days.keep,
            ask=asking(settings, built),
        )
        prepare(session)
        built.warnings.listen(session.observer.warn)
        code = FAULT
        try:
            code = await session.run()
        finally:
            built.close(clock.now_ns(), code)
            for worker in built.workers:
                worker.history.finish(worker.fills, worker.decisions)
            files.rows()
        return Finished(code, built, clock.now_ns())

    return virtual.run(main, start_ns)
