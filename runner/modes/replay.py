"""Replay: a recorded market, the simulated exchange, and the same decisions as live."""

from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import wait as wait_for
from pathlib import Path

from connectors.tape.check import book_check
from connectors.tape.gaps import count_gaps
from connectors.tape.tape import Tape
from runner.engine.session import CLEAN, HALTED, INTERRUPTED
from runner.modes.compiled import compile_loop
from runner.modes.exact import replay_exact
from runner.modes.market_replay import MarketReplay, prepare, share_margin
from runner.modes.outcome import (
    DecisionFiles,
    finish_run,
    market_result,
    publish_run,
    run_result,
)
from runner.modes.parity import replay_parity
from runner.modes.replay_loop import replay
from runner.modes.shelf import Shelf
from runner.places import Places
from runner.report.decisions import require_writer
from runner.report.reckoning import Reckoning, reckon
from runner.results import BookCheck, MarketResult, RunResult, TapeState
from runner.settings import Settings
from runner.watch.progress import Progress, Silent, progress_of
from runner.watch.stamp import utc_text
from runner.wiring.margin import margin_state, require_margin, require_one_loop
from runner.wiring.portfolio import shares_limits, unknown_rates

POLL_S = 0.05


def run(settings: Settings, places: Places) -> int:
    """Replay every market and write the report; return the exit code."""
    require_writer(settings.record.decisions)
    tapes = Shelf().tapes(settings, places)
    runs, files = _begin(settings, places, tapes)
    _tell_unknown_rates(settings)
    with progress_of(settings.watch, sum(len(tape) for tape in tapes.values())) as progress:
        finished = run_all(settings, runs, places.cache / "kernels", progress)
    result = result_of(settings, runs, files, finished=finished)
    finish_run(settings, places.run.path, result, files)
    told = account_stop(runs)
    if told is not None:
        print(told, flush=True)
    return result.exit


def run_job(settings: Settings, places: Places, shelf: Shelf) -> tuple[RunResult, Reckoning]:
    """Replay one job of a sweep, in this thread and saying nothing; return what it published."""
    require_writer(settings.record.decisions)
    tapes = shelf.tapes(settings, places)
    runs, files = _begin(settings, places, tapes)
    kernels = places.cache / "kernels"
    for group in groups_of(settings, runs):
        with shelf.watching(group):
            if settings.replay.tier == "parity":
                replay_parity(group, settings, kernels, Silent())
            else:
                replay_exact(group, settings, shelf.loop(kernels), Silent())
    result = result_of(settings, runs, files, finished=not any(r.stopped for r in runs))
    reckoning = reckon(result, tear=settings.record.page)
    publish_run(settings, places.run.path, result, files, reckoning, durable=False)
    return result, reckoning


def _begin(
    settings: Settings, places: Places, tapes: Mapping[str, Tape]
) -> tuple[list[MarketReplay], DecisionFiles]:
    """Prepare every market's replay, and then make the run directory."""
    require_margin(settings, list(tapes))
    require_one_loop(settings, list(tapes))
    is_exact = settings.replay.tier == "exact"
    runs = [
        prepare(settings, name, number, tape, shell=is_exact)
        for number, (name, tape) in enumerate(tapes.items())
    ]
    share_margin(settings, runs)
    files = DecisionFiles(places.run.open(), settings.record.decisions)
    for r in runs:
        r.history = files.history(r.market.name)
    return runs, files


def result_of(
    settings: Settings, runs: list[MarketReplay], files: DecisionFiles, *, finished: bool
) -> RunResult:
    """Return what the replays of a run came to."""
    results = [_result(settings, r) for r in runs]
    return run_result(
        settings,
        results,
        files.rows(),
        started_ns=min(r.first_ns for r in results),
        ended_ns=max(r.last_ns for r in results),
        exit_code=exit_code(runs, finished),
    )


def groups_of(settings: Settings, runs: list[MarketReplay]) -> list[list[MarketReplay]]:
    """Return the markets that replay in one loop together."""
    merge = settings.replay.merge
    shares = shares_limits(settings) or any(r.shares_wallet for r in runs)
    if merge == "always" or (merge == "auto" and shares):
        return [runs]
    return [[r] for r in runs]


def run_all(
    settings: Settings, runs: list[MarketReplay], cache_dir: Path | None, progress: Progress
) -> bool:
    """Replay every market with the configured tier; tell whether all tapes were replayed whole."""
    groups = groups_of(settings, runs)
    if settings.replay.tier == "parity":
        for group in groups:
            replay_parity(group, settings, cache_dir, progress)
        return True
    progress.compiling()
    loop = compile_loop(replay, cache_dir)
    return _in_threads(groups, lambda group: replay_exact(group, settings, loop, progress))


def _in_threads(
    groups: list[list[MarketReplay]], work: Callable[[list[MarketReplay]], None]
) -> bool:
    """Run one thread a group; an interrupt lets every market end its leg."""
    runs = [r for group in groups for r in group]
    with ThreadPoolExecutor(max_workers=len(groups)) as pool:
        futures: list[Future[None]] = [pool.submit(work, group) for group in groups]
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
    """Return 4 when a limit halted a market or all, 130 after an interrupt, else 0."""
    if any(r.market.limits.brakes.halted or r.market.desk.stopping for r in runs):
        return HALTED
    return CLEAN if finished else INTERRUPTED


def _tell_unknown_rates(settings: Settings) -> None:
    unknown = unknown_rates(settings)
    if unknown and settings.replay.merge != "never" and settings.watch.name != "none":
        print(
            f"replay: limits of money over several markets are not held: expected"
            f" rates.{unknown[0]},"
            f" was null; set it, or replay.merge=never"
        )


def account_stop(runs: list[MarketReplay]) -> str | None:
    """Say when a limit over all markets has stopped them; None where none has."""
    stops = [r.account_stop for r in runs if r.account_stop is not None]
    if not stops:
        return None
    stopped_ns, limit = stops[0]
    return f"replay: every market was stopped at {utc_text(stopped_ns, 3)} by risk.account.{limit}"


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
        margin=margin_state(r.exchange, settings, r.market.name),
        funding_quote=r.funding.paid_quote(r.exchange, r.market.instrument),
        book_check=BookCheck(check.compared, check.equal) if check is not None else None,
        tape=_state_of(r.tape),
    )


def _state_of(tape: Tape) -> TapeState:
    return TapeState(count_gaps(tape.local.kind), tape.clock_shift_ns, tape.torn, tape.notes)
