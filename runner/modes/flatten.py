"""Flatten: cancel what a deploy has resting, and close what it holds where that is asked for.

The deploy is built as live or paper builds it, with its ledger, and never quotes. What is sent goes
the way of every order: the intent first. The exit code is 0 only by the venue's word.
"""

import asyncio
from collections.abc import Callable, Coroutine, Iterator, Sequence
from contextlib import ExitStack, contextmanager, nullcontext
from pathlib import Path
from typing import Any

from connectors.model.errors import ConfigError
from runner.engine.clearing import Clearing
from runner.engine.clock import Clock, SystemClock
from runner.engine.health import Health
from runner.engine.ledger.kind import require_live
from runner.engine.ledger.writer import ThreadWriter
from runner.engine.lock import DeployLock, owner_of
from runner.engine.observer import NoJobs
from runner.engine.session import INTERRUPTED, NOT_CONFIRMED
from runner.engine.worker import Worker
from runner.guard import complain
from runner.modes.built import FAULT, Built
from runner.modes.deploy import build, markets_of
from runner.modes.flatten_words import would
from runner.modes.live import build_live
from runner.modes.outcome import DecisionFiles
from runner.modes.paper import account_path
from runner.modes.sessions import session_of
from runner.modes.signals import heard_by, stops_ignored
from runner.places import Places
from runner.settings import Settings
from runner.wiring.venues import is_simulated

Make = Callable[[Path, DecisionFiles], Coroutine[Any, Any, Built]]


def run(settings: Settings, places: Places) -> int:
    """Flatten a deploy; return 0 where all that was asked for is proven, else 3."""
    clock = SystemClock()
    if not is_simulated(settings) and not settings.armed:
        return asyncio.run(would(settings, clock))
    bare = without_files(settings)
    with owned(bare, places), ExitStack() as held:
        make = maker_of(bare, places, clock, held)
        return asyncio.run(flattened(bare, places, clock, make))


def without_files(settings: Settings) -> Settings:
    """Return the settings of a run that keeps nothing but its ledger, and goes on with it."""
    record = settings.record.model_copy(update={"tape": False, "decisions": "none"})
    paper = settings.paper.model_copy(update={"account": "resume"})
    return settings.model_copy(update={"record": record, "paper": paper})


@contextmanager
def owned(settings: Settings, places: Places) -> Iterator[None]:
    """Own a deploy that nobody runs. Raises ConfigError where somebody does."""
    path = places.lock(settings.deploy)
    owner = owner_of(path)
    if owner is not None:
        raise ConfigError(
            f"deploy: expected nobody to run deploy '{settings.deploy}', but process {owner} does:"
            f" stop it, or use mode=kill deploy={settings.deploy}"
        )
    places.made(places.ledgers)
    with DeployLock(path):
        yield


def maker_of(settings: Settings, places: Places, clock: Clock, held: ExitStack) -> Make:
    """Return what builds the deploy, as live or as paper does."""
    if not is_simulated(settings):
        require_live(places.ledger(settings.deploy))

        async def live(tapes: Path, files: DecisionFiles) -> Built:
            return await build_live(settings, places, clock, held, tapes, files)

        return live
    account, ledger = account_path(settings, places), places.ledger(settings.deploy)
    markets = markets_of(settings, clock)

    async def paper(tapes: Path, files: DecisionFiles) -> Built:
        return await build(settings, clock, markets, account, tapes, files, ledger, ThreadWriter)

    return paper


async def flattened(settings: Settings, places: Places, clock: Clock, make: Make) -> int:
    """Build the deploy, clear it up and close its books; return the exit code."""
    nowhere = places.ledgers
    built = await make(nowhere, DecisionFiles(nowhere, "none"))
    code = FAULT
    try:
        code = await cleared(settings, clock, built)
    finally:
        with stops_ignored():
            built.close(clock.now_ns(), code)
    return code


async def cleared(settings: Settings, clock: Clock, built: Built) -> int:
    """Run a session that only clears up; return the exit code."""
    session = session_of(settings, clock, built, Told())
    # Over from its beginning: no brake and no limit may end it before its work is done.
    session.killed, session.flatten_on_kill, session.duration_ns = True, False, None
    session.schedule = lambda enqueue: nullcontext(NoJobs())
    session.ask = lambda now_ns: None
    built.warnings.listen(session.observer.warn)
    clearing = clearing_of(settings, clock, built)
    clearing.begin()
    with heard_by(session):
        running = asyncio.create_task(session.run())
        work = asyncio.create_task(clearing.run())
        await asyncio.wait((running, work), return_when=asyncio.FIRST_COMPLETED)
        is_interrupted = session.interrupted
        session.interrupt()
        code = await running
    work.cancel()
    await asyncio.wait((work,))
    is_clear = not work.cancelled() and work.result()
    for station in clearing.stations:
        print(f"{station.name}: {clearing.words(station)}", flush=True)
    if code != NOT_CONFIRMED and is_clear:
        return 0
    return INTERRUPTED if is_interrupted and code != NOT_CONFIRMED else NOT_CONFIRMED


def clearing_of(settings: Settings, clock: Clock, built: Built) -> Clearing:
    """Return the way of the markets that are ours: those that only lead are not."""
    chosen = settings.flatten
    stations = [s for s in built.stations if not s.worker.market.desk.params.only_leads]
    within_ns = int(chosen.within_s * 1e9)
    return Clearing(stations, clock, built.warnings, chosen.close, chosen.foreign, within_ns)


class Told:
    """An observer that passes warnings on and shows nothing else."""

    def update(self, workers: Sequence[Worker], now_ns: int) -> None:
        """Show nothing."""

    def command(self, name: str, workers: Sequence[Worker], now_ns: int) -> None:
        """Carry out nothing."""

    def warn(self, now_ns: int, market: str, text: str) -> None:
        """Tell a person."""
        complain(f"{market}: {text}" if market else text)

    def health(self, now_ns: int, health: Health) -> None:
        """Show nothing."""
