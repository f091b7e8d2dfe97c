"""Write the page of a trial: tables by pair and year, and curves of equity and of rates."""

import json
from collections.abc import Sequence
from html import escape
from pathlib import Path

from runner.funding.curves import equity_chart, rate_chart
from runner.funding.history import Period
from runner.funding.table import HEADS, cells_of, places_of, totals, warning_lines
from runner.funding.trial import Hold, Trial
from runner.funding.years import Figures
from runner.report.figures import amount, duration
from runner.report.files import write_text
from runner.report.frame import framed
from runner.report.plots import plot
from runner.watch.stamp import utc_text

MOST_HOLDS = 60
_NOTES = (
    "Net = funding \u2212 costs. Funding is the sum of what was settled on the position held at "
    "each stamp, on a notional that stays the same; costs are fees and slippage of both legs, on "
    "entering and on leaving.",
    "A history has no prices: what the legs' prices did to each other, and margin, are not in "
    "these figures. A decision at a settlement knows nothing after it, and is paid from the next "
    "one on.",
    "Drawdown: the worst fall of the net from its best, within the year. Hits: holds that earned "
    "more than their trades cost. Times are UTC.",
)


def write_page(
    path: Path,
    title: str,
    facts: str,
    trials: Sequence[tuple[Trial, Sequence[Period]]],
    figures: Sequence[Figures],
    currency: str,
) -> None:
    """Replace `path` with the page; texts are escaped here."""
    tried = [trial for trial, _ in trials]
    head = f'<h1>{escape(title)}</h1><p class="facts"><span>{escape(facts)}</span></p>'
    notes = "".join(f"<p>{escape(note)}</p>" for note in _NOTES)
    body = (
        f'<header class="run">{head}</header>',
        _warnings(tried),
        _curves(
            "Equity",
            currency,
            equity_chart(tried, places_of(figures), currency),
            "Net since the beginning",
            _table(totals(figures), places_of(figures)),
        ),
        _curves("Rates", "", rate_chart(trials), "First leg less second, mean of 30 days"),
        *(_pair(trial, figures) for trial in tried),
        f"<footer>{notes}</footer>",
    )
    write_text(path, framed(title, "".join(body), "compare.js"))


def _warnings(trials: Sequence[Trial]) -> str:
    items = "".join(f"<li>{escape(line)}</li>" for line in warning_lines(trials))
    return f'<section class="warning"><ul>{items}</ul></section>' if items else ""


def _curves(title: str, unit: str, chart: dict[str, object], label: str, after: str = "") -> str:
    data = json.dumps(chart, allow_nan=False, separators=(",", ":")).replace("<", "\\u003c")
    return (
        f'<section class="card compared" id="{escape(title.lower())}"><h2>{escape(title)}'
        f' <span class="unit">{escape(unit)}</span></h2>'
        f'<script type="application/json">{data}</script>{plot("overlay", label)}{after}</section>'
    )


def _table(figures: Sequence[Figures], places: int) -> str:
    heads = "".join(f"<th{_kind(k)}>{escape(head)}</th>" for k, head in enumerate(HEADS))
    rows = "".join(_line(cells_of(row, places)) for row in figures)
    return (
        f'<div class="scroll next"><table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody>'
        "</table></div>"
    )


def _kind(column: int) -> str:
    return ' class="n"' if column > 1 else ""


def _line(cells: Sequence[str]) -> str:
    return (
        "<tr>"
        + "".join(f"<td{_kind(k)}>{escape(cell)}</td>" for k, cell in enumerate(cells))
        + "</tr>"
    )


def _pair(trial: Trial, figures: Sequence[Figures]) -> str:
    own = [row for row in figures if row.pair == trial.name]
    places = places_of(own)
    cost = amount(trial.trade_cost, places)
    return (
        f'<section class="card"><h2>{escape(trial.name)}</h2>'
        f'<p class="small soft">{escape(trial.first.name)} less {escape(trial.second.name)}; '
        f"{cost} to enter and as much to leave</p>{_table(own, places)}{_holds(trial, places)}"
        "</section>"
    )


def _holds(trial: Trial, places: int) -> str:
    if not trial.holds:
        return '<p class="small soft">Never entered.</p>'
    rows = "".join(_hold(hold, places) for hold in trial.holds[-MOST_HOLDS:])
    left_out = len(trial.holds) - MOST_HOLDS
    note = f" (the last {MOST_HOLDS}; all are in holds.csv)" if left_out > 0 else ""
    heads = "".join(
        f"<th{' class=n' if k > 2 else ''}>{head}</th>"
        for k, head in enumerate(("entered", "held", "left because", "funding", "costs", "net"))
    )
    return (
        f'<details><summary>Holds{note}</summary><div class="scroll"><table><thead><tr>{heads}'
        f"</tr></thead><tbody>{rows}</tbody></table></div></details>"
    )


def _hold(hold: Hold, places: int) -> str:
    told = (
        utc_text(hold.entered_ns, 0),
        duration(hold.left_ns - hold.entered_ns),
        "; ".join(why.value for why in hold.reasons),
    )
    money = (
        amount(hold.funding, places, signed=True),
        amount(hold.costs, places),
        amount(hold.net, places, signed=True),
    )
    return (
        "<tr>"
        + "".join(f"<td>{escape(cell)}</td>" for cell in told)
        + "".join(f'<td class="n">{escape(cell)}</td>' for cell in money)
        + "</tr>"
    )
