"""Run a deploy that quotes, on paper or for real: latch, lock, session, files, report."""

from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

from runner.engine.clock import Clock
from runner.engine.crashes import crashes_in_a_row
from runner.engine.health_file import HealthFile
from runner.engine.latch import Latch
from runner.engine.lock import DeployLock
from runner.engine.room import Room
from runner.engine.session import HALTED
from runner.modes import loop
from runner.modes.built import FAULT, Built
from runner.modes.chores import chores_beside
from runner.modes.controls import Recompose, controlled
from runner.modes.equity import watch_equity
from runner.modes.guards import guards_of
from runner.modes.hang import hang_watch
from runner.modes.outcome import DecisionFiles, finish_run, market_result, run_result
from runner.modes.sessions import session_of
from runner.modes.signals import heard_by, kill_by_signal, stops_ignored
from runner.modes.twins import tell_twins
from runner.modes.web_beside import web_view
from runner.pairs.told import pair_line, pair_result
from runner.places import Places
from runner.settings import Settings
from runner.watch.observer import observer_of
from runner.wiring.margin import margin_of
from runner.wiring.markets import enabled_markets, fee_rates
from runner.wiring.notify import require_callable, ringing

Make = Callable[[Path, DecisionFiles], Coroutine[Any, Any, Built]]
"""Build the deploy; the path is where its tapes go."""


def run_deploy(
    settings: Settings,
    places: Places,
    clock: Clock,
    make: Make,
    recompose: Recompose | None = None,
) -> int:
    """Run a deploy that quotes, and write its report; return the exit code.

    Nothing is made while something is left to refuse. With `recompose` it can read its
    configuration again.
    """
    latch = Latch.of(places, settings.deploy)
    latch.refuse()
    require_callable(settings)
    places.made(places.ledgers)
    with kill_by_signal(latch, clock), DeployLock(places.lock(settings.deploy)):
        latch.refuse()
        loops = _latch_crash_loop(settings, places, latch, clock)
        with web_view(settings, places):
            code = loop.run(_run(settings, places, clock, make, recompose))
        if loops and code == HALTED:
            latch.refuse()
        return code


def _latch_crash_loop(settings: Settings, places: Places, latch: Latch, clock: Clock) -> bool:
    """Set the latch when too many starts have crashed: this one only clears up after them."""
    budget = settings.start
    since_ns = clock.now_ns() - int(budget.crash_window_s * 1e9)
    crashes = crashes_in_a_row(places.ledger(settings.deploy), since_ns)
    if budget.max_crashes is None or crashes < budget.max_crashes:
        return False
    why = f"{crashes} starts within {budget.crash_window_s:g} s ended in a crash"
    latch.set("start.max_crashes", why, clock.now_ns())
    return True


async def _run(
    settings: Settings, places: Places, clock: Clock, make: Make, recompose: Recompose | None
) -> int:
    room = Room(places.made(places.ledgers), settings.risk.min_free_mb)
    room.require()
    run_directory = places.run.open()
    tape_directory = places.tapes / run_directory.name
    if settings.record.tape:
        places.made(tape_directory)
    markets = len(enabled_markets(settings))
    files = DecisionFiles(run_directory, settings.record.decisions, markets)
    started_ns = clock.now_ns()
    built = await make(tape_directory, files)
    fees = {name: fee_rates(settings.markets, name) for name in enabled_markets(settings)}
    code = FAULT
    try:
        with (
            observer_of(
                settings, fees, run_directory / "run.log", clock, portfolio=built.portfolio
            ) as seen,
            ringing(settings, seen, clock) as rung,
        ):
            seen.pairs = lambda: [pair_line(pair) for pair in built.pairs]
            built.warnings.listen(rung.observer.warn)
            session = session_of(settings, clock, built, rung.observer)
            session.latch = Latch.of(places, settings.deploy)
            session.room = room
            owners = places.ledgers / "owners"
            session.guards = guards_of(settings, session, clock, run_directory, owners)
            watch_equity(settings, session, built, places.ledger(settings.deploy), clock)
            told = HealthFile.of(places, settings.deploy)
            session.show_health = told.write
            beside = chores_beside(
                settings, places, clock, session, built, rung.observer, tape_directory
            )
            async with (
                beside,
                controlled(settings, places, clock, session, built, seen, run_directory, recompose),
            ):
                with heard_by(session), hang_watch(settings, clock, session), loop.spared():
                    code = rung.code = await session.run()
            told.remove()
    finally:
        with stops_ignored():
            built.close(clock.now_ns(), code)
    finish(settings, built, files, run_directory, started_ns, clock.now_ns(), code)
    return code


def finish(
    settings: Settings,
    built: Built,
    files: DecisionFiles,
    run_directory: Path,
    started_ns: int,
    ended_ns: int,
    code: int,
) -> None:
    """Write everything that the run directory promises."""
    results = []
    for station in built.stations:
        worker = station.worker
        worker.history.finish(worker.fills, worker.decisions)
        results.append(
            market_result(
                worker.market,
                settings,
                worker.history,
                opening_position_lots=worker.opening_position_lots,
                opening_mark_half_ticks=worker.opening_mark_half_ticks,
                first_ns=started_ns,
                last_ns=worker.last_batch_ns or ended_ns,
                margin=margin_of(
                    built.venues[worker.market.venue_name], settings, worker.market.name
                ),
                funding_quote=station.payments.paid(worker.market.instrument.quote),
                latency_us={
                    "turn": worker.turn_latency.summary(),
                    "batch_age": worker.age_latency.summary(),
                },
            )
        )
    rows = files.rows()
    result = run_result(
        settings,
        results,
        rows,
        started_ns=started_ns,
        ended_ns=ended_ns,
        exit_code=code,
        pairs=[pair_result(pair) for pair in built.pairs],
    )
    finish_run(settings, run_directory, result, files)
    if built.twins:
        tell_twins(settings, built.twins, results, run_directory)
