"""Run a search to its end, in all of the tape or fold by fold, and say what became of it."""

import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from connectors.model.errors import ConfigError
from connectors.tape.tape import Tape
from runner.config.loader import Loader
from runner.config.search import TrialJobs
from runner.config.sweep import worst
from runner.engine.clock import SystemClock
from runner.modes.shelf import Shelf
from runner.places import Places, RunDirectory, outputs, run_stamp
from runner.search.folds import Fold, Span, folds_of, span_of, words_of
from runner.search.leg import Found, Leg
from runner.search.objectives import require_known_in_part
from runner.search.publish import publish
from runner.search.study import opened
from runner.search.walk import Step
from runner.sweep.grid import INTERRUPTED, Grid, tell_failures
from runner.sweep.jobs import Modes, SweptModes, runs_side_by_side
from runner.watch.progress import Progress, Task, jobs_text, progress_of

_TASK = Task("search", jobs_text)


def run_search(
    loader: Loader,
    overrides: Sequence[str],
    home: Path,
    checkout: Path,
    modes: Modes | None = None,
) -> int:
    """Search as the words ask; return the worst exit code. `modes` stands in for the real ones."""
    if find_spec("optuna") is None:
        raise ConfigError(
            "hydra/sweeper=optuna: expected the package optuna, was without it; install"
            " mmrunner[research]"
        )
    whole = TrialJobs(loader, overrides)
    settings = whole.first.settings
    require_known_in_part(settings.search, settings.sweep)
    shelf = Shelf()
    search = Search(loader, overrides, whole, shelf, modes or SweptModes(shelf), home, checkout)
    name = settings.search.study or run_stamp(SystemClock().now_ns(), os.getpid())
    place = settings.search.storage or outputs(home) / "studies" / f"{name}.sqlite"
    code = search.run(name, place)
    if settings.watch.name != "none":
        print(f"study: {place}", flush=True)
    return code


@dataclass(frozen=True, slots=True)
class Search:
    """What it takes to search: the words, the jobs of the whole tape, and what runs a trial."""

    loader: Loader
    overrides: Sequence[str]
    whole: TrialJobs
    shelf: Shelf
    modes: Modes
    home: Path
    checkout: Path

    def run(self, name: str, place: Path) -> int:
        """Search, write and show what was found, and return the worst exit code."""
        folds = self._folds()
        jobs = [self._part(f, f.train, "search") for f in folds] or [self.whole]
        tapes = [self._tapes(part) for part in jobs]
        names = [f"{name}.fold{f.number}" for f in folds] or [name]
        with opened(place) as storage:
            legs = [Leg.of(storage, *leg) for leg in zip(names, jobs, tapes, strict=True)]
            total = sum(leg.missing for leg in legs)
            with progress_of(self.whole.first.settings.watch, total, task=_TASK) as progress:
                found, steps = self._run(legs, folds, progress)
        publish(self.whole, found, steps)
        return _told(found, steps, len(legs))

    def _run(
        self, legs: Sequence[Leg], folds: Sequence[Fold], progress: Progress
    ) -> tuple[list[Found], list[Step]]:
        """Search one leg after another, each tested before the next; an interrupt ends them."""
        grid = Grid(self.modes, self.modes.stop, self.home, self.checkout)
        threads = _threads(self.whole)
        found: list[Found] = []
        steps: list[Step] = []
        for k, leg in enumerate(legs):
            found.append(leg.run(grid, self.modes, threads, progress))
            if not found[-1].is_whole:
                break
            if folds:
                with suppress(KeyboardInterrupt):
                    steps.append(self._test(grid, folds[k], found[-1]))
                if len(steps) < len(found):
                    break
        return found, steps

    def _test(self, grid: Grid, fold: Fold, found: Found) -> Step:
        """Run what a fold has chosen over the time after it."""
        best = found.best
        if best is None:
            return Step(fold, found, None, None)
        values = dict(word.split("=", 1) for word in best.done.job.words)
        done = grid.one(self._part(fold, fold.test, "test").of(0, values))
        return Step(fold, found, done, self.modes.scores.get(done.job.directory))

    def _folds(self) -> list[Fold]:
        search, replay = self.whole.first.settings.search, self.whole.first.settings.replay
        if search.folds is None:
            return []
        span = span_of(self._tapes(self.whole).values())
        return folds_of(span, search.folds, search.window, (replay.begin, replay.end))

    def _part(self, fold: Fold, span: Span, name: str) -> TrialJobs:
        place = self.whole.directory / f"fold{fold.number}" / name
        quoted = str(place).replace("\\", "\\\\").replace("'", "\\'")
        words = (*words_of(span), f"hydra.sweep.dir='{quoted}'")
        return TrialJobs(self.loader, [*self.overrides, *words])

    def _tapes(self, jobs: TrialJobs) -> Mapping[str, Tape]:
        places = Places(self.home, self.checkout, RunDirectory(jobs.directory))
        return self.shelf.tapes(jobs.first.settings, places)


def _threads(jobs: TrialJobs) -> int:
    """Return how many trials run at once."""
    if not all(runs_side_by_side(corner.settings) for corner in jobs.corners):
        return 1
    search = jobs.first.settings.search
    return search.threads or min((os.cpu_count() or 1) + 1, search.trials)


def _told(found: Sequence[Found], steps: Sequence[Step], legs: int) -> int:
    """Sum up what failed, and return the worst exit code."""
    ended = [trial.done for leg in found for trial in leg.trials]
    ended += [step.tested for step in steps if step.tested is not None]
    is_whole = len(found) == legs and all(leg.is_whole for leg in found)
    is_whole = is_whole and (legs == 1 or len(steps) == legs)
    tell_failures(ended, len(ended))
    codes = [done.ending.code for done in ended]
    return worst(codes if is_whole else [*codes, INTERRUPTED])
