"""Show markets that were held against each other: on a terminal, as CSV, and as a page."""

from __future__ import annotations

import csv
import io
import math
from typing import TYPE_CHECKING

from runner.calibrate.estimate import Estimate, Fit
from runner.calibrate.selection import HORIZON_S
from runner.calibrate.tables import fit_text
from runner.report.closing import aligned
from runner.report.figures import NONE, amount, share, with_error
from runner.report.files import write_text
from runner.report.table_page import Table, table_page

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from runner.calibrate.selection import Candidate

HEADS = (
    *("rank", "market", "spread bps", "one tick", "volume/h", "touch", "sigma", "lambda"),
    *("funding bps/h", "at bps", "fills/min", "markout", "earns bps/min"),
)
COLUMNS = (
    *("rank", "market", "quote", "minutes", "taker_orders", "spread_bps", "one_tick_frac"),
    *("tick_bps", "volume_per_h_quote", "touch_quote", "sigma_bps", "sigma_bps_error"),
    *("lambda_bps_per_million", "lambda_error", "funding_bps_per_h", "distance_bps", "fills"),
    *("fills_per_min", "fills_per_min_error", "markout_10s_bps", "markout_10s_bps_error"),
    *("earns_bps_per_min", "earns_error", "why_not"),
)
NOTES = (
    "Ranked by what one clip, kept where the strategy would quote, would have earned in a minute: "
    "fills a minute times the net markout after 10 s, two standard errors below. Nobody is moved "
    "by such an order, and it has no place in a queue: it ranks markets, and promises nothing.",
    "lambda: bps that mid moves per million of quote taken. sigma: bps per square root of a "
    "second. Funding is what longs pay, as the venue or its history has it. Tapes of different "
    "hours compare moods as much as markets.",
)


def selection_lines(candidates: Sequence[Candidate]) -> list[str]:
    """Return a table, the best first, and why the others are not ranked."""
    rows = [_cells(rank, candidate) for rank, candidate in enumerate(candidates, 1)]
    lines = aligned([HEADS, *rows])
    lines += [f"{c.name}: not ranked: {c.why_not}" for c in candidates if c.why_not]
    if not any(c.rank_by > 0 for c in candidates):
        lines.append("no market would have earned more than two standard errors of it")
    return lines


def write_selection(directory: Path, candidates: Sequence[Candidate], title: str) -> None:
    """Write `selection.csv` and `selection.html`."""
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow(COLUMNS)
    rows.writerows(_row(rank, c) for rank, c in enumerate(candidates, 1))
    write_text(directory / "selection.csv", out.getvalue())
    shown = [(cells[1], cells[0], *cells[2:]) for cells in _all(candidates)]
    tables = [Table("Markets", (HEADS[1], HEADS[0], *HEADS[2:]), shown)]
    left = [(c.name, c.why_not) for c in candidates if c.why_not]
    if left:
        tables.append(Table("Not ranked", ("market", "why"), left))
    page = table_page(title, f"{len(candidates)} markets", tables, NOTES)
    write_text(directory / "selection.html", page)


def _all(candidates: Sequence[Candidate]) -> list[tuple[str, ...]]:
    return [_cells(rank, candidate) for rank, candidate in enumerate(candidates, 1)]


def _cells(rank: int, c: Candidate) -> tuple[str, ...]:
    return (
        NONE if c.why_not else str(rank),
        c.name,
        amount(c.spread_bps, 3),
        NONE if math.isnan(c.one_tick_frac) else share(c.one_tick_frac),
        f"{amount(c.volume_per_h, 0)} {c.quote}",
        amount(c.touch_quote, 0),
        _plus_minus(c.sigma_bps),
        _plus_minus(c.lambda_bps),
        NONE if c.funding_bps_per_h is None else amount(c.funding_bps_per_h, 3, signed=True),
        f"{c.here.distance_bps:g}",
        _plus_minus(c.here.fills_per_min),
        _fit(c.here.markout_bps[HORIZON_S]),
        _fit(c.earns_bps_per_min),
    )


def _row(rank: int, c: Candidate) -> list[object]:
    markout, rate = c.here.markout_bps[HORIZON_S], c.here.fills_per_min
    funding = "" if c.funding_bps_per_h is None else _plain(c.funding_bps_per_h)
    return [
        *("" if c.why_not else rank, c.name, c.quote, _plain(c.minutes), c.orders),
        *(_plain(v) for v in (c.spread_bps, c.one_tick_frac, c.tick_bps)),
        *(_plain(v) for v in (c.volume_per_h, c.touch_quote)),
        *(*_both(c.sigma_bps), *_both(c.lambda_bps), funding, f"{c.here.distance_bps:g}"),
        *(c.here.fills, *_both(rate), *_both(markout), *_both(c.earns_bps_per_min), c.why_not),
    ]


def _fit(found: Fit) -> str:
    return with_error(found.value, found.error, 3) if isinstance(found, Estimate) else NONE


def _plus_minus(found: Fit) -> str:
    return fit_text(found) if isinstance(found, Estimate) else NONE


def _both(found: Fit) -> tuple[str, str]:
    if isinstance(found, Estimate):
        return _plain(found.value), _plain(found.error)
    return "", ""


def _plain(value: float) -> str:
    return f"{value:.6g}" if math.isfinite(value) else ""
