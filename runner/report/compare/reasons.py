"""Show for how much of its time each run had each reason, by side."""

from collections.abc import Sequence
from html import escape

from runner.report.compare.comparison import Column
from runner.report.figures import NONE, share
from runner.results import MarketResult

SIDES = ("bid", "ask")
LEAST = 0.005
"""A reason that held for less of every run's time is left out."""


def reasons_card(columns: Sequence[Column]) -> str:
    """Return a table of the reasons over all columns, for each market; nothing without any."""
    names = list(dict.fromkeys(m.name for column in columns for m in column.result.markets))
    tables = [_table(name, columns) for name in names]
    if not any(tables):
        return ""
    return f'<section class="card"><h2>Reasons, share of time</h2>{"".join(tables)}</section>'


def _table(name: str, columns: Sequence[Column]) -> str:
    held = [_shares(_market(column, name)) for column in columns]
    reasons = sorted(
        {reason for shares in held for reason in shares},
        key=lambda reason: (-max(max(s.get(reason, (0.0, 0.0))) for s in held), reason),
    )
    kept = [r for r in reasons if max(max(s.get(r, (0.0, 0.0))) for s in held) >= LEAST]
    if not kept:
        return ""
    heads = "".join(f'<th class="n">{escape(column.name)}</th>' for column in columns)
    rows = "".join(
        f"<tr><td>{escape(reason.replace('_', ' '))}</td>"
        + "".join(f'<td class="n">{_cell(shares.get(reason))}</td>' for shares in held)
        + "</tr>"
        for reason in kept
    )
    return (
        f'<div class="scroll"><table class="side"><thead><tr><th>{escape(name)}, bid and ask</th>'
        f"{heads}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def _market(column: Column, name: str) -> MarketResult | None:
    return next((m for m in column.result.markets if m.name == name), None)


def _shares(market: MarketResult | None) -> dict[str, tuple[float, float]]:
    """Return each reason's share of the bid's and of the ask's time."""
    if market is None:
        return {}
    span = max(market.last_ns - market.first_ns, 1)
    bid, ask = (market.reason_ns.get(side, {}) for side in SIDES)
    return {name: (bid.get(name, 0) / span, ask.get(name, 0) / span) for name in {**bid, **ask}}


def _cell(shares: tuple[float, float] | None) -> str:
    if shares is None:
        return NONE
    return (
        f'{share(shares[0])}<span class="soft">, {share(shares[1])}</span>'
        if shares[0] != shares[1]
        else share(shares[0])
    )
