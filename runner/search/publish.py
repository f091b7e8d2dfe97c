"""Write what a search found, and show it."""

from collections.abc import Sequence
from pathlib import Path

from runner.config.search import TrialJobs
from runner.search.leg import Found
from runner.search.lines import found_lines, walk_lines
from runner.search.page import search_section, write_walk_page
from runner.search.tables import write_trials, write_walk
from runner.search.walk import Step, Walk, walk_of
from runner.sweep.run import write_leaderboard
from runner.sweep.table import table_lines


def publish(whole: TrialJobs, found: Sequence[Found], steps: Sequence[Step]) -> None:
    """Write a leaderboard for each search and, with folds, the walk forward; show the best."""
    settings = whole.first.settings
    title = f"Search · {settings.deploy}"
    for leg in found:
        if leg.trials:
            _write(leg, title)
    walk = walk_of(steps) if steps else None
    if walk is not None:
        write_walk(whole.directory / "walk_forward.csv", walk)
        write_walk_page(whole.directory / "walk_forward.html", walk, title)
    if settings.watch.name != "none":
        print("", *_lines(whole.directory, found, walk), sep="\n", flush=True)


def _write(leg: Found, title: str) -> None:
    directory = leg.jobs.directory
    directory.mkdir(parents=True, exist_ok=True)
    write_leaderboard(directory, leg.board, title, search_section(leg))
    write_trials(directory / "trials.csv", leg)


def _lines(directory: Path, found: Sequence[Found], walk: Walk | None) -> list[str]:
    if walk is not None:
        return [*walk_lines(walk), f"walk forward: {directory / 'walk_forward.html'}"]
    lines: list[str] = []
    for leg in found:
        if leg.trials:
            lines += [*table_lines(leg.board), "", *found_lines(leg)]
            lines.append(f"leaderboard: {leg.jobs.directory / 'leaderboard.html'}")
    return lines
