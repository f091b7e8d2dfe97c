"""Run jobs in a process of a cluster. Each process reads a tape once, and compiles once."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from runner.config.sweep import Job
from runner.guard import Ending
from runner.sweep.grid import INTERRUPTED, Grid
from runner.sweep.jobs import SweptModes
from runner.sweep.score import Score


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one job ended, and its score where it has one."""

    number: int
    ending: Ending
    score: Score | None


class Worker:
    """Run batches one after another; `stop` may be called meanwhile, and ends them early.

    What a job leaves is in its directory, which is on a file system that all share.
    """

    def __init__(self, home: Path, checkout: Path) -> None:
        self._modes = SweptModes()
        self._grid = Grid(self._modes, self._modes.stop, home, checkout)
        self._stopped = threading.Event()

    def run(self, jobs: Sequence[Job]) -> list[Outcome]:
        """Run a batch; jobs that were not begun when it was told to stop are missing."""
        outcomes = []
        for job in jobs:
            if self._stopped.is_set():
                break
            ending = self._grid.one(job).ending
            outcomes.append(Outcome(job.number, ending, self._modes.scores.get(job.directory)))
            if ending.code == INTERRUPTED:
                break
        return outcomes

    def stop(self) -> None:
        """Let the job that runs end soon, and begin no other."""
        self._stopped.set()
        self._modes.stop()
