"""Paper: the live loop against the simulated exchange, on a synthetic market or on real prices."""

import os
from pathlib import Path

from runner.engine.clock import SystemClock
from runner.engine.failpoints import arm_from
from runner.engine.ledger.writer import ThreadWriter
from runner.modes.built import Built
from runner.modes.controls import Recompose
from runner.modes.deploy import build, markets_of
from runner.modes.live_prices import build_on_prices
from runner.modes.outcome import DecisionFiles
from runner.modes.quote import run_deploy
from runner.places import Places
from runner.report.decisions import require_writer
from runner.settings import Settings
from runner.wiring.stand_in import real_markets, simulated
from runner.wiring.venues import require_simulated


def run(settings: Settings, places: Places) -> int:
    """Run a paper deploy and write its report; return the exit code."""
    require_writer(settings.record.decisions)
    deploy = simulated(settings)
    require_simulated(deploy)
    arm_from(os.environ, is_real=False)
    clock = SystemClock()
    ledger = places.ledger(settings.deploy)
    if real_markets(settings):

        async def on_prices(tapes: Path, files: DecisionFiles) -> Built:
            account = account_path(settings, places)
            return await build_on_prices(
                settings, clock, account, tapes, files, ledger, ThreadWriter
            )

        return run_deploy(deploy, places, clock, on_prices, _again(places))
    markets = markets_of(deploy, clock)

    async def make(tapes: Path, files: DecisionFiles) -> Built:
        account = account_path(settings, places)
        return await build(deploy, clock, markets, account, tapes, files, ledger, ThreadWriter)

    return run_deploy(deploy, places, clock, make, _again(places))


def _again(places: Places) -> Recompose | None:
    """Return what composes the deploy anew, its markets simulated as now."""
    recompose = places.recompose
    return None if recompose is None else lambda: simulated(recompose())


def account_path(settings: Settings, places: Places) -> Path:
    """Return the deploy's paper account; a fresh one keeps the former beside it."""
    path = places.ledgers / f"{settings.deploy}.paper.sqlite"
    if settings.paper.account == "fresh":
        for suffix in ("", "-wal", "-shm"):
            part = path.with_name(path.name + suffix)
            if part.exists():
                part.replace(path.with_name(f"{settings.deploy}.paper.previous.sqlite{suffix}"))
    return path
