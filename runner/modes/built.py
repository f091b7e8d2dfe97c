"""Hold the objects of a deploy that is ready to run."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from connectors.model.account import Standing
from connectors.venue import Venue
from runner.engine.budgets import BudgetBook
from runner.engine.daily import DayBook
from runner.engine.ledger.entries import SessionEnd
from runner.engine.ledger.writer import Writer
from runner.engine.portfolio import Portfolio
from runner.engine.slots import Slots
from runner.engine.station import Station
from runner.engine.twin import Twin
from runner.engine.warnings import Warnings
from runner.engine.worker import Worker
from runner.pairs.pair import Pair

FAULT = 1
"""Exit code of a session that an error ends."""


@dataclass(frozen=True, slots=True)
class Commanded:
    """What people have asked of former processes: the last answers, and who paused each market."""

    answers: Sequence[tuple[str, bool, str]] = ()
    paused_by: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Built:
    """A deploy ready to run."""

    venues: dict[str, Venue]
    stations: tuple[Station, ...]
    standings: dict[str, Standing]
    writer: Writer
    warnings: Warnings
    portfolio: Portfolio
    days: DayBook
    budgets: BudgetBook
    slots: Slots
    commanded: Commanded = field(default_factory=Commanded)
    pairs: tuple[Pair, ...] = ()
    twins: Mapping[str, Twin] = field(default_factory=dict)
    fitted: dict[str, tuple[int, int]] = field(default_factory=dict)
    """Rates that were fitted while it runs, for its steward to tell: kappa and intensity, in
    millionths."""

    @property
    def workers(self) -> tuple[Worker, ...]:
        """Every market's worker."""
        return tuple(station.worker for station in self.stations)

    def keep(self, now_ns: int) -> None:
        """Write what a later start has to know, where it has changed."""
        self.days.keep(now_ns)
        self.budgets.keep()

    def tick_pairs(self, now_ns: int) -> None:
        """Let every pair ask its rules."""
        for pair in self.pairs:
            pair.tick(now_ns)

    def close(self, ended_ns: int, code: int) -> None:
        """Say in the ledger how the session ended, and close it and the venues."""
        self.keep(ended_ns)
        self.writer.put(SessionEnd(ended_ns, code))
        try:
            self.writer.close()
        finally:
            for venue in self.venues.values():
                venue.close()


def by_venue(stations: Sequence[Station]) -> dict[str, list[Station]]:
    """Return the stations by the name of their venue."""
    found: dict[str, list[Station]] = {}
    for station in stations:
        found.setdefault(station.worker.market.venue_name, []).append(station)
    return found
