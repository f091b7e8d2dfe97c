"""Show figures as a table for a terminal."""

from collections.abc import Iterator, Mapping, Sequence

from tests.bench.figures import Figure, Plain

HEADER = ("figure", "value", "unit", "aim", "peer value", "ratio", "baseline", "peer")
TEXT_COLUMNS = (0, 2, 7)


def table(title: str, figures: Sequence[Figure], baseline: Mapping[str, Plain]) -> str:
    """Return the figures with aim, peer and gain over the committed baseline, one a line.

    An aim that is missed carries an exclamation mark. The baseline's column says how many times
    better than then: 1.10 x is ten percent better, whichever way is up.
    """
    rows = [HEADER, *(_cells(figure, baseline) for figure in figures)]
    widths = [max(len(row[c]) for row in rows) for c in range(len(HEADER))]
    lines = [f"== {title}", *(_line(row, widths) for row in rows), *_notes(figures)]
    return "\n".join(lines)


def number(value: float) -> str:
    """Return a value for reading: three or four digits, millions with M."""
    if abs(value) >= 1e6:
        return f"{value / 1e6:.2f} M"
    if abs(value) >= 1e4:
        return f"{value / 1e3:.1f} k"
    if abs(value) >= 100 or value == int(value):
        return f"{value:.0f}"
    return f"{value:.2f}" if abs(value) >= 1 else f"{value:.3f}"


def _cells(figure: Figure, baseline: Mapping[str, Plain]) -> tuple[str, ...]:
    gain = figure.gain(baseline)
    ratio = figure.ratio
    return (
        figure.name,
        number(figure.value),
        figure.unit,
        _aim(figure),
        number(figure.peer.value) if figure.peer is not None else "",
        number(ratio) if ratio is not None else "",
        f"{gain:.2f} x" if gain is not None else "",
        figure.peer.name if figure.peer is not None else "",
    )


def _aim(figure: Figure) -> str:
    if figure.aim is None:
        return ""
    return number(figure.aim) + ("" if figure.reaches_aim else " !")


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    cells = [
        cell.ljust(width) if c in TEXT_COLUMNS else cell.rjust(width)
        for c, (cell, width) in enumerate(zip(row, widths, strict=True))
    ]
    return "  ".join(cells).rstrip()


def _notes(figures: Sequence[Figure]) -> Iterator[str]:
    for figure in figures:
        if figure.note:
            yield f"   {figure.name}: {figure.note}"
