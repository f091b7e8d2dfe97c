"""Show a tear sheet: where the net came from, and the figures of risk and trading."""

import math
from collections.abc import Iterator
from html import escape

from runner.report.bootstrap import Band
from runner.report.figure import Figure
from runner.report.figures import MINUS, NONE, amount, duration
from runner.report.formulas import PART_LABELS
from runner.report.sharpe import YEAR_S
from runner.report.tear import Tear

Row = tuple[str, float | None, str, Band | None]
"""A part's name, its value, its exact text and its band."""


def tear_tables(tear: Tear | None, places: int, horizon: str) -> str:
    """Return the two tables of a sheet side by side; nothing where there is none, or no fill."""
    if tear is None or not tear.traded.fills:
        return ""
    return (
        f'<div class="pair tear">{_parts_table(tear, places, horizon)}'
        f"{_figures_table(tear, places)}</div>"
    )


def _parts_table(tear: Tear, places: int, horizon: str) -> str:
    rows = list(_rows(tear, places))
    low, high = _extent(rows)
    body = "".join(_part(row, tear, low, high, horizon) for row in rows)
    missing = tear.parts.without_mid
    note = f"{missing:,} fills without a mid are left to inventory. " if missing else ""
    return (
        f'<div><h3>Where the net came from</h3><table class="parts"><thead><tr><th></th>'
        f'<th class="n">{escape(tear.currency)}</th><th class="n bps">bps</th>'
        '<th class="n">95 %</th><th class="axis"></th></tr></thead>'
        f'<tbody>{body}</tbody></table><p class="small soft">{note}{_drawn(tear)}</p></div>'
    )


def _rows(tear: Tear, places: int) -> Iterator[Row]:
    for name, value in [*tear.parts.items(), ("net", tear.net)]:
        text = amount(value, places, signed=True)
        yield name, None if value is None else float(value), text, tear.bands.get(name)


def _extent(rows: list[Row]) -> tuple[float, float]:
    """Return the lowest and the highest value that a row's bar must show, zero among them."""
    ends = [0.0]
    for _, value, _, band in rows:
        ends += [] if value is None else [value]
        ends += [] if band is None else [band.low, band.high]
    low, high = min(ends), max(ends)
    return (low, high) if high > low else (-1.0, 1.0)


def _part(row: Row, tear: Tear, low: float, high: float, horizon: str) -> str:
    name, value, text, band = row
    volume = tear.traded.volume
    bps = NONE if value is None or not volume else amount(value / volume * 1e4, 2, signed=True)
    places = len(text.partition(".")[2])
    interval = "" if band is None else _interval(band, places)
    shade = " negative" if name == "net" and text.startswith(MINUS) else ""
    label = PART_LABELS[name].replace("HORIZON", horizon.replace("s", " s"))
    return (
        f'<tr class="{"total" if name == "net" else ""}"><td>{escape(label)}</td>'
        f'<td class="n{shade}">{text}</td><td class="n soft bps">{bps}</td>'
        f'<td class="n soft small">{interval}</td>'
        f'<td class="axis">{_bar(value, band, low, high)}</td></tr>'
    )


def _interval(band: Band, places: int) -> str:
    low, high = (amount(value, places, signed=True) for value in (band.low, band.high))
    return f"{low} to {high}"


def _bar(value: float | None, band: Band | None, low: float, high: float) -> str:
    """Return a bar from zero to a value on the rows' common scale, and its band as a thin line."""

    def at(x: float) -> float:
        return (x - low) / (high - low) * 100

    zero = at(0.0)
    drawn = f'<s style="left:{zero:.2f}%"></s>'
    if value is not None and value:
        left, right = sorted((zero, at(value)))
        side = "loss" if value < 0 else "gain"
        drawn += f'<i class="{side}" style="left:{left:.2f}%;width:{right - left:.2f}%"></i>'
    if band is not None:
        left, right = at(band.low), at(band.high)
        drawn += f'<u style="left:{left:.2f}%;width:{right - left:.2f}%"></u>'
    return f'<span class="extent">{drawn}</span>'


def _drawn(tear: Tear) -> str:
    if tear.steps is None:
        return "No bands: a mid that counts is not known."
    if not tear.bands:
        return "Too few fills for bands."
    steps, step_s = len(tear.steps), tear.steps.step_s
    factor = amount(math.sqrt(YEAR_S / step_s), 0)
    return f"From {steps:,} steps of {duration(round(step_s * 1e9))}; of a year: times {factor}."


def _figures_table(tear: Tear, places: int) -> str:
    body = "".join(_figure(figure, places) for figure in tear.figures)
    return (
        '<div><h3>Risk and trading</h3><table><thead><tr><th></th><th class="n"></th>'
        f'<th class="n">95 %</th></tr></thead><tbody>{body}</tbody></table></div>'
    )


def _figure(figure: Figure, places: int) -> str:
    value = figure.text(figure.value, places)
    label = escape(figure.label)
    if figure.value is None:
        return f'<tr><td>{label}</td><td class="n soft" colspan="2">{escape(figure.why)}</td></tr>'
    beside = figure.interval(places) or figure.why
    return (
        f'<tr><td>{label}</td><td class="n">{value}</td>'
        f'<td class="n soft small">{escape(beside)}</td></tr>'
    )
