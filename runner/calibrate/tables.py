"""Show a market's fits on a terminal: what was found, what was refused and why, the edge map."""

from __future__ import annotations

from typing import TYPE_CHECKING

from runner.calibrate.estimate import Estimate, Fit, Refused
from runner.report.figures import NONE, amount, with_error

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from runner.calibrate.edge import Edge
    from runner.calibrate.hawkes import Excitation
    from runner.calibrate.knobs import Value
    from runner.calibrate.market import MarketFit

LEAST_FILLS = 500
"""Below this many fills a markout is not told from zero, as in the reports."""
EDGE_HEADS = ("bps", "fills", "a minute", "1 s", "10 s", "60 s", "adverse 10 s")


def market_lines(fit: MarketFit) -> list[str]:
    """Return the lines of one market."""
    recording = fit.recording
    taken = len(recording.orders.ns)
    head = (
        f"{fit.name}: {recording.seconds / 60:.1f} min, {taken:,} taker orders"
        f" ({len(recording.trades.ns):,} trades), gaps {recording.gaps}"
    )
    return [
        head,
        *_aligned(list(_figures(fit))),
        "",
        "values",
        *_aligned(list(_knobs(fit))),
        "",
        f"edge map: net of the maker fee, bps of mid; we would quote at {fit.half_spread_bps:.2f}",
        *_aligned([EDGE_HEADS, *(edge_row(edge) for edge in fit.edge)]),
        *edge_verdict(fit.edge),
    ]


def fit_text(fit: Fit, decimals: int = 3) -> str:
    """Return a figure with its error, or why there is none."""
    if isinstance(fit, Refused):
        return f"refused: {fit.why}"
    return f"{amount(fit.value, decimals)} \u00b1 {amount(fit.error, decimals)}"


def edge_row(edge: Edge) -> tuple[str, ...]:
    """Return the cells of one distance."""
    rate = edge.fills_per_min
    return (
        f"{edge.distance_bps:g}",
        f"{edge.fills:,}",
        amount(rate.value, 2) if isinstance(rate, Estimate) else NONE,
        *(_signed(edge.markout_bps[h]) for h in sorted(edge.markout_bps)),
        _signed(edge.adverse_bps),
    )


def edge_verdict(edges: Sequence[Edge]) -> list[str]:
    """Say in words where the 10 s markout can be told from zero."""
    clear = [
        f"{edge.distance_bps:g} ({_sign(fit)})"
        for edge in edges
        if isinstance(fit := edge.markout_bps[10], Estimate) and fit.is_clear
    ]
    if clear:
        lines = [f"10 s markout distinguishable from zero at {', '.join(clear)}"]
    else:
        lines = ["no distance's 10 s markout is distinguishable from zero"]
    if max((edge.fills for edge in edges), default=0) < LEAST_FILLS:
        lines.append(f"fewer than {LEAST_FILLS} fills at every distance: one mood of the market")
    return lines


def excitation_text(found: Excitation | Refused) -> str:
    """Return the Hawkes fit in one line."""
    if isinstance(found, Refused):
        return f"refused: {found.why}"
    mu, beta = ("/".join(f"{x:.3g}" for x in pair) for pair in (found.mu, found.beta))
    alpha = " ".join(f"{x:.3g}" for x in found.alpha)
    return f"mu {mu}, alpha {alpha}, beta {beta} per s; {found.radius:.2f} orders an order"


def _figures(fit: MarketFit) -> Iterator[tuple[str, ...]]:
    for step_s, sigma in fit.sigma_bps.items():
        yield f"sigma from {step_s:g} s mids, bps/sqrt(s)", fit_text(sigma)
    low, high = fit.window_bps
    yield "U, bps", amount(fit.unit_bps, 3)
    yield f"A from {low:.2f} to {high:.2f} bps, per s and side", fit_text(fit.intensity_per_s)
    yield f"k from {low:.2f} to {high:.2f} bps, per bps", fit_text(fit.slope_per_bps)
    yield "k from all orders, per bps", fit_text(fit.slope_of_all, 1)
    yield "orders reaching 1 bp, per s and side", fit_text(fit.reaching_1_bps, 4)
    yield "Hawkes", excitation_text(fit.excitation)
    for beta in fit.betas:
        name = beta.signal.replace("_", " ")
        text = f"{fit_text(beta.beta_bps)}, correlation {amount(beta.correlation, 2)}"
        yield f"{name} over {beta.horizon_s:g} s, bps", text
    ticks = ", ".join(f"{n}: {gamma:.3g}" for n, gamma in fit.gamma_for_ticks.items())
    yield "gamma for a skew of ticks a clip", ticks


def _knobs(fit: MarketFit) -> Iterator[tuple[str, ...]]:
    yield "key", "now", "found", "proposed"
    for knob in fit.knobs:
        found = fit_text(knob.found) if isinstance(knob.found, Estimate) else knob.grounds or NONE
        now = NONE if knob.now is None else f"{knob.now:g}"
        yield knob.path, now, found, _proposed(knob.value)


def _proposed(value: Value | Refused) -> str:
    if isinstance(value, Refused):
        return f"refused: {value.why}"
    if isinstance(value, tuple):
        return f"{len(value)} numbers, {min(value):.2g} to {max(value):.2g}"
    return f"{value:g}"


def _signed(fit: Fit) -> str:
    return with_error(fit.value, fit.error, 2) if isinstance(fit, Estimate) else NONE


def _sign(fit: Estimate) -> str:
    return "loses" if fit.value < 0 else "earns"


def _aligned(rows: list[tuple[str, ...]]) -> list[str]:
    """Return the rows in columns; the last column takes what it needs."""
    widths = [max(len(row[k]) for row in rows) for k in range(len(rows[0]))]
    return [
        "  " + "  ".join(cell.ljust(w) for cell, w in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]
