"""Write what became of each pair as CSV: by year, by hold, and the equity curve."""

import csv
import io
from collections.abc import Iterable, Sequence
from decimal import Decimal
from pathlib import Path

from runner.funding.trial import Trial
from runner.funding.years import Figures
from runner.report.files import write_text
from runner.watch.stamp import utc_text

YEARS = (
    *("pair", "year", "holds", "settlements", "held_frac", "funding_quote", "costs_quote"),
    *("net_quote", "drawdown_quote", "hit_frac", "net_apr_frac"),
)
HOLDS = (
    *("pair", "direction", "entered", "left", "settlements", "funding_quote", "costs_quote"),
    *("net_quote", "missed_h", "left_because"),
)
EQUITY = ("pair", "ts_ns", "kind", "quote", "equity_quote")


def write_files(folder: Path, trials: Sequence[Trial], figures: Sequence[Figures]) -> None:
    """Write `years.csv`, `holds.csv` and `equity.csv`; money is exact."""
    _write(folder / "years.csv", YEARS, (_year_row(row) for row in figures))
    _write(folder / "holds.csv", HOLDS, (row for trial in trials for row in _hold_rows(trial)))
    _write(folder / "equity.csv", EQUITY, (row for trial in trials for row in _equity_rows(trial)))


def _write(path: Path, heads: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    text = io.StringIO()
    out = csv.writer(text, lineterminator="\n")
    out.writerow(heads)
    out.writerows(rows)
    write_text(path, text.getvalue())


def _year_row(row: Figures) -> Sequence[object]:
    return (
        *(row.pair, row.year, row.holds, row.payments, _brief(row.held_frac)),
        *(_plain(row.funding), _plain(row.costs), _plain(row.net), _brief(row.drawdown)),
        *(_brief(row.hit_frac), _brief(row.net_apr_frac)),
    )


def _hold_rows(trial: Trial) -> Iterable[Sequence[object]]:
    for hold in trial.holds:
        yield (
            *(trial.name, hold.direction, utc_text(hold.entered_ns, 0), utc_text(hold.left_ns, 0)),
            *(hold.payments, _plain(hold.funding), _plain(hold.costs), _plain(hold.net)),
            _brief(hold.missed_ns / 3.6e12),
            " ".join(why.name.lower() for why in hold.reasons),
        )


def _equity_rows(trial: Trial) -> Iterable[Sequence[object]]:
    equity = Decimal(0)
    for entry in trial.entries:
        equity += entry.quote
        kind = "cost" if entry.is_cost else "funding"
        yield trial.name, entry.at_ns, kind, _plain(entry.quote), _plain(equity)


def _plain(value: Decimal) -> str:
    return f"{value.normalize():f}" if value else "0"


def _brief(value: float | None) -> str:
    return "" if value is None else f"{value:.6g}"
