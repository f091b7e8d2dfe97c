"""Measure what subscribers of the control socket cost the deploy that they watch, in one run.

A paper deploy of two markets runs on a loop of its own as the product runs it. In turns nobody, one
and 200 subscribers of another process read what it tells. Measured are the turn, from a batch to
its last command, and how late the loop is to bytes that another process sends.
"""

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from statistics import median

from runner.control.address import socket_of
from runner.engine.clock import SystemClock
from runner.engine.latency import Latency
from runner.engine.session import Session
from runner.modes import loop
from runner.modes.built import Built
from runner.modes.controls import controlled
from runner.modes.deploy import build, markets_of
from runner.modes.outcome import DecisionFiles
from runner.modes.sessions import session_of
from runner.places import Places, RunDirectory
from runner.settings import Settings
from runner.watch.log import RunLog
from runner.watch.observer import Observer
from runner.watch.view import Quiet
from runner.wiring.markets import enabled_markets, fee_rates
from tests.bench.deploy import settings_of
from tests.bench.figures import Figure, Peer
from tests.bench.lag import Lag, lag_of_loop
from tests.bench.places import CHECKOUT
from tests.bench.process import fresh_home, home

COUNTS = (0, 1, 200)
ROUNDS = 3
PHASE_S = 2.5
SETTLE_S = 2.0
P99 = 0.99
NS_PER_US = 1000
WORDS = ("watch=none", "record.decisions=none", "record.tape=false", "schedule=none")


def measure() -> list[Figure]:
    """Return the figures of each number of subscribers, beside those of none."""
    fresh_home()
    home().mkdir(parents=True, exist_ok=True)
    turns, lags = loop.run(_measured(settings_of(*WORDS)))
    none = "nobody, in turns"
    figures = []
    for count in COUNTS[1:]:
        for name, told in (("turn", turns), ("loop_lag", lags)):
            peer = Peer(none, median(told[0]))
            name = f"{name}_p99_with_{count}_subscribers"
            figures.append(Figure(name, median(told[count]), "us", peer))
    return figures


Told = dict[int, list[float]]


async def _measured(settings: Settings) -> tuple[Told, Told]:
    """Return the p99 of turns and of the loop's lag [us], by the number of subscribers."""
    turns: Told = {count: [] for count in COUNTS}
    lags: Told = {count: [] for count in COUNTS}
    async with _deploy(settings) as (path, built):
        with lag_of_loop() as lag:
            await asyncio.sleep(SETTLE_S)
            for _ in range(ROUNDS):
                for count in COUNTS:
                    with _watchers(path, count) as ready:
                        await asyncio.to_thread(ready)
                        turn, late = await _phase(built, lag)
                    turns[count].append(turn)
                    lags[count].append(late)
    return turns, lags


async def _phase(built: Built, lag: Lag) -> tuple[float, float]:
    """Return the p99 of turns, of the worse market, and of the loop's lag in a while [us]."""
    lag.take()
    for worker in built.workers:
        worker.turn_latency = Latency()
    await asyncio.sleep(PHASE_S)
    late = sorted(lag.take())
    turn = max(worker.turn_latency.quantile_us(P99) for worker in built.workers)
    return turn, late[int(P99 * len(late))] / NS_PER_US


@asynccontextmanager
async def _deploy(settings: Settings) -> AsyncIterator[tuple[Path, Built]]:
    """Run a paper deploy with its socket while the context is open."""
    clock = SystemClock()
    run = home() / "run"
    run.mkdir(parents=True, exist_ok=True)
    places = Places(home(), CHECKOUT, RunDirectory(run))
    places.made(places.ledgers)
    files = DecisionFiles(run, settings.record.decisions)
    built = await build(settings, clock, markets_of(settings, clock), None, run, files)
    fees = {name: fee_rates(settings.markets, name) for name in enabled_markets(settings)}
    observer = Observer(fees, Quiet(), RunLog(run / "run.log"))
    built.warnings.listen(observer.warn)
    session = session_of(settings, clock, built, observer)
    async with controlled(settings, places, clock, session, built, observer, run, None):
        with loop.spared():
            task = asyncio.create_task(session.run())
            yield socket_of(places.ledgers, settings.deploy), built
            await _ended(session, task)
    built.close(clock.now_ns(), 0)


async def _ended(session: Session, task: "asyncio.Task[int]") -> None:
    session.interrupt()
    await task


@contextmanager
def _watchers(path: Path, count: int) -> Iterator[Callable[[], None]]:
    """Have so many subscribers read; yield what waits until all have heard something."""
    if count == 0:
        yield lambda: None
        return
    command = [sys.executable, "-m", "tests.bench.watchers", str(path), str(count)]
    process = subprocess.Popen(command, cwd=CHECKOUT, stdout=subprocess.PIPE, text=True)
    try:
        yield _Ready(process)
    finally:
        process.terminate()
        process.communicate()


class _Ready:
    """Waits for a process to say one line."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def __call__(self) -> None:
        """Wait."""
        if self._process.stdout is not None:
            self._process.stdout.readline()
