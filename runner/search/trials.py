"""Run the trials of a study side by side, and tell them in the order in which they were asked."""

from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import wait as wait_for
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Protocol

from connectors.model.errors import ConfigError
from runner.config.search import TrialJobs
from runner.config.sweep import Job
from runner.guard import Mode
from runner.interrupts import Interrupt, is_asked
from runner.places import Places
from runner.search.objectives import objectives_of
from runner.search.record import Plain, Trial, plain_of
from runner.search.study import Asked
from runner.settings import Settings
from runner.sweep.board import board_of
from runner.sweep.grid import INTERRUPTED, POLL_S, Done, Grid, tell_failure
from runner.sweep.jobs import Modes
from runner.sweep.score import Score
from runner.watch.progress import Progress


class Asking(Protocol):
    """What a study does for whoever runs its trials."""

    def ask(self, threads: int) -> Asked:
        """Return the next trial."""

    def tell(self, number: int, ended: Plain) -> None:
        """Keep how a trial ended."""

    def settle(self) -> None:
        """Finish what was begun and not told."""


@dataclass(slots=True)
class Trials:
    """Run trials of one study. `ended` has them in the order in which they were asked.

    A trial is told when those asked before it have been: what is asked next then depends on how
    many run at once, and not on which of them was quicker.
    """

    study: Asking
    jobs: TrialJobs
    grid: Grid
    modes: Modes
    threads: int
    ended: list[Trial] = field(default_factory=list)
    _under_way: deque[tuple[Asked, Future[Done]]] = field(default_factory=deque)

    def run(self, count: int, progress: Progress) -> bool:
        """Run so many trials; tell whether all of them ended. An interrupt ends those that run."""
        with ThreadPoolExecutor(self.threads, thread_name_prefix="trial") as pool:
            try:
                self._all(pool, count, progress)
            except KeyboardInterrupt:
                self.modes.stop()
                while self._under_way:
                    with suppress(KeyboardInterrupt):  # a second one must not lose what has ended
                        self._take()
                self.study.settle()
                return False
        return True

    def _all(self, pool: ThreadPoolExecutor, count: int, progress: Progress) -> None:
        begun = 0
        while begun < count or self._under_way:
            if is_asked():  # raised within a library, it may have been swallowed there
                raise Interrupt
            while begun < count and len(self._under_way) < self.threads:
                asked = self.study.ask(self.threads)
                run, job = self._work(asked)
                self._under_way.append((asked, pool.submit(run, job)))
                begun += 1
            if wait_for([self._under_way[0][1]], POLL_S).done:
                self._take()
                progress.advance(1)

    def _work(self, asked: Asked) -> tuple[Callable[[Job], Done], Job]:
        """Return how a trial is run; one whose values cannot be meant together fails by itself."""
        try:
            return self.grid.one, self.jobs.of(asked.number, asked.texts)
        except ConfigError as error:
            refused = replace(self.grid, mode=_refusal(error))
            return refused.one, self.jobs.unmeant(asked.number, asked.texts)

    def _take(self) -> None:
        """Tell the first trial that is under way how it ended; interrupted, it was never begun."""
        asked, future = self._under_way[0]
        if future.cancel() or isinstance(future.exception(), KeyboardInterrupt):
            self._under_way.popleft()
            raise Interrupt
        done = future.result()
        score = self.modes.scores.get(done.job.directory)
        trial = trial_after(done, score, self.jobs.first.settings)
        if done.ending.code != INTERRUPTED:
            self.study.tell(asked.number, plain_of(trial))
        self.ended.append(trial)
        self._under_way.popleft()
        tell_failure(done)


def trial_after(done: Done, score: Score | None, settings: Settings) -> Trial:
    """Return what a job that has ended came to."""
    sweep = settings.sweep
    scores = {} if score is None else {done.job.directory: score}
    row = board_of([done], scores, 0, sweep.split).rows[0]
    has_failed = done.ending.line or done.ending.code == INTERRUPTED or score is None
    values = None if has_failed else objectives_of(row, settings.search.objectives)
    fills = 0 if score is None else score.fills
    return Trial(done, score, values, max(0, sweep.min_fills - fills))


def _refusal(error: ConfigError) -> Mode:
    def refuse(settings: Settings, places: Places) -> int:
        raise error

    return refuse
