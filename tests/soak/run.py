"""Run the sessions of a soak one after the other, on virtual time, and sample as they run."""

import asyncio
import gc
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from runner.engine.failpoints import Point, arm
from runner.engine.session import Session
from runner.modes.built import Built, by_venue
from runner.modes.deploy import build, markets_of
from runner.modes.outcome import DecisionFiles
from runner.modes.sessions import restarts_of
from runner.settings import Settings
from runner.watch.observer import observer_of
from runner.wiring.markets import enabled_markets, fee_rates
from tests import judges, virtual
from tests.chaos.books import Books, Died
from tests.soak.samples import Sample, sample
from tests.soak.world import settings_of, slow_down
from tests.virtual import START_NS, VirtualClock

HOUR_NS = 3_600_000_000_000
LOOK_NS = 5_000_000_000
BETWEEN_NS = 30_000_000_000
"""From the stop of a session to the start of the next one."""
DEADLY = (Point.SENT, Point.ACKED, Point.FILL_RECEIVED, Point.FILL_HALF_TX, Point.CANCEL_SENT)


@dataclass(slots=True)
class Soak:
    """What has been seen so far: samples by their hour, and what the judges found.

    Every other session dies at a fail point instead of ending.
    """

    directory: Path
    markets: int
    hours: float
    seed: int
    sessions: int = 4
    every_ns: int = HOUR_NS // 6
    tell: Callable[[float, Sample], None] = lambda hour, sample: None
    at_hours: list[float] = field(default_factory=list)
    samples: list[Sample] = field(default_factory=list)
    findings: list[str] = field(default_factory=list)

    def run(self) -> None:
        """Run all sessions; each goes on where the former one ended or died."""
        books = Books.in_(self.directory)
        rng = random.Random(self.seed)
        length_ns = int(self.hours * HOUR_NS / self.sessions)
        for number in range(self.sessions):
            dies = number % 2 == 0
            settings = settings_of(self.markets, rng)
            point = rng.choice(DEADLY) if dies else None
            start_ns = START_NS + number * length_ns
            _run_one(self, settings, books, start_ns, length_ns - BETWEEN_NS, point)
            gc.collect()
            which = judges.ALWAYS if dies else judges.ALL
            found = judges.told(books.ledger, books.account, *which)
            self.findings += [f"session {number + 1}: {line}" for line in found]

    def take(self, built: Built, books: Books, now_ns: int) -> None:
        """Sample."""
        hour = (now_ns - START_NS) / HOUR_NS
        self.at_hours.append(hour)
        self.samples.append(sample(built, books, self.directory / "run.log"))
        self.tell(hour, self.samples[-1])


def _run_one(
    soak: Soak, settings: Settings, books: Books, start_ns: int, length_ns: int, dies: Point | None
) -> None:
    try:
        virtual.run(lambda clock: _session(soak, settings, books, clock, length_ns, dies), start_ns)
    except Died:
        return
    except BaseExceptionGroup as group:
        if not group.subgroup(Died):
            raise


async def _session(
    soak: Soak,
    settings: Settings,
    books: Books,
    clock: VirtualClock,
    length_ns: int,
    dies: Point | None,
) -> None:
    files = DecisionFiles(soak.directory, "none")
    markets = markets_of(settings, clock)
    built = await build(
        settings, clock, markets, books.account, soak.directory, files, books.ledger
    )
    slow_down(built, settings, clock.now_ns())
    fees = {name: fee_rates(settings.markets, name) for name in enabled_markets(settings)}
    with observer_of(settings, fees, soak.directory / "run.log", clock) as observer:
        built.warnings.listen(observer.warn)
        session = Session(
            venues=built.venues,
            stations=by_venue(built.stations),
            clock=clock,
            observer=observer,
            duration_ns=length_ns,
            update_every_ns=LOOK_NS,
            check=built.writer.check,
            restarts=restarts_of(settings),
            portfolio=built.portfolio,
            keep=built.days.keep,
        )
        if dies is not None:
            _let_die(dies, clock, clock.now_ns() + length_ns * 9 // 10)
        sampling = asyncio.create_task(_sample(soak, built, books, clock))
        try:
            code = await session.run()
        finally:
            sampling.cancel()
    built.close(clock.now_ns(), code)


async def _sample(soak: Soak, built: Built, books: Books, clock: VirtualClock) -> None:
    while True:
        await clock.sleep_until_ns(clock.now_ns() + soak.every_ns)
        soak.take(built, books, clock.now_ns())


def _let_die(at: Point, clock: VirtualClock, after_ns: int) -> None:
    def die(point: Point) -> None:
        if point is at and clock.now_ns() >= after_ns:
            raise Died

    arm(die)
