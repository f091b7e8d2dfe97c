"""Rank the jobs of a sweep, and say of each that is not ranked why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import accumulate
from pathlib import Path
from statistics import variance

from runner.report.sharpe import Sharpe, sharpe_of
from runner.sweep.grid import Done
from runner.sweep.score import Score
from runner.sweep.sharpe import effective_trials, expected_best, probabilistic


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of a job's time: what it earned before funding, Sharpe ratio, worst fall."""

    net: float
    sharpe: Sharpe | None
    drawdown: float


@dataclass(frozen=True, slots=True)
class Row:
    """One job. `inside` is what it is ranked by, `outside` what was kept back, if anything.

    `why` says why it is not ranked; a job that is ranked has none.
    """

    done: Done
    score: Score | None
    inside: Stretch | None
    outside: Stretch | None
    deflated: float | None
    why: str

    @property
    def knobs(self) -> dict[str, str]:
        """The job's own words, by key."""
        pairs = (word.partition("=") for word in self.done.job.words)
        return {key: value for key, _, value in pairs}

    @property
    def net(self) -> Decimal | None:
        """The net P&L of all of the job's time."""
        pnl = self.score.pnl if self.score is not None else None
        return pnl.net if pnl is not None else None

    def annual(self, part: Stretch | None) -> float | None:
        """Return the Sharpe ratio of a part, of a year."""
        if part is None or part.sharpe is None or self.score is None:
            return None
        return part.sharpe.annual(self.score.stretch_s)


@dataclass(frozen=True, slots=True)
class Board:
    """All jobs, the best first, and what the search itself explains.

    `best_by_chance` is the Sharpe ratio of one stretch to expect of the best of `trials`
    independent jobs that are worth nothing.
    """

    rows: tuple[Row, ...]
    trials: float
    best_by_chance: float
    min_fills: int
    split: float | None

    @property
    def ranked(self) -> int:
        """How many rows have a rank; they come first."""
        return sum(not row.why for row in self.rows)


def board_of(
    ended: Sequence[Done],
    scores: Mapping[Path, Score],
    min_fills: int,
    split: float | None,
    search: Board | None = None,
) -> Board:
    """Rank jobs by their deflated Sharpe ratio, in sample where `split` keeps the rest back.

    Jobs that another board has chosen are judged as the best of all that were searched there.
    """
    rows = [_row(done, scores.get(done.job.directory), min_fills, split) for done in ended]
    # A job that cannot be chosen is no trial: what few fills made of it would tell of nothing.
    able = [row for row in rows if not row.why]
    judged = [(row, row.inside.sharpe) for row in able if row.inside and row.inside.sharpe]
    ratios = [sharpe.ratio for _, sharpe in judged]
    trials = effective_trials(_groups([row for row, _ in judged], split))
    chance = expected_best(variance(ratios), trials) if len(ratios) > 1 else 0.0
    if search is not None:
        trials, chance = search.trials, search.best_by_chance
    deflated = {id(row): probabilistic(sharpe, chance) for row, sharpe in judged}
    told = [
        Row(r.done, r.score, r.inside, r.outside, deflated.get(id(r)), r.why or _unjudged(r))
        for r in rows
    ]
    return Board(tuple(sorted(told, key=_order)), trials, chance, min_fills, split)


def part_of(returns: Sequence[float]) -> Stretch:
    """Return what a stretch of returns comes to."""
    curve = list(accumulate(returns, initial=0.0))
    peaks = accumulate(curve, max)
    fall = max(peak - value for peak, value in zip(peaks, curve, strict=True))
    return Stretch(sum(returns), sharpe_of(returns), fall)


def _row(done: Done, score: Score | None, min_fills: int, split: float | None) -> Row:
    if score is None or done.ending.line:
        return Row(done, None, None, None, None, done.ending.line or "no result")
    edge = _edge(score, split)
    inside = part_of(score.returns[:edge]) if score.returns else None
    outside = part_of(score.returns[edge:]) if score.returns and split is not None else None
    return Row(done, score, inside, outside, None, _why_not(done, score, min_fills))


def _edge(score: Score, split: float | None) -> int:
    return len(score.returns) if split is None else round(len(score.returns) * split)


def _why_not(done: Done, score: Score, min_fills: int) -> str:
    if done.ending.code == 130:
        return "interrupted"
    if score.pnl is None:
        return "a currency's rate is not known"
    if score.fills < min_fills:
        return f"fewer than {min_fills:,} fills"
    return ""


def _unjudged(row: Row) -> str:
    return "" if row.inside is not None and row.inside.sharpe is not None else "nothing to judge"


def _groups(rows: Sequence[Row], split: float | None) -> list[list[Sequence[float]]]:
    """Return the returns that jobs are ranked by, grouped by the stretches that they are of."""
    groups: dict[tuple[int, float, int], list[Sequence[float]]] = {}
    for row in rows:
        if row.score is not None:
            own = row.score.returns[: _edge(row.score, split)]
            place = (row.score.start_ns, row.score.stretch_s, len(own))
            groups.setdefault(place, []).append(own)
    return list(groups.values())


def _order(row: Row) -> tuple[bool, float, float, int]:
    """Put ranked jobs first, the most probable before the others; then what they earned."""
    return (
        bool(row.why),
        -(row.deflated or 0.0) if not row.why else 0.0,
        -float(row.net) if row.net is not None else float("inf"),
        row.done.job.number,
    )
