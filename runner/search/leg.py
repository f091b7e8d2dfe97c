"""Search once over one stretch of time: open its study, run what is missing, rank all of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from connectors.model.errors import ConfigError
from runner.config.search import TrialJobs
from runner.config.sweep import Job
from runner.search.made_of import made_of
from runner.search.objectives import front_of
from runner.search.record import Trial, trial_of
from runner.search.study import Asked, Study
from runner.search.trials import Trials
from runner.sweep.board import Board, board_of
from runner.sweep.grid import Grid
from runner.sweep.jobs import Modes
from runner.watch.progress import Progress

if TYPE_CHECKING:
    from optuna.storages import RDBStorage

    from connectors.tape.tape import Tape


@dataclass(frozen=True, slots=True)
class Found:
    """What a study holds once it has been searched.

    `trials` are in order of their numbers; `front` are those that may be chosen and that none
    beats, with one objective the best. `weights` has each key's importance, where enough ended.
    """

    jobs: TrialJobs
    trials: tuple[Trial, ...]
    front: tuple[Trial, ...]
    weights: Mapping[str, float]
    is_whole: bool

    @property
    def best(self) -> Trial | None:
        """The best in the first objective, of those that may be chosen."""
        way = self.jobs.first.settings.search.ways[0]
        sign = 1.0 if way == "maximize" else -1.0
        able = [(sign * t.values[0], -t.number, t) for t in self.front if t.values is not None]
        return max(able)[2] if able else None

    @property
    def board(self) -> Board:
        """All trials as a leaderboard."""
        return board_of_trials(self.trials, self.jobs)


@dataclass(slots=True)
class Leg:
    """One search over one stretch: its study's name and its jobs."""

    name: str
    jobs: TrialJobs
    study: Study
    before: list[Trial]

    @classmethod
    def of(
        cls, storage: "RDBStorage", name: str, jobs: TrialJobs, tapes: "Mapping[str, Tape]"
    ) -> "Leg":
        """Open a study and read its trials; raise ConfigError where it is of something else."""
        settings = jobs.first.settings
        depends = made_of(settings, jobs.space, tapes)
        study = Study(storage, name, settings.search, jobs.space, depends)
        before = [trial_of(ended, _job_of(jobs, asked)) for asked, ended in study.ended()]
        return cls(name, jobs, study, before)

    @property
    def missing(self) -> int:
        """How many trials the study has still to run."""
        return max(0, self.jobs.first.settings.search.trials - len(self.before))

    def run(self, grid: Grid, modes: Modes, threads: int, progress: Progress) -> Found:
        """Run what is missing and return all."""
        trials = Trials(self.study, self.jobs, grid, modes, threads)
        is_whole = trials.run(self.missing, progress)
        ended = sorted([*self.before, *trials.ended], key=lambda trial: trial.number)
        able = [trial for trial in ended if trial.can_be_chosen]
        ways = self.jobs.first.settings.search.ways
        places = front_of([t.values for t in able if t.values is not None], ways)
        front = tuple(able[k] for k in places)
        return Found(self.jobs, tuple(ended), front, self.study.importance(), is_whole)


def board_of_trials(trials: "tuple[Trial, ...]", jobs: TrialJobs) -> Board:
    """Return trials as a leaderboard."""
    sweep = jobs.first.settings.sweep
    scores = {t.done.job.directory: t.score for t in trials if t.score is not None}
    return board_of([t.done for t in trials], scores, sweep.min_fills, sweep.split)


def _job_of(jobs: TrialJobs, asked: Asked) -> Job:
    try:
        return jobs.of(asked.number, asked.texts)
    except ConfigError:
        return jobs.unmeant(asked.number, asked.texts)
