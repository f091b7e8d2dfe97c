"""Make the chores of a deploy: its daily report, rates fitted anew, and a look at funding."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from connectors.funded import Funded
from connectors.model.errors import ConfigError
from runner.agenda.moments import CronMoments, Moments
from runner.chores.child import Task, done_elsewhere
from runner.chores.chores import Chore, Chores, Tells
from runner.chores.refit import Refits
from runner.chores.scan import Quoted, scan_text
from runner.engine.clock import Clock
from runner.engine.session import Session
from runner.modes.built import Built
from runner.places import Places
from runner.settings import Settings
from runner.wiring.agenda import refit_bounds
from runner.wiring.markets import enabled_markets, fee_rates

REPORT_WITHIN_S = 300.0
SCAN_WITHIN_S = 10.0
REPORT, RECALIBRATE, SCAN = "report", "recalibrate", "funding_scan"


@asynccontextmanager
async def chores_beside(
    settings: Settings,
    places: Places,
    clock: Clock,
    session: Session,
    built: Built,
    tells: Tells,
    tapes: Path,
) -> AsyncIterator[Chores]:
    """Yield the chores of a session, which its jobs ask for; none outlives the block."""
    chores = chores_of(settings, places, clock, built, tells, tapes)
    session.do = chores.ask
    chores.begin(built.slots)
    try:
        yield chores
    finally:
        await chores.close()


def chores_of(
    settings: Settings, places: Places, clock: Clock, built: Built, tells: Tells, tapes: Path
) -> Chores:
    """Return every chore that the schedule has a job for; raise ConfigError for one that cannot be
    done."""
    task = partial(
        Task,
        settings=settings,
        ledger=places.ledger(settings.deploy),
        tapes=tapes,
        directory=places.outputs / "reports" / settings.deploy,
    )
    chores: dict[str, Chore] = {}
    if REPORT in settings.schedule.jobs:

        async def report(meant_ns: int) -> str:
            answer = await done_elsewhere(task(name=REPORT, moment_ns=meant_ns))
            return str(answer["text"])

        chores[REPORT] = Chore(report, REPORT_WITHIN_S, _moments(settings, REPORT), makes_up=True)
    if RECALIBRATE in settings.schedule.jobs:
        if not settings.record.tape:
            raise ConfigError(
                "record.tape: expected true, because schedule.jobs.recalibrate fits to the deploy's"
                " own tape, was false"
            )
        refits = refits_of(settings, built)

        async def recalibrate(meant_ns: int) -> str:
            answer = await done_elsewhere(task(name=RECALIBRATE, moment_ns=meant_ns))
            return refits.take_up(answer, clock.now_ns())

        within_s = settings.schedule.refit.within_s
        chores[RECALIBRATE] = Chore(recalibrate, within_s, _moments(settings, RECALIBRATE))
    if SCAN in settings.schedule.jobs:

        async def scan(meant_ns: int) -> str:
            return scan_text(announced_by(settings, built))

        chores[SCAN] = Chore(scan, SCAN_WITHIN_S, _moments(settings, SCAN))
    return Chores(chores, clock, tells)


def announced_by(settings: Settings, built: Built) -> list[Quoted]:
    """Return every market with what its venue announces of funding."""
    found = []
    for name, market in enabled_markets(settings).items():
        venue = built.venues[market.venue.name]
        told = venue.announced(name) if isinstance(venue, Funded) else None
        fee_bps = fee_rates(settings.markets, name)[1]
        can_short = not market.instrument.is_spot
        found.append(Quoted(name, market.underlying, fee_bps, can_short, told))
    return found


def refits_of(settings: Settings, built: Built) -> Refits:
    """Return what keeps the fits of a deploy within their bounds."""
    configured, limits = refit_bounds(settings)
    stations = {station.name: station for station in built.stations}

    def in_use(market: str) -> tuple[float, float]:
        params = stations[market].worker.market.desk.params
        return params.kappa, params.intensity_per_s

    terms = settings.schedule.refit
    return Refits(terms, configured, limits, built.fitted, built.writer.put, in_use)


def _moments(settings: Settings, name: str) -> Moments | None:
    cron = settings.schedule.jobs[name].cron  # type: ignore[index]
    return None if cron is None else CronMoments(cron, ZoneInfo("UTC"))
