"""Sum a trial up by calendar year (UTC), and over all of them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from itertools import accumulate

from runner.funding.trial import Entry, Hold, Trial
from runner.report.drawdown import drawdown_of

SECOND_NS = 1_000_000_000
YEAR_NS = 365 * 86_400 * SECOND_NS
ALL = "all"


@dataclass(frozen=True, slots=True)
class Figures:
    """One pair in one year. Holds count where they were left; money where it was paid.

    `hit_frac` is the share of holds that earned more than their trades cost, None without a hold;
    `net_apr_frac` the net per notional and year of the time held.
    """

    pair: str
    year: str
    holds: int
    payments: int
    held_frac: float
    funding: Decimal
    costs: Decimal
    drawdown: float
    hit_frac: float | None
    net_apr_frac: float | None

    @property
    def net(self) -> Decimal:
        """Funding less costs."""
        return self.funding - self.costs


def figures_of(trial: Trial) -> Iterator[Figures]:
    """Yield a trial's figures, year after year, and those of all its time."""
    years = range(_year(trial.first_ns), _year(trial.last_ns) + 1)
    if len(years) > 1:
        for year in years:
            begin_ns = max(_begin_ns(year), trial.first_ns)
            end_ns = min(_begin_ns(year + 1), trial.last_ns + 1)
            yield _figures(trial, str(year), begin_ns, end_ns)
    yield _figures(trial, ALL, trial.first_ns, trial.last_ns + 1)


def _figures(trial: Trial, year: str, begin_ns: int, end_ns: int) -> Figures:
    entries = [entry for entry in trial.entries if begin_ns <= entry.at_ns < end_ns]
    holds = [hold for hold in trial.holds if begin_ns <= hold.left_ns < end_ns]
    held_ns = sum(_overlap_ns(hold, begin_ns, end_ns) for hold in trial.holds)
    funding = sum((e.quote for e in entries if not e.is_cost), Decimal(0))
    costs = -sum((e.quote for e in entries if e.is_cost), Decimal(0))
    net_share = float((funding - costs) / trial.notional)
    return Figures(
        trial.name,
        year,
        len(holds),
        sum(not entry.is_cost for entry in entries),
        held_ns / max(end_ns - begin_ns, 1),
        funding,
        costs,
        _fall(entries),
        sum(hold.net > 0 for hold in holds) / len(holds) if holds else None,
        net_share * YEAR_NS / held_ns if held_ns else None,
    )


def _overlap_ns(hold: Hold, begin_ns: int, end_ns: int) -> int:
    return max(min(hold.left_ns, end_ns) - max(hold.entered_ns, begin_ns), 0)


def _fall(entries: Sequence[Entry]) -> float:
    """Return the worst fall from a peak, which the beginning is too."""
    stamps = [0, *(entry.at_ns for entry in entries)]
    curve = list(accumulate((float(entry.quote) for entry in entries), initial=0.0))
    found = drawdown_of(stamps, curve)
    return 0.0 if found is None else found.depth


def _year(at_ns: int) -> int:
    return datetime.fromtimestamp(at_ns // SECOND_NS, UTC).year


def _begin_ns(year: int) -> int:
    return int(datetime(year, 1, 1, tzinfo=UTC).timestamp()) * SECOND_NS
