"""Fit a replayed market's rates when the schedule says so, to the tape before that moment alone."""

from zoneinfo import ZoneInfo

from connectors.model.errors import DataError
from connectors.tape.span import cut
from connectors.tape.tape import Tape
from runner.agenda.moments import CronMoments
from runner.calibrate.own_tape import rates_of
from runner.chores.refit import Refits
from runner.settings import Settings
from runner.wiring.agenda import refit_bounds
from strategies.scheduled import INTENSITY_MICRO, KAPPA_MICRO, MICRO

Row = tuple[int, int, int]
"""Moment in ns, number, value."""


def refits_between(
    settings: Settings, name: str, tape: Tape, first_ns: int, last_ns: int
) -> list[Row]:
    """Return a row for each rate that changes, at the moment of its job.

    A deploy knows its fit some seconds later; one without enough of a tape changes nothing.
    """
    job = settings.schedule.jobs.get("recalibrate")
    if job is None or job.cron is None:
        return []
    told: dict[str, tuple[int, int]] = {}
    configured, limits = refit_bounds(settings)

    def in_use(market: str) -> tuple[float, float]:
        if market not in told:
            return configured[market]
        kappa, per_s = told[market]
        return kappa / MICRO, per_s / MICRO

    terms = settings.schedule.refit
    refits = Refits(terms, configured, limits, told, lambda note: None, in_use)
    lookback_ns = int(settings.schedule.refit.lookback_s * 1e9)
    rows: list[Row] = []
    for at_ns in CronMoments(job.cron, ZoneInfo("UTC")).between(first_ns, last_ns):
        until_ns = at_ns + tape.clock_shift_ns
        try:
            found = rates_of(
                name, settings.markets[name], cut(tape, until_ns - lookback_ns, until_ns)
            )
        except DataError:
            continue
        refits.take_up({name: found}, at_ns)
        if name in told:
            kappa, per_s = told[name]
            rows += [(at_ns, KAPPA_MICRO, kappa), (at_ns, INTENSITY_MICRO, per_s)]
    return rows
