"""Write `leaderboard.html`: one file that opens anywhere, without a network."""

from collections.abc import Sequence
from html import escape
from pathlib import Path

from runner.report.figures import NONE, amount, decimals_for, share
from runner.report.files import write_text
from runner.report.plain import plain_page
from runner.sweep.board import Board, Row
from runner.sweep.heat import Cell, HeatMap, largest_of, maps_of
from runner.sweep.table import knobs_of, verdict_lines

MOST_ROWS = 1_000
STYLE = """
.maps { display: flex; flex-wrap: wrap; gap: 28px; }
.maps table { width: auto; }
.maps td, .maps th { padding: 9px 14px; text-align: right; border: 1px solid var(--line); }
.maps th + th, .maps td + td { padding-left: 14px; }
.maps caption { text-align: left; font-weight: 600; padding-bottom: 8px; }
tr.unranked td, td.unranked { color: var(--soft); }
tr.unranked + tr.unranked td:first-child { color: var(--soft); }
"""
_NOTES = (
    "Net = gross − fees + funding, over all of a job's time, the final position at mark.",
    "Sharpe: of the P&L of equal stretches of time, as if a year of 365 days went on like this. "
    "Deflated: the probability that a job's true Sharpe ratio is above the one to expect of the "
    "best of so many independent jobs that are worth nothing (Bailey and López de Prado, 2014). "
    "Values under 95 % are no evidence.",
    "Drawdown: the worst fall of the net P&L from its best, seen at the stretches' ends. Peak: the "
    "largest position, in order sizes.",
)


def write_page(path: Path, board: Board, title: str, before: str = "") -> None:
    """Replace `path` with the page of a leaderboard; `before` is HTML before the jobs."""
    facts = f"{len(board.rows):,} jobs, {board.ranked:,} ranked"
    if board.split is not None:
        facts += f", by the first {share(board.split)} of their time"
    notes = "".join(f"<p>{escape(note)}</p>" for note in _NOTES)
    parts = (_reasons(board), before, maps_section(maps_of(board)), _table(board))
    body = f"{''.join(parts)}<footer>{notes}</footer>"
    write_text(path, plain_page(title, facts, body, STYLE))


def _reasons(board: Board) -> str:
    items = "".join(f"<li>{escape(line)}</li>" for line in verdict_lines(board))
    return f'<section class="warning"><ul>{items}</ul></section>' if items else ""


def maps_section(maps: Sequence[HeatMap], title: str = "Net P&amp;L") -> str:
    """Return heat maps as a section of a page; nothing where there are none."""
    if not maps:
        return ""
    largest = largest_of(maps)
    nets = [c.net for one in maps for line in one.cells for c in line]
    places = decimals_for(nets)
    tables = "".join(_map(one, largest, places) for one in maps)
    return f'<section class="card"><h2>{title}</h2><div class="maps">{tables}</div></section>'


def _map(one: HeatMap, largest: float, places: int) -> str:
    heads = "".join(f"<th>{escape(value)}</th>" for value in one.columns)
    lines = "".join(
        f"<tr><th>{escape(value)}</th>{''.join(_shaded(c, largest, places) for c in cells)}</tr>"
        for value, cells in zip(one.lines, one.cells, strict=True)
    )
    corner = f"{escape(one.down)} \\ {escape(one.across)}"
    caption = f"<caption>{escape(one.title)}</caption>" if one.title else ""
    return f"<table>{caption}<tr><th>{corner}</th>{heads}</tr>{lines}</table>"


def _shaded(cell: Cell, largest: float, places: int) -> str:
    if cell.net is None:
        return f"<td>{NONE}</td>"
    colour = "--good" if cell.net > 0 else "--bad"
    strength = round(45 * abs(cell.net) / largest)
    shade = f"background: color-mix(in srgb, var({colour}) {strength}%, transparent)"
    kind = "" if cell.is_ranked else ' class="unranked"'
    return f'<td{kind} style="{shade}">{amount(cell.net, places, signed=True)}</td>'


def _table(board: Board) -> str:
    knobs = knobs_of(board)
    heads = [*("Rank", "Job"), *knobs, *("Net", "Fees", "Fills", "Sharpe", "Deflated")]
    heads += ["Drawdown", "1 s markout, bps", "Peak, clips"]
    if board.split is not None:
        heads += ["Net after", "Sharpe after"]
    head = "".join(
        f'<th class="{"n" if k > 1 else "t"}">{escape(h)}</th>' for k, h in enumerate(heads)
    )
    nets = [
        float(r.score.pnl.net) for r in board.rows if r.score and r.score.pnl and r.score.pnl.net
    ]
    places = decimals_for(nets)
    rows = "".join(
        _row(k, row, knobs, places, board.split is not None)
        for k, row in enumerate(board.rows[:MOST_ROWS])
    )
    return (
        f'<section class="card"><h2>Jobs</h2><div class="scroll"><table><thead><tr>{head}</tr>'
        f"</thead><tbody>{rows}</tbody></table></div></section>"
    )


def _row(k: int, row: Row, knobs: Sequence[str], places: int, has_split: bool) -> str:
    score, own = row.score, row.knobs
    pnl = score.pnl if score else None
    falls = [part.drawdown for part in (row.inside, row.outside) if part]
    cells = [
        *(own.get(knob, "") for knob in knobs),
        amount(pnl.net if pnl else None, places, signed=True),
        amount(pnl.fees if pnl else None, places),
        f"{score.fills:,}" if score else NONE,
        amount(row.annual(row.inside), 2, signed=True),
        NONE if row.deflated is None or row.why else share(row.deflated),
        amount(max(falls, default=None), places),
        amount(score.markout_1s_bps if score else None, 2, signed=True),
        amount(score.peak_clips if score else None, 1),
    ]
    if has_split:
        after = row.outside.net if row.outside else None
        cells += [amount(after, places, signed=True)]
        cells += [amount(row.annual(row.outside), 2, signed=True)]
    rank = NONE if row.why else str(k + 1)
    place = row.done.job.number
    kind = f' class="unranked" title="{escape(row.why)}"' if row.why else ""
    numbers = "".join(f'<td class="n">{escape(cell)}</td>' for cell in cells)
    return f"<tr{kind}><td>{rank}</td><td>{place}</td>{numbers}</tr>"
