"""Tell how far a live deploy's markets and their paper twins are apart."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from runner.engine.twin import Twin
from runner.modes.outcome import market_result
from runner.report.twin import FILE, write_twins
from runner.results import MarketResult
from runner.settings import Settings
from runner.wiring.stand_in import simulated


def tell_twins(
    settings: Settings,
    twins: Mapping[str, Twin],
    results: Sequence[MarketResult],
    directory: Path,
) -> None:
    """Write what both did, and print it unless nothing is to be watched. One that failed has no
    part in it."""
    deploy = simulated(settings)
    pairs = [
        (live, paper_result(deploy, twins[live.name], live))
        for live in results
        if live.name in twins and not twins[live.name].is_over
    ]
    if not pairs:
        return
    lines = write_twins(directory, pairs)
    if settings.watch.name != "none":
        told = f"live and on paper, the same data: {directory / FILE}"
        print("", told, *lines, sep="\n", flush=True)


def paper_result(deploy: Settings, twin: Twin, live: MarketResult) -> MarketResult:
    """Return what a twin did in the time of its live market."""
    worker = twin.worker
    worker.history.finish(worker.fills, worker.decisions)
    return market_result(
        worker.market,
        deploy,
        worker.history,
        opening_position_lots=worker.opening_position_lots,
        opening_mark_half_ticks=worker.opening_mark_half_ticks,
        first_ns=live.first_ns,
        last_ns=worker.last_batch_ns or live.last_ns,
    )
