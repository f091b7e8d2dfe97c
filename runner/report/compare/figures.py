"""Take the figures that runs are compared by, all of them in one list."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from runner.report.bootstrap import Band, difference
from runner.report.figure import Figure
from runner.report.formulas import PART_LABELS
from runner.report.markout_curve import POINTS
from runner.report.tear import Tear

BY_LENGTH = ("drawdown_s", "max_drawdown", "fill_frac", "net_t")
"""What grows with a run's length, or is not told by time: parts of a run are not held to it."""


def figures_of(tear: Tear, horizon: str) -> dict[str, Figure]:
    """Return every figure of a sheet by its key: money, money by volume, ratios, markouts."""
    figures = [*_money(tear, horizon), *_by_volume(tear, horizon), *tear.figures, *_markouts(tear)]
    return {figure.key: figure for figure in figures}


def rates_of(tear: Tear, horizon: str) -> dict[str, Figure]:
    """Return the figures that do not depend on how long a run was."""
    figures = [*_by_volume(tear, horizon), *tear.figures, *_markouts(tear)]
    return {figure.key: figure for figure in figures if figure.key not in BY_LENGTH}


def _label(name: str, horizon: str) -> str:
    return PART_LABELS[name].replace("HORIZON", horizon.replace("s", " s"))


def _money(tear: Tear, horizon: str) -> Iterator[Figure]:
    for name, value in [("net", tear.net), *tear.parts.items()]:
        band = tear.bands.get(name)
        amount = None if value is None else float(value)
        if name != "hedge":
            yield Figure(name, _label(name, horizon), "money", tear.currency, amount, band)


def _by_volume(tear: Tear, horizon: str) -> Iterator[Figure]:
    volumes = tear.bands.get("volume")
    for name in ("spread", "adverse", "inventory", "fees"):
        value, band = getattr(tear.parts, name), tear.bands.get(name)
        bps = None
        if value is not None and tear.traded.volume:
            bps = float(value) / tear.traded.volume * 1e4
        own = None
        if band is not None and volumes is not None and min(volumes.draws) > 0:
            pairs = zip(band.draws, volumes.draws, strict=True)
            own = Band.of([money / volume * 1e4 for money, volume in pairs])
        yield Figure(f"{name}_bps", f"{_label(name, horizon)}, bps", "bps", "bps", bps, own)


def _markouts(tear: Tear) -> Iterator[Figure]:
    if tear.curve is None:
        return
    for horizon, point in zip(POINTS[1:], tear.curve["both"][1:], strict=True):
        label = f"markout after {horizon.removesuffix('s')} s, bps"
        yield Figure(f"markout_{horizon}", label, "bps", "bps", point.mean, point.band)


@dataclass(frozen=True, slots=True)
class Difference:
    """How much a figure is above that of the first column, with its band where there is one."""

    value: float
    band: Band | None

    @property
    def is_told(self) -> bool:
        """Tell whether zero lies outside the band."""
        return self.band is not None and not self.band.holds(0.0)


@dataclass(frozen=True, slots=True)
class Row:
    """One figure over all columns; `differences` are against the base, which has none."""

    figures: Sequence[Figure | None]
    differences: Sequence[Difference | None]

    @property
    def first(self) -> Figure:
        """The figure that names the row."""
        return next(figure for figure in self.figures if figure is not None)


def rows_of(columns: Sequence[dict[str, Figure]], paired: Sequence[bool], base: int) -> list[Row]:
    """Return a row for every figure that any column has, each held against the column `base`.

    `paired` tells of each column whether its draws are of the base's steps.
    """
    keys = list(dict.fromkeys(key for column in columns for key in column))
    rows = []
    for key in keys:
        figures = [column.get(key) for column in columns]
        if any(figure is not None and figure.value is not None for figure in figures):
            differences = [
                None if k == base else _difference(figures[base], figure, is_paired=paired[k])
                for k, figure in enumerate(figures)
            ]
            rows.append(Row(figures, differences))
    return rows


def _difference(
    first: Figure | None, other: Figure | None, *, is_paired: bool
) -> Difference | None:
    if first is None or other is None or first.value is None or other.value is None:
        return None
    value = other.value - first.value
    if first.band is None or other.band is None:
        return Difference(value, None)
    return Difference(value, difference(first.band, other.band, value, paired=is_paired))
