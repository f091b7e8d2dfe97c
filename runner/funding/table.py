"""Show what became of each pair on a terminal."""

from collections.abc import Iterator, Sequence

from runner.funding.trial import Trial
from runner.funding.years import ALL, Figures
from runner.report.closing import aligned
from runner.report.figures import NONE, amount, decimals_for, duration, share

HEADS = (
    *("pair", "year", "holds", "settlements", "held", "funding", "costs"),
    *("net", "drawdown", "hits", "net a year held"),
)


def table_lines(figures: Sequence[Figures]) -> Iterator[str]:
    """Yield one line a pair and year under a head; money is in quote."""
    yield from aligned([HEADS, *(cells_of(row, places_of(figures)) for row in figures)])


def places_of(figures: Sequence[Figures]) -> int:
    """Return how many decimals money has in a table."""
    return decimals_for(row.funding for row in figures)


def cells_of(row: Figures, places: int) -> tuple[str, ...]:
    """Return one line's cells, in the order of HEADS."""
    return (
        row.pair,
        row.year,
        f"{row.holds:,}",
        f"{row.payments:,}",
        share(row.held_frac),
        amount(row.funding, places, signed=True),
        amount(row.costs, places),
        amount(row.net, places, signed=True),
        amount(row.drawdown, places),
        NONE if row.hit_frac is None else share(row.hit_frac),
        NONE if row.net_apr_frac is None else share(row.net_apr_frac),
    )


def warning_lines(trials: Sequence[Trial]) -> Iterator[str]:
    """Yield what a reader must know of the histories."""
    for trial in trials:
        held = sum(hold.missed_ns for hold in trial.holds)
        if trial.missed_ns:
            yield (
                f"{trial.name}: the history misses settlements of {duration(trial.missed_ns)}, of"
                f" {duration(held)} while a position was held; what they paid is not in the figures"
            )


def totals(figures: Sequence[Figures]) -> list[Figures]:
    """Return only the lines over all time."""
    return [row for row in figures if row.year == ALL]
