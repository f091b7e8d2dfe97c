"""Rank the jobs of a screen by the middle of their brackets, and hold it against exact results."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from statistics import StatisticsError, correlation

from runner.report.exact import exact_product, exact_sum
from runner.report.pnl import Pnl
from runner.report.steps import moments_of
from runner.screen.result import Screened
from runner.sweep.board import Board, Row, board_of
from runner.sweep.grid import Done
from runner.sweep.score import SECOND_NS, Score

HALF = Decimal("0.5")
FEWEST = 3
"""Fewer jobs have no rank correlation worth the name."""


def screen_board(
    ended: Sequence[Done], screens: Mapping[Path, Screened], min_fills: int, split: float | None
) -> Board:
    """Rank screened jobs, each by the middle of its brackets; few are those of the upper one."""
    scores = {path: middle_of(screened) for path, screened in screens.items()}
    return board_of(ended, scores, min_fills, split)


def middle_of(screened: Screened) -> Score:
    """Return the middle of a screen's brackets as a score."""
    lower, upper = screened.lower, screened.upper
    moments = moments_of(screened.started_ns, screened.ended_ns)
    walks = [(m, w) for m in screened.markets for w in (m.lower, m.upper)]
    return Score(
        currency=lower.currency,
        pnl=_middle(lower.pnl, upper.pnl),
        fills=upper.fills,
        markout_1s_bps=None,
        rms_clips=0.0,
        peak_clips=max(max(-w.lowest_lots, w.highest_lots) / m.order_lots for m, w in walks),
        stretch_s=(moments[1] - moments[0]) / SECOND_NS,
        start_ns=moments[0],
        returns=tuple(0.5 * (a + b) for a, b in zip(lower.returns, upper.returns, strict=True)),
    )


def _middle(lower: Pnl | None, upper: Pnl | None) -> Pnl | None:
    if lower is None or upper is None:
        return None

    def of(a: Decimal | None, b: Decimal | None) -> Decimal | None:
        return None if a is None or b is None else exact_product(exact_sum(a, b), HALF)

    fees = exact_product(exact_sum(lower.fees, upper.fees), HALF)
    return Pnl(of(lower.gross, upper.gross), fees, Decimal(0), of(lower.net, upper.net), None)


def survivors(board: Board, most: int) -> list[Row]:
    """Return the best rows of a screen, at most so many; those without a rank are none."""
    return [row for row in board.rows if not row.why][:most]


def rank_correlation(pairs: Sequence[tuple[float, float]]) -> float | None:
    """Return Spearman's rank correlation; None for few pairs, or where all of a side are equal."""
    if len(pairs) < FEWEST:
        return None
    try:
        return correlation(*map(_ranks, zip(*pairs, strict=True)))
    except StatisticsError:
        return None


def _ranks(values: Sequence[float]) -> list[float]:
    """Return ranks from 0, the mean of their places for values that are equal."""
    places: dict[float, list[int]] = {}
    for place, value in enumerate(sorted(values)):
        places.setdefault(value, []).append(place)
    return [sum(places[value]) / len(places[value]) for value in values]


def nets_of(exact: Board, screened: Board) -> list[tuple[float, float]]:
    """Return the net P&L of each job that has both, screened and exact."""
    before = {row.done.job.number: row.net for row in screened.rows}
    found = []
    for row in exact.rows:
        net, screen = row.net, before.get(row.done.job.number)
        if net is not None and screen is not None:
            found.append((float(screen), float(net)))
    return found
