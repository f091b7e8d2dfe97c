"""Replay: a recorded market, the simulated exchange, and the same decisions as live."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import wait as wait_for
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from connectors.model.book import Book, apply_rows, clear, is_two_sided
from connectors.model.errors import DataError, MmrunnerError
from connectors.model.kernel import store
from connectors.model.orders import Commands
from connectors.tape.check import book_check
from connectors.tape.readers import read_tape
from connectors.tape.tape import Columns, Tape
from runner.engine.history import History
from runner.engine.logs import DecisionLog, FillLog
from runner.engine.worker import Market
from runner.modes.compiled import compile_loop, record_of
from runner.modes.outcome import RECORD, DecisionFiles, finish_run, market_result, run_result
from runner.modes.replay_loop import DONE, OVERFLOW, Cursor, replay
from runner.places import Places
from runner.report.decisions import require_writer
from runner.results import BookCheck, MarketResult
from runner.settings import Settings
from runner.watch.progress import Progress, progress_of
from runner.wiring.markets import enabled_markets, instrument_of, market_of
from runner.wiring.sim import exchange_of
from runner.wiring.tapes import tape_source

ROWS_A_LEG = 200_000
"""Rows between two looks at progress and interrupts."""
POLL_S = 0.05
WAKE_NS = 100_000_000


@dataclass(slots=True)
class Run:
    """One market's replay: its tape, and the states that the loop moves."""

    market: Market
    tape: Tape
    exchange: Any
    opening_mark_half_ticks: int
    opening_position_lots: int
    history: History = field(default_factory=History)
    stopped: bool = False


def open_tapes(settings: Settings, places: Places) -> dict[str, Tape]:
    """Open the tape of every market; raise DataError before anything else is done."""
    source = tape_source(settings.tape, places.cache / "tapes")
    return {
        name: read_tape(source, instrument_of(market.instrument))
        for name, market in enabled_markets(settings).items()
    }


def run(settings: Settings, places: Places) -> int:
    """Replay every market and write the report; return the exit code."""
    require_writer(settings.record.decisions)
    tapes = open_tapes(settings, places)
    runs = [
        prepare(settings, name, number, tape) for number, (name, tape) in enumerate(tapes.items())
    ]
    run_directory = places.run.open()
    files = DecisionFiles(run_directory, settings.record.decisions)
    for r in runs:
        r.history = files.history(r.market.name)
    total = sum(len(r.tape.local) for r in runs)
    with progress_of(settings.watch, total) as progress:
        finished = run_all(settings, runs, places.cache / "kernels", progress)
    results = [_result(settings, r) for r in runs]
    started_ns = min(r.first_ns for r in results)
    ended_ns = max(r.last_ns for r in results)
    result = run_result(
        settings,
        results,
        files.rows(),
        started_ns=started_ns,
        ended_ns=ended_ns,
        exit_code=0 if finished else 130,
    )
    finish_run(settings, run_directory, result, files)
    return result.exit


def prepare(settings: Settings, name: str, number: int, tape: Tape) -> Run:
    """Return one market's replay at its beginning: flat, sized at the tape's first mid."""
    chosen = settings.markets[name]
    half_ticks = first_mid_half_ticks(tape)
    price = instrument_of(chosen.instrument).tick_size * Decimal(half_ticks) / 2
    market = market_of(name, number, settings, price, int(tape.local.recv_ns[0]))
    exchange = exchange_of(settings, name, None)
    return Run(market, tape, exchange, half_ticks, market.desk.orders.position_lots)


def first_mid_half_ticks(tape: Tape) -> int:
    """Return the tape's first mid; raise DataError for a tape whose book is never two-sided."""
    book = Book()
    clear(book)
    rows = tape.local
    for start in range(0, len(rows), 256):
        stop = min(start + 256, len(rows))
        kind, ticks, lots = (c[start:stop].tolist() for c in (rows.kind, rows.ticks, rows.lots))
        stamps = rows.recv_ns[start : stop + 1].tolist()
        for k in range(stop - start):
            apply_rows(book, kind, ticks, lots, k, k + 1)
            ends = k + 1 >= len(stamps) or stamps[k + 1] != stamps[k]
            if ends and is_two_sided(book):
                return book.best_bid_ticks + book.best_ask_ticks
    raise DataError(f"tape of {tape.symbol}: expected a two-sided book somewhere, there is none")


def run_all(
    settings: Settings, runs: list[Run], cache_dir: Path | None, progress: Progress
) -> bool:
    """Replay every market with the configured tier; tell whether all tapes were replayed whole."""
    if settings.replay.tier == "parity":
        from runner.modes.parity import replay_parity

        for r in runs:
            replay_parity(r, settings, cache_dir, progress)
        return True
    progress.compiling()
    loop = compile_loop(replay, cache_dir)
    return _in_threads(runs, lambda r: replay_exact(r, settings, loop, progress))


def _in_threads(runs: list[Run], work: Callable[[Run], None]) -> bool:
    """Run one thread a market; an interrupt lets every market end its leg."""
    with ThreadPoolExecutor(max_workers=len(runs)) as pool:
        futures: list[Future[None]] = [pool.submit(work, r) for r in runs]
        try:
            while wait_for(futures, timeout=POLL_S).not_done:
                pass
        except KeyboardInterrupt:
            for r in runs:
                r.stopped = True
            wait_for(futures)
        for future in futures:
            future.result()
    return not any(r.stopped for r in runs)


def replay_exact(r: Run, settings: Settings, loop: Callable[..., Any], progress: Progress) -> None:
    """Replay one market in the compiled loop and bring its state back."""
    cursor = new_cursor(r.market)
    desk, limits, commands, exchange, position, fills, decisions = (
        record_of(plain)
        for plain in (
            r.market.desk,
            r.market.limits,
            Commands(),
            r.exchange,
            cursor,
            FillLog(),
            _decision_log(settings),
        )
    )
    columns = loop_columns(r.tape)
    progress.advance(0)
    status = -1
    while status != DONE and not r.stopped:
        before = int(position.local)
        position["pause_at"] = before + ROWS_A_LEG
        status = loop(desk, limits, commands, exchange, position, fills, decisions, *columns)
        if status == OVERFLOW:
            raise MmrunnerError(f"{r.market.name}: the simulated exchange's queues are full")
        r.history.take(fills, decisions)
        progress.advance(int(position.local) - before)
    r.history.finish(fills, decisions)
    store(r.market.desk, desk)
    store(r.market.limits, limits)


def new_cursor(market: Market) -> Cursor:
    """Return a cursor at the beginning of a tape."""
    cursor = Cursor()
    cursor.wake_every_ns = max(market.desk.params.refresh_ns, WAKE_NS)
    cursor.wake_ns = 1 << 62
    return cursor


def loop_columns(tape: Tape) -> tuple[Any, ...]:
    """Return the columns in the order in which the loops take them."""
    local: Columns = tape.local
    venue: Columns = tape.venue
    return (
        local.kind,
        local.ticks,
        local.lots,
        local.recv_ns,
        venue.kind,
        venue.ticks,
        venue.lots,
        venue.venue_ns,
    )


def _decision_log(settings: Settings) -> DecisionLog:
    log = DecisionLog()
    log.mode = RECORD[settings.record.decisions]
    return log


def _result(settings: Settings, r: Run) -> MarketResult:
    check = book_check(r.tape)
    rows = r.tape.local
    return market_result(
        r.market,
        settings,
        r.history,
        opening_position_lots=r.opening_position_lots,
        opening_mark_half_ticks=r.opening_mark_half_ticks,
        first_ns=int(rows.recv_ns[0]),
        last_ns=int(rows.recv_ns[-1]),
        book_check=BookCheck(check.compared, check.equal) if check is not None else None,
    )
