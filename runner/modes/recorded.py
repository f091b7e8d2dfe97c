"""Replay a session from its own tape and journal, and hold each decision against the recorded.

The journal's header carries every number that the kernels were given, so nothing of the present
configuration can change a decision. The exact tier runs compiled, the parity tier interpreted.
"""

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from connectors.model.book import clear
from connectors.model.errors import DataError, MmrunnerError
from connectors.model.events import BATCH, DECISION
from connectors.model.kernel import restore
from connectors.model.orders import ID_STRIDE, Commands
from connectors.model.record import record_of, store
from connectors.tape.journal import read_journal
from connectors.tape.readers import find_reader, read_tape
from connectors.tape.source import find_files
from runner.engine.digest import DIGEST_COLUMNS, bits
from runner.engine.history import History
from runner.engine.logs import ALL, DecisionLog, FillLog
from runner.engine.risk import Limits
from runner.engine.worker import Market
from runner.modes.compiled import compile_loop
from runner.modes.outcome import DecisionFiles, finish_run, market_result, run_result
from runner.modes.recorded_loop import NEVER, JournalCursor, replay_journal
from runner.modes.replay_loop import DONE
from runner.places import Places
from runner.report.decisions import require_writer
from runner.results import MarketResult
from runner.settings import Settings
from runner.wiring.markets import enabled_markets, instrument_of
from runner.wiring.strategies import bind_strategies
from runner.wiring.tapes import tape_source
from strategies.desk import Desk

J_COLUMNS = ("kind", "now_ns", "client_id", "side", "ticks", "lots", "code", "trade_id", "venue_ns")
EXTRA = 9
"""The column whose bits are those of a float, in the rows that have one."""


def run(settings: Settings, places: Places) -> int:
    """Replay every market's recording and write the report.

    Raises DataError for a missing or foreign recording, MmrunnerError when a decision differs.
    """
    require_writer(settings.record.decisions)
    recordings = {name: open_recording(settings, name) for name in enabled_markets(settings)}
    run_directory = places.run.open()
    files = DecisionFiles(run_directory, settings.record.decisions)
    results, told = [], []
    for name, recording in recordings.items():
        compiled = settings.replay.tier == "exact"
        replayed = replay_recording(
            recording, files.history(name), places.cache / "kernels", compiled=compiled
        )
        results.append(_result(settings, name, recording, replayed))
        told.append((name, replayed.agreement))
    result = run_result(
        settings,
        results,
        files.rows(),
        started_ns=min(r.first_ns for r in results),
        ended_ns=max(r.last_ns for r in results),
        exit_code=0 if all(a.differences == 0 for _, a in told) else 1,
    )
    finish_run(settings, run_directory, result, files)
    return _tell(told)


def open_recording(settings: Settings, name: str) -> "Recording":
    """Read the tape and the journal of a market; raise DataError where they do not belong to it."""
    bind_strategies(settings)
    source = tape_source(settings.tape, None, as_recorded=True)
    instrument = instrument_of(settings.markets[name].instrument)
    paths = find_files(source, instrument.symbol, find_reader("mmrunner").pattern)
    if settings.tape.reader != "mmrunner" or len(paths) != 1:
        raise DataError(
            f"replay.fills=recorded: expected tape=mmrunner and one tape of {instrument.symbol},"
            f" was {settings.tape.reader} with {len(paths)} files;"
            " set tape.path to the folder of one session"
        )
    journal = paths[0].with_suffix(".journal")
    header, rows = read_journal(journal, settings.tape.allow_torn)
    if header.get("symbol") != instrument.symbol:
        raise DataError(
            f"{journal}: expected a journal of {instrument.symbol}, was of {header.get('symbol')}"
        )
    local = read_tape(source, instrument).local
    taken = int(rows[rows[:, 0] == BATCH, 5].sum())
    if taken > len(local):
        raise DataError(
            f"{paths[0]}: expected the {taken} rows that its journal took, was {len(local)};"
            f" the tape is torn"
        )
    return Recording(header, rows, local.kind, local.ticks, local.lots)


def _result(
    settings: Settings, name: str, recording: "Recording", replayed: "Replayed"
) -> MarketResult:
    orders = recording.header["orders"]
    stamps = recording.journal[:, 1]
    instrument = instrument_of(settings.markets[name].instrument)
    venue = settings.markets[name].venue.name
    return market_result(
        # Its sizes came with the recording, in lots.
        Market(name, venue, instrument, replayed.desk, replayed.limits, Decimal(0)),
        settings,
        replayed.history,
        opening_position_lots=orders["position_lots"],
        opening_mark_half_ticks=_opening_mark(replayed.history),
        first_ns=int(stamps[0]) if len(stamps) else 0,
        last_ns=int(stamps[-1]) if len(stamps) else 0,
    )


def _opening_mark(history: History) -> int:
    """Return the first mid that a decision saw."""
    return next((mid for _, mid, *_ in history.series if mid > 0), 0)


def _tell(told: "list[tuple[str, Agreement]]") -> int:
    """Print how each market compared; raise for a difference."""
    for name, agreement in told:
        print(
            f"{name}: {agreement.decisions} decisions and {agreement.commands} commands replayed,"
            f" {agreement.differences} different"
        )
    for name, agreement in told:
        if agreement.differences:
            raise MmrunnerError(
                f"{name}: expected the recorded decisions, {agreement.differences} were different:"
                f" {agreement.first}; the code or the tape has changed since"
            )
    return 0


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
    columns.append(recording.journal[:, EXTRA].view("<f8"))
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
    try:
        if header["id_stride"] != ID_STRIDE:
            raise ValueError(f"id_stride: expected {ID_STRIDE}, was {header['id_stride']}")
        restore(desk.params, header["params"])
        restore(desk.orders, header["orders"])
        restore(limits, header["limits"])
        restore(desk.trades, header["trades"])
        restore(desk.holding, header["holding"])
        restore(desk.scheduled, header["scheduled"])
    except (KeyError, ValueError) as error:
        raise DataError(
            f"journal of {header.get('market')}: expected one that this version wrote: {error}"
        ) from None
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
