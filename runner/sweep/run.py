"""Run a planned sweep to its end, and say what became of it."""

import os
from collections.abc import Sequence
from pathlib import Path

from runner.config.sweep import Job, Plan, worst
from runner.guard import Mode
from runner.modes.swept import SweptModes, runs_side_by_side
from runner.sweep.grid import INTERRUPTED, Grid, tell_failures
from runner.watch.progress import JOBS, progress_of


def run_sweep(plan: Plan, mode: Mode | None, home: Path, checkout: Path) -> int:
    """Run every job of a plan; return the worst exit code. `mode` stands in for the real ones."""
    modes = SweptModes()
    grid = Grid(mode or modes, modes.stop, home, checkout)
    jobs = plan.jobs
    with progress_of(jobs[0].settings.watch, len(jobs), task=JOBS) as progress:
        ended = grid.run(jobs, 1 if mode else _threads(jobs), progress)
    tell_failures(ended, len(jobs))
    codes = [done.ending.code for done in ended]
    return worst([*codes, INTERRUPTED] if len(ended) < len(jobs) else codes)


def _threads(jobs: Sequence[Job]) -> int:
    """Return how many jobs run at once: one more than cores, for while one of them writes."""
    if not all(runs_side_by_side(job.settings) for job in jobs):
        return 1
    return min((os.cpu_count() or 1) + 1, len(jobs))
