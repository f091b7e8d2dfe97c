"""Cut a run in two at a moment, as if each part had been a run."""

from dataclasses import fields, replace
from decimal import Decimal

from connectors.model.errors import ConfigError
from connectors.model.events import BUY
from runner.report.markouts import HORIZONS
from runner.report.steps import mids_at
from runner.results import (
    UNKNOWN_MID,
    FillColumns,
    MarketResult,
    RunResult,
    SeriesColumns,
    whole,
)
from runner.settings.moment import moment_ns
from runner.watch.stamp import utc_text


def cut_of(result: RunResult, split: float | str) -> int:
    """Return the moment of a share of a run's time; raise ConfigError for one outside of it."""
    first = min(market.first_ns for market in result.markets)
    last = max(market.last_ns for market in result.markets)
    if isinstance(split, float):
        return first + round((last - first) * split)
    moment = moment_ns(split)
    if not first < moment < last:
        raise ConfigError(
            f"report.split: expected a moment between {utc_text(first, 0)} and"
            f" {utc_text(last, 0)}, when the run was, was {split}"
        )
    return moment


def parts_at(result: RunResult, moment_ns: int) -> tuple[RunResult, RunResult]:
    """Return what came up to a moment and what came after it.

    The first part knows nothing of later mids; the second begins with the position and the mark of
    the moment. Funding and counts of orders are not told by time, and are in neither.
    """
    cuts = [
        (market, min(max(moment_ns, market.first_ns), market.last_ns)) for market in result.markets
    ]
    before = [_part(market, market.first_ns, cut_ns) for market, cut_ns in cuts]
    after = [_part(market, cut_ns, market.last_ns) for market, cut_ns in cuts]
    return (
        replace(result, markets=before, ended_ns=moment_ns),
        replace(result, markets=after, started_ns=moment_ns),
    )


def _part(market: MarketResult, start_ns: int, stop_ns: int) -> MarketResult:
    """Return what a market did after a moment (with its start: from there) and up to another."""
    is_first, is_last = start_ns == market.first_ns, stop_ns == market.last_ns
    stamps = whole(market.fills.recv_ns)
    rows = [
        k
        for k, stamp in enumerate(stamps)
        if (is_first or stamp > start_ns) and (is_last or stamp <= stop_ns)
    ]
    start_mark, stop_mark = mids_at(market, [start_ns, stop_ns])
    return replace(
        market,
        first_ns=start_ns,
        last_ns=stop_ns,
        fills=_fills(market.fills, rows, UNKNOWN_MID if is_last else stop_ns),
        opening_position_lots=_position(market, start_ns, at_all=not is_first),
        opening_mark_half_ticks=market.opening_mark_half_ticks if is_first else start_mark,
        position_lots=market.position_lots if is_last else _position(market, stop_ns, at_all=True),
        mark_half_ticks=market.mark_half_ticks if is_last else stop_mark,
        funding_quote=Decimal(0),
        series=_series(market.series, start_ns, stop_ns),
    )


def _position(market: MarketResult, moment_ns: int, *, at_all: bool) -> int:
    """Return the position at a moment; without `at_all` that of the run's start."""
    position = market.opening_position_lots
    if not at_all:
        return position
    fills = market.fills
    rows = zip(whole(fills.recv_ns), whole(fills.side), whole(fills.lots), strict=True)
    return position + sum(
        lots if side == BUY else -lots for stamp, side, lots in rows if stamp <= moment_ns
    )


def _fills(fills: FillColumns, rows: list[int], stop_ns: int) -> FillColumns:
    """Return some fills; mids later than the stop, if there is one, become unknown."""
    columns = {f.name: [int(getattr(fills, f.name)[k]) for k in rows] for f in fields(fills)}
    if stop_ns != UNKNOWN_MID:
        for horizon in HORIZONS:
            after_ns = int(horizon.removesuffix("s")) * 1_000_000_000
            name = f"mid_{horizon}_half_ticks"
            columns[name] = [
                mid if stamp + after_ns <= stop_ns else UNKNOWN_MID
                for stamp, mid in zip(columns["recv_ns"], columns[name], strict=True)
            ]
    return FillColumns(**columns)


def _series(series: SeriesColumns, start_ns: int, stop_ns: int) -> SeriesColumns:
    rows = [k for k, stamp in enumerate(whole(series.now_ns)) if start_ns <= stamp <= stop_ns]
    return SeriesColumns(
        **{f.name: [getattr(series, f.name)[k] for k in rows] for f in fields(series)}
    )
