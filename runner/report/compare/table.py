"""Show a comparison on a terminal."""

from collections.abc import Iterator

from runner.report.closing import aligned
from runner.report.compare.comparison import Block, Comparison
from runner.report.compare.figures import Row
from runner.report.compare.words import (
    band_text,
    difference_text,
    facts,
    pairing,
    stays_inside,
    value_text,
    verdict,
)


def comparison_lines(comparison: Comparison) -> Iterator[str]:
    """Yield the runs, the settings that differ, and a table a block."""
    for column in comparison.columns:
        yield f"{column.name}: {column.note} ({facts(column)})"
    if comparison.settings:
        yield ""
        heads = ("setting", *(column.name for column in comparison.columns))
        yield from aligned([heads, *((key, *row) for key, row in comparison.settings.items())])
    for block in comparison.blocks:
        yield ""
        yield from aligned([_heads(block, comparison), *_rows(block, comparison)])
        if not comparison.is_split:
            yield pairing(block)
    yield verdict(comparison)


def _heads(block: Block, comparison: Comparison) -> tuple[str, ...]:
    names = [column.name for column in comparison.columns]
    title = f"{block.title}, {block.currency}"
    if comparison.is_split:
        return (title, names[0], "95 %", names[1], "")
    if len(names) == 2:
        return (title, *names, "2 \u2212 1", "95 %", "")
    return (title, *names)


def _rows(block: Block, comparison: Comparison) -> Iterator[tuple[str, ...]]:
    for row in block.rows:
        values = [value_text(figure, block.places) for figure in row.figures]
        if comparison.is_split:
            first = row.figures[0]
            interval = first.interval(block.places) if first is not None else ""
            yield row.first.label, values[0], interval, values[1], stays_inside(row)
        elif len(values) == 2:
            yield row.first.label, *values, *_difference(row, block.places)
        else:
            marks = ["*" if d is not None and d.is_told else " " for d in row.differences]
            yield row.first.label, *map("".join, zip(values, marks, strict=True))


def _difference(row: Row, places: int) -> tuple[str, str, str]:
    difference = row.differences[1]
    if difference is None:
        return "", "", ""
    return (
        difference_text(row.first, difference, places),
        band_text(row.first, difference, places),
        "*" if difference.is_told else "",
    )
