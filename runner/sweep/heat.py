"""Draw two swept knobs against each other: a map for each combination of the others."""

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import product
from pathlib import Path

from runner.report.files import replacement
from runner.sweep.board import Board, Row

MOST_MAPS = 12
MOST_EMPTY = 4
"""Most cells of a map for each job."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One job's net P&L on a map; `net` is None where there is none."""

    net: float | None
    is_ranked: bool


@dataclass(frozen=True, slots=True)
class HeatMap:
    """Net P&L over two knobs. `title` names what the other knobs are."""

    title: str
    across: str
    down: str
    columns: tuple[str, ...]
    lines: tuple[str, ...]
    cells: tuple[tuple[Cell, ...], ...]


def maps_of(board: Board) -> list[HeatMap]:
    """Return the maps of a board; none where fewer than two knobs have several values."""
    values = _values(board.rows)
    chosen = _two_knobs(values)
    if chosen is None:
        return []
    down, across = chosen
    if len(values[down]) * len(values[across]) > MOST_EMPTY * len(board.rows):
        return []  # a search tries other values each time: a map of them would show nothing
    others = [key for key in values if key not in chosen]
    rows = {tuple(row.knobs.get(key, "") for key in values): row for row in board.rows}
    maps = []
    for rest in product(*(values[key] for key in others)):
        fixed = dict(zip(others, rest, strict=True))
        cells = tuple(
            tuple(
                _cell(rows.get(tuple({**fixed, down: a, across: b}[key] for key in values)))
                for b in values[across]
            )
            for a in values[down]
        )
        title = " ".join(f"{key}={value}" for key, value in fixed.items())
        maps.append(HeatMap(title, across, down, tuple(values[across]), tuple(values[down]), cells))
    return maps[:MOST_MAPS]


def _values(rows: Sequence[Row]) -> dict[str, list[str]]:
    """Return each knob's values in the order of the jobs."""
    values: dict[str, list[str]] = {}
    for row in sorted(rows, key=lambda row: row.done.job.number):
        for key, value in row.knobs.items():
            known = values.setdefault(key, [])
            if value not in known:
                known.append(value)
    return values


def _two_knobs(values: dict[str, list[str]]) -> tuple[str, str] | None:
    """Return the two knobs with the most values, numbers before names."""
    several = [key for key, known in values.items() if len(known) > 1]
    by_weight = sorted(several, key=lambda key: (not _are_numbers(values[key]), -len(values[key])))
    two = sorted(by_weight[:2], key=several.index)
    return (two[0], two[1]) if len(two) == 2 else None


def _are_numbers(values: Sequence[str]) -> bool:
    try:
        return all(float(value) == float(value) for value in values)
    except ValueError:
        return False


def _cell(row: Row | None) -> Cell:
    if row is None or row.net is None:
        return Cell(None, False)
    return Cell(float(row.net), not row.why)


def largest_of(maps: Sequence[HeatMap]) -> float:
    """Return the largest size of any net, so that all maps share one scale."""
    nets = [abs(c.net) for m in maps for line in m.cells for c in line if c.net is not None]
    return max(nets, default=0.0) or 1.0


def write_png(path: Path, maps: Sequence[HeatMap]) -> bool:
    """Replace `path` with a picture of the maps; tell whether matplotlib was there to draw it."""
    if find_spec("matplotlib") is None:
        return False
    from matplotlib.figure import Figure

    largest = largest_of(maps)
    figure = Figure(figsize=(1.5 + 4.2 * len(maps), 4.0), layout="constrained")
    for axes, one in zip(figure.subplots(1, len(maps), squeeze=False)[0], maps, strict=True):
        nets = [[float("nan") if c.net is None else c.net for c in line] for line in one.cells]
        axes.imshow(nets, cmap="RdYlGn", vmin=-largest, vmax=largest, aspect="auto", alpha=0.7)
        axes.set_xticks(range(len(one.columns)), one.columns)
        axes.set_yticks(range(len(one.lines)), one.lines)
        axes.set_xlabel(one.across)
        axes.set_ylabel(one.down)
        axes.set_title(one.title or "net P&L", fontsize=10)
        for a, line in enumerate(one.cells):
            for b, cell in enumerate(line):
                text = "" if cell.net is None else f"{cell.net:+.3g}"
                axes.text(b, a, text, ha="center", va="center")
    with replacement(path) as fresh:
        figure.savefig(fresh, format="png", dpi=120)
    return True
