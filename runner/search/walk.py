"""Judge a walk forward: what was earned where nobody had looked, beside what the search showed."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

from runner.report.sharpe import sharpe_of
from runner.search.folds import Fold
from runner.search.leg import Found
from runner.sweep.board import Board, Row, board_of
from runner.sweep.grid import Done
from runner.sweep.score import Score
from runner.sweep.sharpe import probabilistic

HOUR_S = 3600.0


@dataclass(frozen=True, slots=True)
class Step:
    """One fold: what its search found, and how that was tested in the time after it.

    `tested` is None where no trial could be chosen.
    """

    fold: Fold
    found: Found
    tested: Done | None
    score: Score | None

    @property
    def inside(self) -> Row | None:
        """The chosen trial, as the search saw it."""
        best = self.found.best
        rows = self.found.board.rows
        return next((r for r in rows if best and r.done.job.number == best.number), None)

    @property
    def outside(self) -> Row | None:
        """The same settings in the time after, ranked by nothing."""
        if self.tested is None or self.score is None:
            return None
        return board_of([self.tested], {self.tested.job.directory: self.score}, 0, None).rows[0]


@dataclass(frozen=True, slots=True)
class Walk:
    """All folds together.

    `survives` is net an hour in the tests by net an hour in the searches, None where those earned
    nothing. `deflated` is the least probability, of the chosen trials', that one is better than
    the best of all folds' trials would be by chance; `above_nothing` the probability that the true
    Sharpe ratio of the tests, one after another, is above 0.
    """

    steps: tuple[Step, ...]
    trials: int
    inside_net_per_h: float
    outside_net_per_h: float
    survives: float | None
    deflated: float | None
    above_nothing: float | None


def walk_of(steps: Sequence[Step]) -> Walk:
    """Return what the folds come to together. A fold that was not tested is left out."""
    pairs = [(s, a, b) for s in steps if (a := s.inside) and (b := s.outside)]
    inside = _net_per_h([a for _, a, _ in pairs])
    outside = _net_per_h([b for _, _, b in pairs])
    returns = [value for _, _, b in pairs if b.score for value in b.score.returns]
    sharpe = sharpe_of(returns)
    everything = _board_of_all(steps)
    chosen = {a.done.job.directory for _, a, _ in pairs}
    told = [r.deflated for r in everything.rows if r.done.job.directory in chosen]
    return Walk(
        steps=tuple(steps),
        trials=len(everything.rows),
        inside_net_per_h=inside,
        outside_net_per_h=outside,
        survives=outside / inside if inside > 0 else None,
        deflated=min((value for value in told if value is not None), default=None),
        above_nothing=None if sharpe is None else probabilistic(sharpe, 0.0),
    )


def hours_of(row: Row) -> float:
    """Return how long a row's replay was."""
    score = row.score
    return 0.0 if score is None else score.stretch_s * len(score.returns) / HOUR_S


def _net_per_h(rows: Sequence[Row]) -> float:
    known = [row for row in rows if row.net is not None and hours_of(row) > 0]
    hours = sum(hours_of(row) for row in known)
    return sum(float(row.net or 0) for row in known) / hours if hours else 0.0


def _board_of_all(steps: Sequence[Step]) -> Board:
    """Return the trials of all folds on one board: each of them was a chance to be lucky."""
    trials = list(chain.from_iterable(step.found.trials for step in steps))
    scores = {t.done.job.directory: t.score for t in trials if t.score is not None}
    sweep = steps[0].found.jobs.first.settings.sweep
    return board_of([t.done for t in trials], scores, sweep.min_fills, sweep.split)
