"""Replay a session from its own tape and journal, and hold each decision against the recorded."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from connectors.model.book import clear
from connectors.model.events import DECISION
from connectors.model.kernel import restore, store
from connectors.model.orders import Commands
from runner.engine.digest import DIGEST_COLUMNS, bits
from runner.engine.history import History
from runner.engine.logs import ALL, DecisionLog, FillLog
from runner.engine.risk import Limits
from runner.modes.compiled import compile_loop, record_of
from runner.modes.recorded_loop import NEVER, JournalCursor, replay_journal
from runner.modes.replay_loop import DONE
from strategies.desk import Desk

J_COLUMNS = ("kind", "now_ns", "client_id", "side", "ticks", "lots", "code", "trade_id", "venue_ns")


@dataclass(slots=True)
class Recording:
    """One market's journal and the market rows that it consumed, in order."""

    header: dict[str, Any]
    journal: Any
    kind: Any
    ticks: Any
    lots: Any


@dataclass(frozen=True, slots=True)
class Agreement:
    """How a recorded replay compared with the recording. `first` says where it first differed."""

    decisions: int
    commands: int
    differences: int
    first: str | None


@dataclass(slots=True)
class Replayed:
    """What a recorded replay left: the final state, its history, and the comparison."""

    desk: Desk
    limits: Limits
    history: History
    agreement: Agreement


def replay_recording(
    recording: Recording, history: History, cache_dir: Path | None, *, compiled: bool
) -> Replayed:
    """Replay a recording interpreted or compiled; both give the same bits."""
    desk, limits = _opening(recording.header)
    fills, decisions, commands = FillLog(), DecisionLog(), Commands()
    decisions.mode = ALL
    cursor = JournalCursor()
    cursor.first_difference = NEVER
    states: list[Any] = [desk, limits, commands, fills, decisions, cursor]
    columns = [recording.journal[:, k] for k in range(len(J_COLUMNS))]
    columns += [recording.kind, recording.ticks, recording.lots]
    loop: Any = replay_journal
    if compiled:
        loop = compile_loop(replay_journal, cache_dir)
        states = [record_of(plain) for plain in states]
        columns = [_contiguous(c) for c in columns]
    else:
        columns = [c.tolist() for c in columns]
    digests = _Digests(recording.journal)
    status = -1
    while status != DONE:
        status = loop(*states, *columns)
        digests.compare(states[4])
        history.take(states[3], states[4])
    history.finish(states[3], states[4])
    if compiled:
        for plain, k in ((desk, 0), (limits, 1), (cursor, 5)):
            store(plain, states[k])
    return Replayed(desk, limits, history, digests.agreement(cursor))


def _opening(header: dict[str, Any]) -> tuple[Desk, Limits]:
    desk, limits = Desk(), Limits()
    clear(desk.book)
    restore(desk.params, header["params"])
    restore(desk.orders, header["orders"])
    restore(limits, header["limits"])
    return desk, limits


def _contiguous(column: Any) -> Any:
    import numpy as np

    return np.ascontiguousarray(column)


class _Digests:
    """Hold the decisions that come out against the journal's DECISION rows, one after another."""

    def __init__(self, journal: Any) -> None:
        rows = journal[journal[:, 0] == DECISION]
        self._expected = [tuple(row[2:].tolist()) for row in rows]
        self._stamps = rows[:, 1].tolist()
        self._seen = 0
        self._differences = 0
        self._first: str | None = None

    def compare(self, log: Any) -> None:
        """Compare what the log holds now."""
        count = int(log.count)
        columns = [_listed(getattr(log, name), count) for name in DIGEST_COLUMNS]
        for row in zip(*columns, strict=True):
            came = tuple(bits(v) if isinstance(v, float) else v for v in row)
            if self._seen < len(self._expected) and came != self._expected[self._seen]:
                self._differ(came)
            self._seen += 1

    def _differ(self, came: tuple[int, ...]) -> None:
        self._differences += 1
        if self._first is None:
            expected = self._expected[self._seen]
            names = [
                name for name, a, b in zip(DIGEST_COLUMNS, came, expected, strict=True) if a != b
            ]
            self._first = (
                f"decision {self._seen} at {self._stamps[self._seen]} ns differs in"
                f" {', '.join(names)}"
            )

    def agreement(self, cursor: JournalCursor) -> Agreement:
        """Return the comparison of decisions and commands together."""
        differences = self._differences + cursor.differences
        missing = len(self._expected) - self._seen
        first = self._first
        if cursor.differences and first is None:
            first = f"journal row {cursor.first_difference}: another command came out"
        if missing > 0 and first is None:
            first = f"{missing} recorded decisions were not taken"
        return Agreement(self._seen, cursor.commands, differences + max(0, missing), first)


def _listed(values: Any, count: int) -> list[Any]:
    part = values[:count]
    return part if isinstance(part, list) else part.tolist()
