"""Say in words what a comparison shows, for the page and for the terminal."""

from runner.report.compare.comparison import Block, Column, Comparison
from runner.report.compare.figures import Difference, Row
from runner.report.figure import Figure
from runner.report.figures import NONE, duration

INSIDE, OUTSIDE = "inside", "outside"


def value_text(figure: Figure | None, places: int) -> str:
    """Return a figure's value, or why there is none."""
    if figure is None:
        return NONE
    return figure.text(figure.value, places) if figure.value is not None else figure.why or NONE


def difference_text(figure: Figure, difference: Difference, places: int) -> str:
    """Return a difference with its sign, in the figure's unit."""
    text = figure.text(difference.value, places)
    rises = difference.value > 0 and text[:1].isdigit() and any(c in "123456789" for c in text)
    return f"+{text}" if rises else text


def band_text(figure: Figure, difference: Difference, places: int) -> str:
    """Return the band of a difference in words; nothing where there is none."""
    if difference.band is None:
        return ""
    ends = (difference.band.low, difference.band.high)
    return " to ".join(difference_text(figure, Difference(end, None), places) for end in ends)


def stays_inside(row: Row) -> str:
    """Tell whether the second figure lies in the band of the first; nothing without a band."""
    first, second = row.figures[0], row.figures[1]
    if first is None or second is None or first.band is None or second.value is None:
        return ""
    return INSIDE if first.band.holds(second.value) else OUTSIDE


def pairing(block: Block) -> str:
    """Return how the differences of a block were taken."""
    there = [k for k, tear in enumerate(block.tears) if tear is not None]
    if len(there) < 2:
        return "Only one run had this market."
    apart = [str(k + 1) for k in there if not block.paired[k]]
    if not apart:
        return "Differences are paired, except of markouts and orders: same market, time and draws."
    if len(apart) == len(there) - 1:
        return "Differences are not paired: the runs were of other times or markets."
    return (
        f"Differences are paired, but not those of {', '.join(apart)}, of other times or markets."
    )


def verdict(comparison: Comparison) -> str:
    """Return one sentence: how many of the differences chance does not explain."""
    if comparison.is_split:
        told = [stays_inside(row) for block in comparison.blocks for row in block.rows]
        judged = [word for word in told if word]
        if not judged:
            return "Too few fills to hold the second part to the first."
        return (
            f"{judged.count(INSIDE)} of {len(judged)} figures out of sample lie inside the 95 %"
            " band of the first part."
        )
    found = [d for block in comparison.blocks for row in block.rows for d in row.differences if d]
    with_band = [difference for difference in found if difference.band is not None]
    clear = sum(difference.is_told for difference in with_band)
    return (
        f"{clear} of {len(with_band)} differences lie outside their 95 % band;"
        " of runs that are alike, one in twenty does by chance."
    )


def facts(column: Column) -> str:
    """Return what a run was in one line."""
    result = column.result
    length = duration(result.ended_ns - result.started_ns)
    markets = ", ".join(market.name for market in result.markets)
    return f"{result.mode}, {markets}, {length}"
