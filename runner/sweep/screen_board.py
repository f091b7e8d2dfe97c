"""Show a screen's leaderboard: brackets beside exact results, for those jobs that have both."""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

from runner.report.closing import aligned
from runner.report.exact import plain
from runner.report.figures import NONE, amount, decimals_for, share
from runner.report.files import replacement, write_text
from runner.report.plain import plain_page
from runner.report.pnl import Pnl
from runner.screen.result import Screened
from runner.sweep.board import Board, Row
from runner.sweep.heat import maps_of, write_png
from runner.sweep.page import MOST_ROWS, STYLE, maps_section
from runner.sweep.screened import nets_of, rank_correlation
from runner.sweep.table import SHOWN, knobs_of

HEADS = ("net_lower", "net_upper", "currency", "fills_lower", "fills_upper", "sharpe_annual_middle")
EXACT_HEADS = ("exact_rank", "exact_net", "exact_fills", "exact_sharpe_annual", "exact_deflated")
NOTES = (
    "Screened: prices are the decision's own, fills come from two rules and not from a queue. "
    "Lower: only what traded through our price or was shown across it; upper: all that touched it. "
    "Ranked by the Sharpe ratio of the middle. A P&L lies between the two only where fills earn or "
    "lose alike.",
    "Exact: replayed with queue, latencies, gates and brakes; deflated by the whole search.",
)


@dataclass(frozen=True, slots=True)
class Line:
    """One job: where the screen ranks it, its brackets, and its exact result if it has one."""

    rank: int
    row: Row
    screened: Screened | None
    exact_rank: int
    exact: Row | None


@dataclass(frozen=True, slots=True)
class ScreenBoard:
    """All jobs of a screen, those with exact results first. A rank of 0 is none."""

    board: Board
    exact: Board | None
    lines: tuple[Line, ...]

    @classmethod
    def of(
        cls, board: Board, screens: Mapping[Path, Screened], exact: Board | None
    ) -> "ScreenBoard":
        """Join a screen with the exact results of its survivors, if there are any."""
        found = {r.done.job.number: (k, r) for k, r in enumerate(exact.rows, 1)} if exact else {}
        lines = []
        for k, row in enumerate(board.rows, 1):
            place, other = found.get(row.done.job.number, (0, None))
            exact_rank = place if other is not None and not other.why else 0
            screened = screens.get(row.done.job.directory)
            lines.append(Line(0 if row.why else k, row, screened, exact_rank, other))
        order = {id(line): (line.exact is None, line.exact_rank or MOST_ROWS) for line in lines}
        return cls(board, exact, tuple(sorted(lines, key=lambda line: order[id(line)])))

    @property
    def verdict(self) -> list[str]:
        """Return what to know before the table is believed."""
        lines = ["screened: no queue; brackets are no exact figures"]
        screened = next((line.screened for line in self.lines if line.screened), None)
        if screened is not None:
            lines.append(f"left out: {', '.join(screened.left_out)}")
        if self.exact is not None:
            pairs = nets_of(self.exact, self.board)
            rho = rank_correlation(pairs)
            told = "not known" if rho is None else f"{rho:+.2f}"
            lines.append(
                f"rank correlation of screened and exact net over {len(pairs)} survivors: {told}"
            )
        reasons = [line.row.why for line in self.lines if line.row.why]
        for why in dict.fromkeys(reasons):
            lines.append(f"not ranked: {reasons.count(why)} of {len(self.lines)} jobs: {why}")
        return lines


def write_leaderboard(directory: Path, board: ScreenBoard, title: str) -> None:
    """Write leaderboard.csv, leaderboard.html and, where two knobs were swept, heatmap.png."""
    write_csv(directory / "leaderboard.csv", board)
    _write_page(directory / "leaderboard.html", board, f"{title} · screened")
    maps = maps_of(board.board)
    if maps:
        write_png(directory / "heatmap.png", maps)


def write_csv(path: Path, board: ScreenBoard) -> None:
    """Replace `path` with one line a job."""
    knobs = knobs_of(board.board)
    heads = HEADS if board.exact is None else (*HEADS, *EXACT_HEADS)
    with replacement(path) as fresh, fresh.open("w", encoding="utf-8", newline="") as out:
        rows = csv.writer(out, lineterminator="\n")
        rows.writerow(
            ("tier", "screened_rank", "job", *knobs, *heads, "exit", "not_ranked_because")
        )
        for line in board.lines:
            own, done = line.row.knobs, line.row.done
            cells = [*_cells(line), *(_exact_cells(line) if board.exact is not None else ())]
            place = ["screen", str(line.rank or ""), str(done.job.number)]
            values = [own.get(knob, "") for knob in knobs]
            rows.writerow([*place, *values, *cells, str(done.ending.code), line.row.why])


def _cells(line: Line) -> list[str]:
    if line.screened is None:
        return [""] * len(HEADS)
    lower, upper = line.screened.lower, line.screened.upper
    nets = [_net_text(pnl) for pnl in (lower.pnl, upper.pnl)]
    fills = [str(lower.fills), str(upper.fills)]
    return [*nets, lower.currency, *fills, _figure(line.row.annual(line.row.inside))]


def _exact_cells(line: Line) -> list[str]:
    row = line.exact
    if row is None or row.score is None:
        return [""] * len(EXACT_HEADS)
    rank = str(line.exact_rank or "")
    fills = str(row.score.fills)
    return [
        *(rank, _net_text(row.score.pnl), fills),
        *(_figure(row.annual(row.inside)), _figure(row.deflated)),
    ]


def _net_text(pnl: Pnl | None) -> str:
    return "" if pnl is None or pnl.net is None else plain(pnl.net)


def _figure(value: float | None) -> str:
    return "" if value is None else f"{value:.6g}"


def table_lines(board: ScreenBoard) -> list[str]:
    """Return the best rows for a terminal, and what to know about them."""
    heads: tuple[str, ...] = ("rank  job", *_heads(board))
    places = _places(board)
    rows = [(_name(line), *_shown(line, board, places)) for line in board.lines[:SHOWN]]
    more = len(board.lines) - SHOWN
    rest = [f"... and {more} more in leaderboard.csv"] if more > 0 else []
    return [*aligned([heads, *rows]), *rest, *board.verdict]


def _name(line: Line) -> str:
    return f"{line.rank or '-':>4}  {line.row.done.job.number} {line.row.done.job.told}"


def _heads(board: ScreenBoard) -> tuple[str, ...]:
    heads = ("net lower", "net upper", "fills lower", "fills upper", "Sharpe")
    exact = ("exact rank", "exact net", "exact fills", "exact Sharpe", "deflated")
    return heads if board.exact is None else (*heads, *exact)


def _places(board: ScreenBoard) -> int:
    pnls = [t.pnl for line in board.lines if line.screened
            for t in (line.screened.lower, line.screened.upper)]  # fmt: skip
    return decimals_for(pnl.net for pnl in pnls if pnl is not None)


def _shown(line: Line, board: ScreenBoard, places: int) -> tuple[str, ...]:
    both = (line.screened.lower, line.screened.upper) if line.screened else ()
    cells = [amount(t.pnl.net if t.pnl else None, places, signed=True) for t in both]
    cells += [f"{t.fills:,}" for t in both]
    cells = cells or [NONE] * 4
    cells.append(amount(line.row.annual(line.row.inside), 2, signed=True))
    if board.exact is None:
        return tuple(cells)
    row, score = line.exact, line.exact.score if line.exact else None
    if row is None or score is None:
        return (*cells, *[NONE] * 5)
    return (
        *cells,
        str(line.exact_rank or NONE),
        amount(score.pnl.net if score.pnl else None, places, signed=True),
        f"{score.fills:,}",
        amount(row.annual(row.inside), 2, signed=True),
        NONE if row.deflated is None or row.why else share(row.deflated),
    )


def _write_page(path: Path, board: ScreenBoard, title: str) -> None:
    items = "".join(f"<li>{escape(line)}</li>" for line in board.verdict)
    warning = f'<section class="warning"><ul>{items}</ul></section>'
    notes = "".join(f"<p>{escape(note)}</p>" for note in NOTES)
    maps = maps_section(maps_of(board.board), "Net P&amp;L, middle of the brackets")
    body = f"{warning}{maps}{_table(board)}<footer>{notes}</footer>"
    facts = f"{len(board.lines):,} jobs screened, {board.board.ranked:,} ranked"
    if board.exact is not None:
        facts += f", {len(board.exact.rows):,} replayed exactly"
    write_text(path, plain_page(title, facts, body, STYLE))


def _table(board: ScreenBoard) -> str:
    knobs = knobs_of(board.board)
    heads = ("Rank", "Job", *knobs, *(head.capitalize() for head in _heads(board)))
    head = "".join(f'<th class="n">{escape(one)}</th>' for one in heads)
    places = _places(board)
    rows = "".join(
        _html_row(line, knobs, _shown(line, board, places)) for line in board.lines[:MOST_ROWS]
    )
    return (
        f'<section class="card"><h2>Jobs</h2><div class="scroll"><table><thead><tr>{head}</tr>'
        f"</thead><tbody>{rows}</tbody></table></div></section>"
    )


def _html_row(line: Line, knobs: Sequence[str], shown: Sequence[str]) -> str:
    own = line.row.knobs
    rank = str(line.rank or NONE)
    cells = [rank, str(line.row.done.job.number), *(own.get(knob, "") for knob in knobs), *shown]
    kind = f' class="unranked" title="{escape(line.row.why)}"' if line.row.why else ""
    return f"<tr{kind}>{''.join(f'<td class=n>{escape(cell)}</td>' for cell in cells)}</tr>"
