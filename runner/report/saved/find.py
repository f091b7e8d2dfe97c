"""Find the run directories that somebody asked for."""

import glob
from collections.abc import Iterator, Sequence
from pathlib import Path

from connectors.model.errors import ConfigError

SUMMARY = "summary.json"
"""What a directory must hold to be a run's: it is written last."""
MOST_RUNS = 24
"""More do not fit side by side."""


def find_runs(words: Sequence[str], last: int | None, runs: Path) -> list[Path]:
    """Return the run directories of `report.runs` and of `report.last`, each once, in that order.

    Raises ConfigError where nothing is asked for, a word leads to no run, or there are too many.
    """
    if not words and last is None:
        raise ConfigError(
            "report.runs: expected run directories with mode=report, was none; give"
            " report.runs=[DIR,DIR] or report.last=5"
        )
    found = [path for word in words for path in _of_word(word, runs)]
    if last is not None:
        found += _latest(last, runs)
    unique = list(dict.fromkeys(path.resolve() for path in found))
    if len(unique) > MOST_RUNS:
        raise ConfigError(
            f"report.runs: expected at most {MOST_RUNS} runs side by side, was {len(unique)};"
            " a sweep is ranked by its leaderboard.html, choose from there"
        )
    return unique


def _of_word(word: str, runs: Path) -> list[Path]:
    """Return the runs that a path or a pattern means; a sweep means all of its jobs."""
    path = Path(word).expanduser()
    here = [path, runs / word]
    places = [place for place in here if place.is_dir()][:1] or [
        Path(text) for place in here for text in sorted(glob.glob(str(place)))
    ]
    found = [run for place in places for run in _runs_in(place)]
    if not found:
        raise ConfigError(f"report.runs: expected a directory with {SUMMARY}, was {word}")
    return found


def _runs_in(place: Path) -> Iterator[Path]:
    if (place / SUMMARY).is_file():
        yield place
    elif place.is_dir():
        jobs = [child for child in place.iterdir() if (child / SUMMARY).is_file()]
        yield from sorted(jobs, key=_by_number)


def _by_number(path: Path) -> tuple[bool, int, str]:
    """Put a sweep's jobs in the order of their numbers."""
    is_number = path.name.isdecimal()
    return not is_number, int(path.name) if is_number else 0, path.name


def _latest(count: int, runs: Path) -> list[Path]:
    """Return the last so many runs, the oldest first: their names begin with their moment."""
    if not runs.is_dir():
        raise ConfigError(f"report.last: expected runs in {runs}, there are none")
    names = sorted(path for path in runs.iterdir() if (path / SUMMARY).is_file())
    if not names:
        raise ConfigError(f"report.last: expected runs in {runs}, there are none")
    return names[-count:]
