"""Lay runs side by side: in which settings they differ, and by how much in what they did."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from runner.report.compare.figures import Row, figures_of, rates_of, rows_of
from runner.report.compare.keys import differing
from runner.report.compare.part import cut_of, parts_at
from runner.report.figures import decimals_for
from runner.report.reckoning import Reckoning, reckon
from runner.report.saved.read import SavedRun
from runner.report.tear import Tear
from runner.results import RunResult

ALL = "all markets"


@dataclass(frozen=True, slots=True)
class Column:
    """One run, or a part of one: what it is called, where it lies, and its figures."""

    name: str
    note: str
    result: RunResult
    reckoning: Reckoning


@dataclass(frozen=True, slots=True)
class Block:
    """One market over all columns, or all markets: sheets in the columns' order, None: not there.

    `paired` tells of each column whether it ran over the same steps as the first that is there.
    """

    title: str
    tears: Sequence[Tear | None]
    rows: Sequence[Row]
    paired: Sequence[bool]

    @property
    def currency(self) -> str:
        """Currency of the block's money."""
        return next(tear.currency for tear in self.tears if tear is not None)

    @property
    def places(self) -> int:
        """Return the decimals of money in this block."""
        nets = [tear.net for tear in self.tears if tear is not None]
        return decimals_for(nets)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Columns side by side. `is_split`: they are two parts of one run, the first in sample."""

    title: str
    columns: Sequence[Column]
    settings: Mapping[str, Sequence[str]]
    blocks: Sequence[Block]
    is_split: bool


def compare(runs: Sequence[SavedRun]) -> Comparison:
    """Return the comparison of runs, each against the first."""
    columns = [
        Column(str(k + 1), run.name, run.result, reckon(run.result)) for k, run in enumerate(runs)
    ]
    settings = differing([run.result.settings for run in runs])
    return Comparison("Runs", columns, settings, _blocks(columns, is_split=False), is_split=False)


def split(run: SavedRun, at: float | str) -> Comparison:
    """Return the comparison of a run's time up to a moment with its time after it."""
    moment = cut_of(run.result, at)
    columns = [
        Column(name, run.name, part, reckon(part))
        for name, part in zip(
            ("in sample", "out of sample"), parts_at(run.result, moment), strict=True
        )
    ]
    return Comparison(run.name, columns, {}, _blocks(columns, is_split=True), is_split=True)


def _blocks(columns: Sequence[Column], *, is_split: bool) -> list[Block]:
    names = list(dict.fromkeys(name for c in columns for name in c.reckoning.tears))
    blocks = [
        _block(name, [c.reckoning.tears.get(name) for c in columns], columns, is_split=is_split)
        for name in names
    ]
    if len(names) > 1 and any(c.reckoning.total_tear for c in columns):
        totals = [c.reckoning.total_tear for c in columns]
        blocks.insert(0, _block(ALL, totals, columns, is_split=is_split))
    return blocks


def _block(
    title: str, tears: Sequence[Tear | None], columns: Sequence[Column], *, is_split: bool
) -> Block:
    take = rates_of if is_split else figures_of
    figures = [
        {} if tear is None else take(tear, column.result.adverse_horizon)
        for tear, column in zip(tears, columns, strict=True)
    ]
    base = next(k for k, tear in enumerate(tears) if tear is not None)
    paired = [
        not is_split
        and _same_time(tears[base], tear)
        and _same_markets(columns[base].result, column.result, title)
        for tear, column in zip(tears, columns, strict=True)
    ]
    return Block(title, tears, rows_of(figures, paired, base), paired)


def _same_time(one: Tear | None, other: Tear | None) -> bool:
    if one is None or other is None or one.steps is None or other.steps is None:
        return False
    return list(one.steps.moments_ns) == list(other.steps.moments_ns)


def _same_markets(one: RunResult, other: RunResult, title: str) -> bool:
    """Tell whether two runs had the same market, or the same ones all together."""

    def instruments(result: RunResult) -> dict[str, str]:
        return {
            market.name: market.instrument.symbol
            for market in result.markets
            if title in (ALL, market.name)
        }

    return instruments(one) == instruments(other)
