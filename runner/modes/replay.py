"""Replay: a recorded market, the simulated exchange, and the same decisions as live."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import wait as wait_for
from pathlib import Path

from connectors.tape.check import book_check
from connectors.tape.gaps import count_gaps
from connectors.tape.readers import read_tape
from connectors.tape.tape import Tape
from runner.engine.session import CLEAN, HALTED, INTERRUPTED
from runner.modes.compiled import compile_loop
from runner.modes.exact import replay_exact
from runner.modes.leads import hear_leads
from runner.modes.market_replay import MarketReplay, prepare
from runner.modes.outcome import DecisionFiles, finish_run, market_result, run_result
from runner.modes.parity import replay_parity
from runner.modes.replay_loop import replay
from runner.places import Places
from runner.report.decisions import require_writer
from runner.results import BookCheck, MarketResult, TapeState
from runner.settings import Settings
from runner.watch.progress import Progress, progress_of
from runner.wiring.markets import enabled_markets, instrument_of
from runner.wiring.tapes import tape_source

POLL_S = 0.05


def open_tapes(settings: Settings, places: Places) -> dict[str, Tape]:
    """Open the tape of every market; raise DataError before anything else is done."""
    source = tape_source(settings.tape, places.cache / "tapes")
    tapes = {
        name: read_tape(source, instrument_of(market.instrument))
        for name, market in enabled_markets(settings).items()
    }
    return hear_leads(settings, tapes, places.cache / "kernels")


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
        exit_code=exit_code(runs, finished),
    )
    finish_run(settings, run_directory, result, files)
    return result.exit


def run_all(
    settings: Settings, runs: list[MarketReplay], cache_dir: Path | None, progress: Progress
) -> bool:
    """Replay every market with the configured tier; tell whether all tapes were replayed whole."""
    if settings.replay.tier == "parity":
        for r in runs:
            replay_parity(r, settings, cache_dir, progress)
        return True
    progress.compiling()
    loop = compile_loop(replay, cache_dir)
    return _in_threads(runs, lambda r: replay_exact(r, settings, loop, progress))


def _in_threads(runs: list[MarketReplay], work: Callable[[MarketReplay], None]) -> bool:
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


def exit_code(runs: list[MarketReplay], finished: bool) -> int:
    """Return 4 when a brake halted a market, 130 after an interrupt, else 0."""
    if any(r.market.limits.brakes.halted for r in runs):
        return HALTED
    return CLEAN if finished else INTERRUPTED


def _result(settings: Settings, r: MarketReplay) -> MarketResult:
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
        funding_quote=r.funding.paid_quote(r.exchange, r.market.instrument),
        book_check=BookCheck(check.compared, check.equal) if check is not None else None,
        tape=_state_of(r.tape),
    )


def _state_of(tape: Tape) -> TapeState:
    return TapeState(count_gaps(tape.local.kind), tape.clock_shift_ns, tape.torn, tape.notes)
