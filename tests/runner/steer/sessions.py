"""Run a paper session to which commands come at chosen moments."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from runner.control.words import Answer, Command
from runner.engine.session import Session
from runner.engine.worker import Worker
from runner.modes.built import Built
from runner.modes.controls import commands_of
from runner.modes.deploy import build, markets_of
from runner.modes.outcome import DecisionFiles
from runner.settings import Settings
from runner.steer.commands import Commands
from runner.steer.tuner import Tuner
from tests.deploys import settings_for
from tests.sessions import Finished, run_session
from tests.virtual import START_NS, VirtualClock

S = 1_000_000_000
UID = 1000
BUSY = ("kappa=6", "record.decisions=none", "schedule=none", "strategy.fill_lockout_ms=0")


@dataclass
class Played:
    """A session that has ended: the answers by moment, and what was seen at each look."""

    settings: Settings
    answers: list[Answer] = field(default_factory=list)
    rows: list[tuple[float, dict[str, tuple[int, int]]]] = field(default_factory=list)
    finished: Finished = field(init=False)
    commands: Commands = field(init=False)
    tuner: Tuner = field(init=False)
    warnings: list[str] = field(default_factory=list)

    def seen(self, market: str, first_s: float, until_s: float) -> list[tuple[int, int]]:
        """Return open orders and position at each look of a span of the session."""
        return [by[market] for at_s, by in self.rows if first_s <= at_s < until_s]

    def worker(self, market: str) -> Worker:
        """Return a market's worker."""
        return next(w for w in self.finished.built.workers if w.market.name == market)


def played(
    directory: Path,
    asked: Mapping[float, Sequence[Command]],
    *words: str,
    duration_s: int = 40,
    ledger: Path | None = None,
    start_ns: int = START_NS,
    prepare: Callable[[Session], None] = lambda session: None,
) -> Played:
    """Play a session; each command comes at its second."""
    settings = settings_for(*BUSY, *words, f"duration_s={duration_s}")
    played = Played(settings)
    waiting = dict(asked)
    held: dict[str, Any] = {}

    async def make(clock: VirtualClock, tapes: Path, files: DecisionFiles) -> Built:
        held["built"] = await build(
            settings, clock, markets_of(settings, clock), None, tapes, files, ledger
        )
        return held["built"]  # type: ignore[no-any-return]

    def begin(session: Session) -> None:
        played.commands, played.tuner = commands_of(settings, session, held["built"])
        prepare(session)
        held["session"] = session

    def look(workers: Sequence[Worker], now_ns: int) -> None:
        at_s = (now_ns - start_ns) / S
        for moment in [moment for moment in waiting if moment <= at_s]:
            for command in waiting.pop(moment):
                played.answers.append(played.commands.obey(command, UID))
        state = {
            w.market.name: (w.open_orders(), w.market.desk.orders.position_lots) for w in workers
        }
        played.rows.append((at_s, state))

    played.finished = run_session(
        settings, directory, ledger=ledger, start_ns=start_ns, look=look, prepare=begin, make=make
    )
    played.warnings = held["session"].observer.warnings
    return played
