"""Draw a comparison's charts as PNG files: the same data and colours as its page."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from runner.report.chart import Chart
from runner.report.compare.chart import overlay_of
from runner.report.compare.comparison import Comparison
from runner.report.png import WIDE, draw_curve, horizons, over_time, palette, save_plot, times

if TYPE_CHECKING:
    from matplotlib.axes import Axes

COLORS = ("main", "buy", "sell", "third", "fourth", "fifth", "sixth", "seventh")


def write_comparison_plots(directory: Path, comparison: Comparison, number: int) -> list[Path]:
    """Write the nets and the markouts of each block; return the paths."""
    written = []
    for block in comparison.blocks:
        chart = overlay_of(block, comparison.columns)
        stem = f"{block.title.replace(' ', '_')}_{number}"
        for name, title, draw in (("net", "net P&L", _nets), ("markouts", "markout, bps", _curves)):
            if name == "markouts" and "markout" not in chart:
                continue
            path = directory / f"{stem}_{name}.png"
            save_plot(path, f"{block.title}: {title}", WIDE, lambda a, d=draw, c=chart: d(a, c))  # type: ignore[misc]
            written.append(path)
    return written


def _nets(axes: "Axes", chart: Chart) -> None:
    colors, data = palette(), _known(chart)
    x: list[Any] = [ms / 60e3 for ms in data["t"]] if data["start_ms"] is None else times(data)
    for k, run in enumerate(data["net"]):
        values = [float("nan") if value is None else value for value in run["values"]]
        color = colors[COLORS[k % len(COLORS)]]
        axes.plot(x, values, drawstyle="steps-post", label=run["name"], color=color, linewidth=1.2)
    if data["start_ms"] is not None:
        over_time(axes)
    else:
        axes.set_xlabel("minutes after the start", color=colors["soft"], fontsize=8)
    axes.axhline(0, color=colors["faint"], linewidth=0.8)
    axes.legend(frameon=False, fontsize=8, labelcolor=colors["soft"])


def _curves(axes: "Axes", chart: Chart) -> None:
    colors = palette()
    for k, curve in enumerate(_known(chart)["markout"]):
        color = colors[COLORS[k % len(COLORS)]]
        draw_curve(axes, curve, curve["name"], color, banded=True)
    horizons(axes, colors)


def _known(chart: Chart) -> dict[str, Any]:
    return dict(chart)
