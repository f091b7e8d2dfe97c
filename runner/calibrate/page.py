"""Write `calibration.html`: the fits, and pictures of edge and reach, in one file."""

from __future__ import annotations

import io
from html import escape
from typing import TYPE_CHECKING, Any

import numpy as np

from runner.calibrate.estimate import Estimate
from runner.calibrate.tables import market_lines
from runner.report.files import write_text
from runner.report.plain import plain_page

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from matplotlib.axes import Axes

    from runner.calibrate.market import MarketFit

INK = "#7d848c"
"""Readable on light and dark alike."""
_STYLE = """
pre { overflow-x: auto; font-size: 12.5px; line-height: 1.5; margin: 14px 0 0; }
.card > svg { width: 100%; height: auto; margin-top: 12px; }"""
COLOURS = {1: "#1f6feb", 10: "#d9660a", 60: "#13724a"}


def write_page(path: Path, fits: Sequence[MarketFit], title: str, use: str | None) -> None:
    """Replace `path` with the page of a calibration."""
    sections = "\n".join(_section(fit) for fit in fits)
    told = f"Use what was accepted: <code>{escape(use)}</code>" if use else "Nothing was accepted."
    write_text(path, plain_page(title, told, sections, _STYLE, pictures=True))


def _section(fit: MarketFit) -> str:
    text = escape("\n".join(market_lines(fit)[1:]))
    head = f"<h2>{escape(fit.name)}</h2>"
    return f'<section class="card">{head}{picture(fit)}<pre>{text}</pre></section>'


def picture(fit: MarketFit) -> str:
    """Return an SVG of the edge map beside how far orders reached and the local fit."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    settings: Any = {
        "svg.hashsalt": fit.name,
        "font.size": 9,
        "axes.edgecolor": INK,
        "text.color": INK,
    }
    settings |= {"axes.labelcolor": INK, "xtick.color": INK, "ytick.color": INK}
    with mpl.rc_context(settings):
        figure = Figure(figsize=(11, 3.6), layout="constrained")
        left, right = figure.subplots(1, 2)
        _draw_edge(left, fit)
        _draw_reach(right, fit)
        for axes in (left, right):
            axes.patch.set_alpha(0.0)
            axes.spines[["top", "right"]].set_visible(False)
        svg = io.StringIO()
        figure.savefig(svg, format="svg", transparent=True, metadata={"Date": None})
    text = svg.getvalue()
    return text[text.index("<svg") :]


def _draw_edge(axes: Axes, fit: MarketFit) -> None:
    axes.axhline(0.0, color=INK, linewidth=0.8)
    for horizon, colour in COLOURS.items():
        rows = [
            (edge.distance_bps, found.value, found.error)
            for edge in fit.edge
            if isinstance(found := edge.markout_bps[horizon], Estimate)
        ]
        if rows:
            x, y, error = zip(*rows, strict=True)
            axes.errorbar(
                x, y, yerr=error, color=colour, marker="o", markersize=3, capsize=2,
                linewidth=1.2, label=f"{horizon} s",
            )  # fmt: skip
    axes.axvline(fit.half_spread_bps, color=INK, linewidth=0.8, linestyle=":")
    axes.set_xscale("log")
    axes.set_xlabel("distance from mid, bps (dotted: where we would quote)")
    axes.set_ylabel("net markout, bps")
    axes.set_title("Edge map", color=INK, fontsize=10)
    if axes.get_legend_handles_labels()[0]:
        axes.legend(frameon=False, fontsize=8)


def _draw_reach(axes: Axes, fit: MarketFit) -> None:
    depth = np.sort(fit.recording.orders.depth_bps)
    depth = depth[depth > 0]
    if not len(depth):
        axes.set_title("No orders", color=INK, fontsize=10)
        return
    rate = np.arange(len(depth), 0, -1) / (2.0 * fit.recording.seconds)
    axes.step(depth, rate, color="#2f6f9f", linewidth=1.2, label="orders reaching so far")
    low, high = fit.window_bps
    if isinstance(fit.slope_per_bps, Estimate) and isinstance(fit.intensity_per_s, Estimate):
        x = np.linspace(low, high, 50)
        y = fit.intensity_per_s.value * np.exp(-fit.slope_per_bps.value * x)
        axes.plot(x, y, color="#d9660a", linewidth=2, label="A exp(-k d), fitted here")
    axes.axvspan(low, high, color=INK, alpha=0.12, linewidth=0)
    axes.set_yscale("log")
    axes.set_xlim(0, max(2.0 * high, 0.5))
    axes.set_xlabel("reach beyond mid, bps")
    axes.set_ylabel("per second and side")
    axes.set_title("How far orders reach", color=INK, fontsize=10)
    axes.legend(frameon=False, fontsize=8)
