"""Run a planned sweep to its end, and say what became of it."""

import os
from collections.abc import Sequence
from pathlib import Path

from runner.config.sweep import Job, Plan, worst
from runner.guard import Mode
from runner.sweep.board import Board, board_of
from runner.sweep.grid import INTERRUPTED, Done, Grid, tell_failures
from runner.sweep.heat import maps_of, write_png
from runner.sweep.jobs import SweptModes, runs_side_by_side
from runner.sweep.page import write_page
from runner.sweep.table import table_lines, write_csv
from runner.watch.progress import JOBS, progress_of


def run_sweep(plan: Plan, mode: Mode | None, home: Path, checkout: Path) -> int:
    """Run every job of a plan; return the worst exit code. `mode` stands in for the real ones."""
    modes = SweptModes()
    grid = Grid(mode or modes, modes.stop, home, checkout)
    jobs = plan.jobs
    with progress_of(jobs[0].settings.watch, len(jobs), task=JOBS) as progress:
        ended = grid.run(jobs, 1 if mode else _threads(jobs), progress)
    if modes.scores:
        _publish(plan, modes, ended)
    tell_failures(ended, len(jobs))
    codes = [done.ending.code for done in ended]
    return worst([*codes, INTERRUPTED] if len(ended) < len(jobs) else codes)


def _threads(jobs: Sequence[Job]) -> int:
    """Return how many jobs run at once: one more than cores, for while one of them writes."""
    if not all(runs_side_by_side(job.settings) for job in jobs):
        return 1
    return min((os.cpu_count() or 1) + 1, len(jobs))


def _publish(plan: Plan, modes: SweptModes, ended: Sequence[Done]) -> None:
    """Write the leaderboard beside the jobs, and show its best rows."""
    first = plan.jobs[0].settings
    board = board_of(ended, modes.scores, first.sweep.min_fills, first.sweep.split)
    write_leaderboard(plan.directory, board, f"Sweep · {first.deploy}")
    if first.watch.name != "none":
        print("", *table_lines(board), sep="\n")
        print(f"leaderboard: {plan.directory / 'leaderboard.html'}", flush=True)


def write_leaderboard(directory: Path, board: Board, title: str, before: str = "") -> None:
    """Write leaderboard.csv, leaderboard.html and, where two knobs were swept, heatmap.png.

    `before` is HTML that the page has before the jobs.
    """
    write_csv(directory / "leaderboard.csv", board)
    write_page(directory / "leaderboard.html", board, title, before)
    maps = maps_of(board)
    if maps:
        write_png(directory / "heatmap.png", maps)
