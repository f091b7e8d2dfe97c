"""Draw the page's charts as PNG files: the same data, the same colours, with matplotlib."""

import importlib.util
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from connectors.model.errors import ConfigError
from runner.report.chart import chart_of
from runner.report.files import replacement
from runner.report.formulas import PART_LABELS
from runner.report.frame import asset
from runner.report.markout_curve import POINTS
from runner.report.reckoning import Reckoning
from runner.report.tear import Tear
from runner.report.tear_chart import fill_charts
from runner.results import MarketResult, RunResult

if TYPE_CHECKING:
    from matplotlib.axes import Axes

WIDE = (10.0, 3.2)
SMALL = (6.0, 3.2)
DPI = 144
Data = Mapping[str, Any]
Colors = Mapping[str, str]
Draw = Callable[["Axes"], None]


def require_plots() -> None:
    """Raise ConfigError before a run starts when it could not draw what is asked for."""
    if importlib.util.find_spec("matplotlib") is None:
        raise ConfigError(
            "report.png: expected matplotlib to be installed, was missing;"
            " install mmrunner[research] or set report.png=false"
        )


def write_plots(directory: Path, result: RunResult, reckoning: Reckoning) -> list[Path]:
    """Write a file for each chart of each market into a directory; return their paths."""
    written = []
    for market in result.markets:
        for name, title, size, draw in _plots(market, result, reckoning.tears.get(market.name)):
            path = directory / f"{market.name}_{name}.png"
            save_plot(path, f"{market.name}: {title}", size, draw)
            written.append(path)
    return written


def save_plot(path: Path, title: str, size: tuple[float, float], draw: Draw) -> None:
    """Replace `path` with a picture of one chart."""
    from matplotlib.figure import Figure

    colors = palette()
    figure = Figure(figsize=size, layout="constrained", facecolor=colors["card"])
    axes = figure.subplots()
    axes.set_facecolor(colors["card"])
    axes.set_title(title, loc="left", fontsize=11, color=colors["ink"])
    axes.tick_params(colors=colors["soft"], labelsize=8, length=0)
    axes.grid(color=colors["grid"], linewidth=0.8)
    axes.set_axisbelow(True)
    for spine in axes.spines.values():
        spine.set_visible(False)
    draw(axes)
    with replacement(path) as fresh:
        figure.savefig(fresh, format="png", dpi=DPI, metadata={"Software": None})


def palette() -> Colors:
    """Return the page's light colours by name."""
    light = asset("page.css").split("@media", maxsplit=1)[0]
    return dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6})", light))


def _plots(
    market: MarketResult, result: RunResult, tear: Tear | None
) -> Iterator[tuple[str, str, tuple[float, float], Draw]]:
    colors = palette()
    if len(market.series):
        data = chart_of(market, result)
        quote, base = market.instrument.quote, market.instrument.base
        yield "equity", f"net P&L, {quote}", WIDE, lambda a: _equity(a, data, colors)
        yield "price", f"price and quotes, {quote}", WIDE, lambda a: _price(a, data, colors)
        yield "inventory", f"inventory, {base}", WIDE, lambda a: _position(a, data, colors)
        yield "width", "half spread and volatility, bps", WIDE, lambda a: _width(a, data, colors)
    if tear is None or not tear.traded.fills:
        return
    charts: Data = fill_charts(tear)
    yield "markouts", "markout of fills, bps", SMALL, lambda a: _markouts(a, charts, colors)
    if "held" in charts:
        yield "held", "inventory, share of time", SMALL, lambda a: _held(a, charts, colors)
    yield (
        "parts",
        f"where the net came from, {tear.currency}",
        SMALL,
        lambda a: _parts(a, tear, colors),
    )


def times(data: Data) -> list[datetime]:
    """Return a chart's stamps as moments in UTC."""
    return [datetime.fromtimestamp((data["start_ms"] + ms) / 1e3, UTC) for ms in data["t"]]


def over_time(axes: "Axes") -> None:
    """Label moments as short as they can be told apart."""
    from matplotlib.dates import AutoDateLocator, ConciseDateFormatter

    locator = AutoDateLocator(tz=UTC)  # type: ignore[no-untyped-call]
    axes.xaxis.set_major_locator(locator)
    formatter = ConciseDateFormatter(locator, tz=UTC)  # type: ignore[no-untyped-call]
    axes.xaxis.set_major_formatter(formatter)
    axes.xaxis.get_offset_text().set_fontsize(8)


def _steps(axes: "Axes", x: list[Any], values: list[float | None], label: str, **how: Any) -> None:
    known = [float("nan") if value is None else value for value in values]
    axes.plot(x, known, drawstyle="steps-post", label=label, **how)
    over_time(axes)


def _scaled(column: list[float | None], unit: float) -> list[float | None]:
    return [None if value is None else value * unit for value in column]


def _equity(axes: "Axes", data: Data, colors: Colors) -> None:
    _steps(axes, times(data), data["equity"], "net", color=colors["main"], linewidth=1.4)
    axes.axhline(0, color=colors["faint"], linewidth=0.8)


def _price(axes: "Axes", data: Data, colors: Colors) -> None:
    x, half = times(data), data["half_tick"]
    _steps(axes, x, _scaled(data["mid"], half), "mid", color=colors["mid"], linewidth=1.0)
    for name, color in (("bid", "buy"), ("ask", "sell")):
        quotes = _scaled(data[name], 2 * half)
        _steps(axes, x, quotes, f"our {name}", color=colors[color], linewidth=0.8)
    fills = data["fills"]
    stamps = times({"start_ms": data["start_ms"], "t": fills["t"]})
    for side, color, marker in ((0, "buy", "^"), (1, "sell", "v")):
        rows = [k for k, which in enumerate(fills["side"]) if which == side]
        axes.scatter(
            [stamps[k] for k in rows],  # type: ignore[arg-type]
            [fills["ticks"][k] * 2 * half for k in rows],
            s=9,
            color=colors[color],
            marker=marker,
            zorder=3,
        )
    axes.ticklabel_format(axis="y", useOffset=False, style="plain")
    _legend(axes, colors)


def _position(axes: "Axes", data: Data, colors: Colors) -> None:
    held = _scaled(data["position"], data["lot"])
    _steps(axes, times(data), held, "position", color=colors["main"], linewidth=1.2)
    axes.axhline(0, color=colors["faint"], linewidth=0.8)


def _width(axes: "Axes", data: Data, colors: Colors) -> None:
    x = times(data)
    _steps(axes, x, data["half_spread"], "half spread", color=colors["main"], linewidth=1.2)
    _steps(axes, x, data["sigma"], "sigma per √s", color=colors["mid"], linewidth=1.0)
    axes.set_ylim(bottom=0)
    _legend(axes, colors)


def _markouts(axes: "Axes", charts: Data, colors: Colors) -> None:
    for side, color in (("both", "main"), ("bid", "buy"), ("ask", "sell")):
        draw_curve(axes, charts["markout"][side], side, colors[color], banded=side == "both")
    horizons(axes, colors)


def draw_curve(axes: "Axes", curve: Data, label: str, color: str, *, banded: bool) -> None:
    """Draw one curve of markouts, with its band where it is asked for."""
    at = range(len(POINTS))
    mean, low, high = (
        [float("nan") if value is None else value for value in curve[name]]
        for name in ("mean", "low", "high")
    )
    axes.plot(at, mean, marker="o", markersize=3.5, color=color, label=label, linewidth=1.3)
    if banded:
        axes.fill_between(at, low, high, color=color, alpha=0.12, linewidth=0)


def horizons(axes: "Axes", colors: Colors) -> None:
    """Name the horizons below a chart of markouts."""
    axes.axhline(0, color=colors["faint"], linewidth=0.8)
    names = ["at fill", *(point.replace("s", " s") for point in POINTS[1:])]
    axes.set_xticks(range(len(POINTS)), names)
    _legend(axes, colors)


def _held(axes: "Axes", charts: Data, colors: Colors) -> None:
    held = charts["held"]
    axes.bar(held["at"], held["share"], width=held["width"] * 0.86, color=colors["main"], alpha=0.6)
    axes.set_ylabel("%", color=colors["soft"], fontsize=8)


def _parts(axes: "Axes", tear: Tear, colors: Colors) -> None:
    rows = [(name, value) for name, value in tear.parts.items() if value is not None]
    rows += [("net", tear.net)] if tear.net is not None else []
    for k, (name, value) in enumerate(reversed(rows)):
        color = colors["bad"] if value < 0 else colors["good"]
        axes.barh(k, float(value), height=0.5, color=color, alpha=0.8)
        band = tear.bands.get(name)
        if band is not None:
            axes.plot([band.low, band.high], [k, k], color=colors["ink"], linewidth=1.0)
    names = [PART_LABELS[name].replace(", HORIZON", "") for name, _ in reversed(rows)]
    axes.set_yticks(range(len(rows)), names)
    axes.axvline(0, color=colors["faint"], linewidth=0.8)


def _legend(axes: "Axes", colors: Colors) -> None:
    axes.legend(frameon=False, fontsize=8, labelcolor=colors["soft"], loc="best")
