"""Write a comparison as a page: one file that opens anywhere, without a network."""

import json
from collections.abc import Iterator, Sequence
from html import escape
from pathlib import Path

from runner.report.compare.chart import overlay_of
from runner.report.compare.comparison import Block, Comparison
from runner.report.compare.figures import Row
from runner.report.compare.reasons import reasons_card
from runner.report.compare.words import (
    OUTSIDE,
    band_text,
    difference_text,
    facts,
    pairing,
    stays_inside,
    value_text,
    verdict,
)
from runner.report.files import write_text
from runner.report.formulas import formulas_list
from runner.report.frame import framed
from runner.report.plots import plot

_NOTE = (
    "The first run is what the others are held against. A band is of 95 %; a difference that "
    "leaves zero outside of it stands out."
)
WITH_BANDS = 5
"""Up to so many columns have room for the bands of their differences."""
_SPLIT_NOTE = (
    "Figures that grow with time are left out, and funding and orders, which are not told by time. "
    "Inside: within the 95 % band of the first part."
)


def write_comparison(path: Path, comparisons: Sequence[Comparison], title: str) -> None:
    """Replace `path` with the page of one comparison or more."""
    body = "".join(_body(comparison) for comparison in comparisons)
    write_text(path, framed(title, _header(title) + body + formulas_list(), "compare.js"))


def _header(title: str) -> str:
    return f'<header class="run"><h1>{escape(title)}</h1></header>'


def _body(comparison: Comparison) -> str:
    blocks = "".join(_block(block, comparison) for block in comparison.blocks)
    reasons = "" if comparison.is_split else reasons_card(comparison.columns)
    return _runs_card(comparison) + blocks + reasons


def _runs_card(comparison: Comparison) -> str:
    note = _SPLIT_NOTE if comparison.is_split else _NOTE
    rows = "".join(
        f"<tr><td>{escape(c.name)}</td><td>{escape(c.note)}</td>"
        f'<td class="soft">{escape(facts(c))}</td></tr>'
        for c in comparison.columns
    )
    return (
        f'<section class="card"><h2>{escape(comparison.title)}</h2><div class="scroll"><table>'
        f"<tbody>{rows}</tbody></table></div>{_settings(comparison)}"
        f'<p class="verdict">{escape(verdict(comparison))}</p>'
        f'<p class="small soft">{escape(note)}</p></section>'
    )


def _settings(comparison: Comparison) -> str:
    if comparison.is_split:
        return ""
    if not comparison.settings:
        return '<p class="small soft">The runs have the same settings.</p>'
    heads = "".join(f'<th class="n">{escape(c.name)}</th>' for c in comparison.columns)
    rows = "".join(
        f"<tr><td>{escape(key)}</td>"
        + "".join(f'<td class="n">{escape(value)}</td>' for value in values)
        + "</tr>"
        for key, values in comparison.settings.items()
    )
    return (
        '<h3 class="next">Settings that differ</h3><div class="scroll"><table><thead><tr><th></th>'
        f"{heads}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def _block(block: Block, comparison: Comparison) -> str:
    chart = overlay_of(block, comparison.columns)
    data = json.dumps(chart, allow_nan=False, separators=(",", ":")).replace("<", "\\u003c")
    curves = plot("overlay", "Net P&L before funding") if chart["net"] else ""
    if "markout" in chart:
        curves += plot("markouts", "Markout of fills, bps")
    paired = "" if comparison.is_split else pairing(block)
    return (
        f'<section class="card compared" id="{escape(_anchor(block, comparison))}">'
        f'<h2>{escape(block.title)} <span class="unit">{escape(block.currency)}</span></h2>'
        f'<script type="application/json">{data}</script>{curves}'
        f'<div class="scroll next"><table class="side">{_heads(comparison)}'
        f"<tbody>{''.join(_rows(block, comparison))}</tbody></table></div>"
        f'<p class="small soft">{escape(paired)}</p></section>'
    )


def _anchor(block: Block, comparison: Comparison) -> str:
    return f"{comparison.title}-{block.title}".replace(" ", "-")


def _heads(comparison: Comparison) -> str:
    names = [column.name for column in comparison.columns]
    if comparison.is_split:
        heads = [names[0], "95 %", names[1], ""]
    elif len(names) == 2:
        heads = [*names, "2 \u2212 1", "95 %"]
    else:
        heads = names
    cells = "".join(f'<th class="n">{escape(head)}</th>' for head in heads)
    return f"<thead><tr><th></th>{cells}</tr></thead>"


def _rows(block: Block, comparison: Comparison) -> Iterator[str]:
    for row in block.rows:
        if comparison.is_split:
            cells = _split_cells(row, block.places)
        elif len(comparison.columns) == 2:
            cells = _two_cells(row, block.places)
        else:
            cells = _many_cells(row, block.places)
        yield f"<tr><td>{escape(row.first.label)}</td>{cells}</tr>"


def _cell(text: str, shade: str = "") -> str:
    return f'<td class="n {shade}">{escape(text)}</td>'


def _split_cells(row: Row, places: int) -> str:
    first, word = row.figures[0], stays_inside(row)
    return (
        _cell(value_text(first, places))
        + _cell(first.interval(places) if first is not None else "", "soft small")
        + _cell(value_text(row.figures[1], places))
        + _cell(word, "told" if word == OUTSIDE else "soft")
    )


def _two_cells(row: Row, places: int) -> str:
    values = "".join(_cell(value_text(figure, places)) for figure in row.figures)
    difference = row.differences[1]
    if difference is None:
        return values + _cell("") + _cell("")
    return (
        values
        + _cell(
            difference_text(row.first, difference, places), "told" if difference.is_told else "soft"
        )
        + _cell(band_text(row.first, difference, places), "soft small")
    )


def _many_cells(row: Row, places: int) -> str:
    """Return a cell a column, its difference below; of many columns the bands are titles."""
    shows_bands = len(row.figures) <= WITH_BANDS
    cells = []
    for figure, difference in zip(row.figures, row.differences, strict=True):
        under = ""
        if difference is not None:
            shade = "told" if difference.is_told else "soft"
            text = escape(difference_text(row.first, difference, places))
            band = escape(band_text(row.first, difference, places), quote=True)
            under = f'<span class="under {shade}" title="{band}">{text}</span>'
            under += f'<span class="under soft">{band}</span>' if shows_bands and band else ""
        cells.append(f'<td class="n">{escape(value_text(figure, places))}{under}</td>')
    return "".join(cells)
