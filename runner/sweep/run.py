"""Run a planned sweep to its end, and say what became of it."""

import os
from collections.abc import Sequence
from pathlib import Path

from connectors.model.errors import ConfigError
from runner.config.sweep import RAY, Job, Plan, worst
from runner.guard import Mode
from runner.sweep import screen_board
from runner.sweep.board import Board, board_of
from runner.sweep.grid import INTERRUPTED, Done, Grid, tell_failures
from runner.sweep.heat import maps_of, write_png
from runner.sweep.jobs import SweptModes, runs_side_by_side
from runner.sweep.page import write_page
from runner.sweep.screen_board import ScreenBoard
from runner.sweep.screened import screen_board as ranked_screen
from runner.sweep.screened import survivors
from runner.sweep.table import table_lines, write_csv
from runner.watch.progress import JOBS, progress_of


def run_sweep(plan: Plan, mode: Mode | None, home: Path, checkout: Path) -> int:
    """Run every job of a plan; return the worst exit code. `mode` stands in for the real ones."""
    modes = SweptModes()
    grid = Grid(mode or modes, modes.stop, home, checkout)
    jobs = plan.jobs
    if plan.launcher == RAY:
        ended = _run_on_ray(plan, modes, home, checkout)
    else:
        ended = _run(grid, jobs, alone=mode is not None)
    codes = [done.ending.code for done in ended]
    missing = len(jobs) - len(ended)
    if modes.screens:
        is_whole = not missing and INTERRUPTED not in codes
        chosen, exact = _publish_screen(plan, modes, grid, ended, go_on=is_whole)
        codes += [done.ending.code for done in exact]
        missing += len(chosen) - len(exact)
    elif modes.scores:
        _publish(plan, modes, ended)
    tell_failures(ended, len(jobs))
    return worst([*codes, INTERRUPTED] if missing else codes)


def _run(grid: Grid, jobs: Sequence[Job], *, alone: bool = False) -> list[Done]:
    with progress_of(jobs[0].settings.watch, len(jobs), task=JOBS) as progress:
        return grid.run(jobs, 1 if alone else _threads(jobs), progress)


def _run_on_ray(plan: Plan, modes: SweptModes, home: Path, checkout: Path) -> list[Done]:
    from runner.cluster.launch import run_on_ray

    first = plan.jobs[0].settings
    if first.replay.tier == "screen":
        raise ConfigError("hydra/launcher=ray: expected replay.tier=exact or parity, was screen")
    with progress_of(first.watch, len(plan.jobs), task=JOBS) as progress:
        ended, scores = run_on_ray(plan.jobs, first.ray.address, home, checkout, progress)
    modes.scores.update(scores)
    return ended


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


def _publish_screen(
    plan: Plan, modes: SweptModes, grid: Grid, ended: Sequence[Done], *, go_on: bool
) -> tuple[tuple[Job, ...], list[Done]]:
    """Replay a screen's survivors, write its leaderboard, and return what was to run and ran."""
    first = plan.jobs[0].settings
    sweep, title = first.sweep, f"Sweep · {first.deploy}"
    screened = ranked_screen(ended, modes.screens, sweep.min_fills, sweep.split)
    best = survivors(screened, sweep.survivors or 0) if go_on else []
    jobs = plan.exactly([row.done.job.number for row in best]) if best else ()
    exact: Board | None = None
    after: list[Done] = []
    if jobs:
        after = _run(grid, jobs)
        exact = board_of(after, modes.scores, sweep.min_fills, sweep.split, search=screened)
        write_leaderboard(plan.directory / "exact", exact, f"{title} · exact")
        tell_failures(after, len(jobs))
    board = ScreenBoard.of(screened, modes.screens, exact)
    screen_board.write_leaderboard(plan.directory, board, title)
    if first.watch.name != "none":
        print("", *screen_board.table_lines(board), sep="\n")
        print(f"leaderboard: {plan.directory / 'leaderboard.html'}", flush=True)
    return jobs, after


def write_leaderboard(directory: Path, board: Board, title: str, before: str = "") -> None:
    """Write leaderboard.csv, leaderboard.html and, where two knobs were swept, heatmap.png.

    `before` is HTML that the page has before the jobs.
    """
    write_csv(directory / "leaderboard.csv", board)
    write_page(directory / "leaderboard.html", board, title, before)
    maps = maps_of(board)
    if maps:
        write_png(directory / "heatmap.png", maps)
