"""Tabulate why each side was as it was, and what was sent and how fast."""

from html import escape

from runner.report.figures import NONE, amount, share
from runner.results import MarketResult, RunResult

SIDES = ("bid", "ask")


def reasons_table(market: MarketResult, result: RunResult) -> str:
    """Return each reason's share of the run by side, the longest first, with its sentence."""
    span = max(market.last_ns - market.first_ns, 1)
    held = {side: market.reason_ns.get(side, {}) for side in SIDES}
    names = sorted(
        {name for times in held.values() for name, ns in times.items() if ns > 0},
        key=lambda name: (-sum(times.get(name, 0) for times in held.values()), name),
    )
    if not names:
        return '<div><h3>Reasons</h3><p class="soft">Nothing held or moved a quote.</p></div>'
    rows = "".join(
        f'<tr><td class="why">{escape(name.replace("_", " "))}'
        f"<span>{escape(result.explanations.get(name, ''))}</span></td>"
        + "".join(_bar(side, held[side].get(name, 0) / span) for side in SIDES)
        + "</tr>"
        for name in names
    )
    heads = "".join(f'<th class="n">{side}</th>' for side in SIDES)
    return (
        "<div><h3>Reasons, share of time</h3><table>"
        f"<thead><tr><th></th>{heads}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def activity_table(market: MarketResult) -> str:
    """Return what was decided, sent and refused, the inventory, and how long each stage took."""
    rows = "".join(
        f'<tr><td>{escape(label)}</td><td class="n">{escape(figure)}</td></tr>'
        for label, figure in [*_counts(market), *_book_check(market)]
    )
    return f"<div><h3>Activity</h3><table><tbody>{rows}</tbody></table>{_latency(market)}</div>"


def _counts(market: MarketResult) -> list[tuple[str, str]]:
    counts = {
        "market events": market.events,
        "decisions": market.decisions,
        "orders placed": market.orders,
        "orders cancelled": market.cancels,
        "orders amended": market.amends,
        "refused before sending": market.refused,
        "rejected by the venue": market.rejected,
        "open at the end": market.open_orders_end,
        "unknown at the end": market.unknown_orders_end,
    }
    return [(label, f"{count:,}") for label, count in counts.items()]


def _book_check(market: MarketResult) -> list[tuple[str, str]]:
    check = market.book_check
    if check is None:
        return []
    return [("book equal to the venue's top", f"{check.equal:,} of {check.compared:,}")]


def _latency(market: MarketResult) -> str:
    if not market.latency_us:
        return ""
    rows = "".join(
        f"<tr><td>{escape(stage.replace('_', ' '))}</td>"
        + "".join(
            f'<td class="n">{amount(value, 1)}</td>'
            for value in (latency.p50, latency.p99, latency.max)
        )
        + "</tr>"
        for stage, latency in market.latency_us.items()
    )
    return (
        '<h3 class="next">Latency, \u00b5s</h3><table><thead><tr><th></th><th class="n">median</th>'
        f'<th class="n">p99</th><th class="n">max</th></tr></thead><tbody>{rows}</tbody></table>'
    )


def _bar(side: str, part: float) -> str:
    width = min(max(part, 0.0), 1.0) * 100
    return (
        f'<td class="n">{share(part) if part > 0 else NONE}'
        f'<span class="bar"><i class="{side}" style="width:{width:.1f}%"></i></span></td>'
    )
