"""Show a leaderboard as a table: in full as CSV, its best rows on a terminal."""

import csv
from collections.abc import Iterator
from pathlib import Path

from runner.report.closing import aligned
from runner.report.exact import plain
from runner.report.figures import amount, decimals_for, share
from runner.report.files import replacement
from runner.sweep.board import Board, Row, Stretch

SHOWN = 10
HEADS = (
    *("net", "gross", "fees", "currency", "fills", "sharpe_annual", "deflated_sharpe"),
    *("max_drawdown", "markout_1s_bps", "rms_clips", "peak_clips"),
)
SPLIT_HEADS = (
    *("net_inside", "max_drawdown_inside"),
    *("net_outside", "sharpe_annual_outside", "max_drawdown_outside"),
)


def write_csv(path: Path, board: Board) -> None:
    """Replace `path` with one line a job. With a split, Sharpe ratios are of the first part."""
    knobs = knobs_of(board)
    heads = HEADS if board.split is None else (*HEADS, *SPLIT_HEADS)
    with replacement(path) as fresh, fresh.open("w", encoding="utf-8", newline="") as out:
        lines = csv.writer(out, lineterminator="\n")
        lines.writerow(("rank", "job", *knobs, *heads, "exit", "not_ranked_because"))
        for k, row in enumerate(board.rows):
            own = row.knobs
            cells = [*_cells(row)] if board.split is None else [*_cells(row), *_split_cells(row)]
            rank = "" if row.why else str(k + 1)
            place = [rank, str(row.done.job.number), *(own.get(knob, "") for knob in knobs)]
            lines.writerow([*place, *cells, str(row.done.ending.code), row.why])


def knobs_of(board: Board) -> list[str]:
    """Return the keys that the jobs differ in, in the order in which they were typed."""
    return list(dict.fromkeys(key for row in board.rows for key in row.knobs))


def _cells(row: Row) -> Iterator[str]:
    score = row.score
    if score is None:
        yield from [""] * len(HEADS)
        return
    pnl = score.pnl
    money = (pnl.net, pnl.gross, pnl.fees) if pnl is not None else (None, None, None)
    yield from ("" if value is None else plain(value) for value in money)
    yield from (score.currency, str(score.fills))
    yield from map(_figure, (row.annual(row.inside), row.deflated, _fall(row)))
    yield from map(_figure, (score.markout_1s_bps, score.rms_clips, score.peak_clips))


def _split_cells(row: Row) -> Iterator[str]:
    inside, outside = row.inside, row.outside
    yield from map(_figure, (_net(inside), inside.drawdown if inside else None))
    yield from map(_figure, (_net(outside), row.annual(outside)))
    yield _figure(outside.drawdown if outside else None)


def _fall(row: Row) -> float | None:
    """Return the worst fall over all of a job's time; a split has a fall in each part beside it."""
    return None if row.inside is None else max(p.drawdown for p in (row.inside, row.outside) if p)


def _net(part: Stretch | None) -> float | None:
    return None if part is None else part.net


def _figure(value: float | None) -> str:
    return "" if value is None else f"{value:.6g}"


def table_lines(board: Board) -> list[str]:
    """Return the best rows for a terminal, and why others are not ranked."""
    nets = [
        float(r.score.pnl.net) for r in board.rows if r.score and r.score.pnl and r.score.pnl.net
    ]
    places = decimals_for(nets)
    heads: tuple[str, ...] = ("rank  job", "net", "fees", "fills", "Sharpe", "deflated")
    heads += ("drawdown", "1 s markout", "peak clips")
    if board.split is not None:
        heads += ("net after", "Sharpe after")
    rows = [_line(k, row, places, board.split) for k, row in enumerate(board.rows[:SHOWN])]
    lines = aligned([heads, *rows])
    if len(board.rows) > SHOWN:
        lines.append(f"... and {len(board.rows) - SHOWN} more in leaderboard.csv")
    return [*lines, *verdict_lines(board)]


def _line(k: int, row: Row, places: int, split: float | None) -> tuple[str, ...]:
    name = f"{'-' if row.why else k + 1:>4}  {row.done.job.number} {row.done.job.told}"
    score, pnl = row.score, row.score.pnl if row.score else None
    cells = (
        name,
        amount(pnl.net if pnl else None, places, signed=True),
        amount(pnl.fees if pnl else None, places),
        f"{score.fills:,}" if score else "",
        amount(row.annual(row.inside), 2, signed=True),
        "" if row.deflated is None or row.why else share(row.deflated),
        amount(_fall(row), places),
        amount(score.markout_1s_bps if score else None, 2, signed=True),
        amount(score.peak_clips if score else None, 1),
    )
    if split is None:
        return cells
    after = amount(_net(row.outside), places, signed=True)
    return (*cells, after, amount(row.annual(row.outside), 2, signed=True))


def verdict_lines(board: Board) -> list[str]:
    """Return what the search itself explains, and how many jobs have no rank for which reason."""
    lines = []
    if board.ranked:
        lines.append(
            f"deflated: how probable it is that a job is better than the best of"
            f" {board.trials:.1f} independent ones that are worth nothing"
        )
    reasons = [row.why for row in board.rows if row.why]
    for why in dict.fromkeys(reasons):
        lines.append(f"not ranked: {reasons.count(why)} of {len(board.rows)} jobs: {why}")
    return lines
