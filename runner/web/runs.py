"""List what runs and sweeps have left, and serve the files that are meant to be looked at."""

import json
import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from runner.web.ways import Refused

SHOWN: Mapping[str, str] = {
    "report.html": "text/html; charset=utf-8",
    "leaderboard.html": "text/html; charset=utf-8",
    "search.html": "text/html; charset=utf-8",
    "summary.json": "application/json",
    "twin.json": "application/json",
    "fills.csv": "text/csv; charset=utf-8",
    "leaderboard.csv": "text/csv; charset=utf-8",
    "trials.csv": "text/csv; charset=utf-8",
}
"""The files of a run that are served, by name: nothing else is."""
PAGES = ("report.html", "leaderboard.html", "search.html")
SANDBOX = (
    "sandbox allow-scripts; default-src 'none'; style-src 'unsafe-inline';"
    " script-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none';"
    " frame-ancestors 'none'"
)
"""A report brings its own scripts: it may run them, without this view's login and without a net."""
MOST_LISTED = 200
MOST_BYTES = 2_000_000
"""Of a summary that is read for the list."""
_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.=,+-]{0,127}")


def listed(runs: Path) -> list[dict[str, Any]]:
    """Return the latest runs and sweeps, the newest first."""
    if not runs.is_dir():
        return []
    names = sorted((e.name for e in os.scandir(runs) if e.is_dir()), reverse=True)
    return [_told(runs / name) for name in names[:MOST_LISTED] if _NAME.fullmatch(name)]


def file_of(runs: Path, words: str) -> tuple[Path, str]:
    """Return a file and its type; `words` are a run, perhaps a job of it, and the file's name.

    Raises Refused for anything else, and for what lies elsewhere by a link.
    """
    *folders, name = words.split("/")
    is_named = 1 <= len(folders) <= 3 and all(_NAME.fullmatch(f) for f in folders)
    if not is_named or name not in SHOWN:
        raise Refused(404, "expected a file of a run that is shown")
    path = runs.joinpath(*folders, name)
    home = runs.resolve()
    if not path.is_file() or not path.resolve().is_relative_to(home):
        raise Refused(404, "expected a file of a run that is there")
    return path, SHOWN[name]


def _told(run: Path) -> dict[str, Any]:
    """Return a line of the list: what a run was, how it ended, and what can be looked at."""
    told: dict[str, Any] = {"name": run.name, "files": [n for n in SHOWN if (run / n).is_file()]}
    jobs = sorted(_jobs(run), key=int)
    if jobs:
        told |= {"mode": "sweep", "jobs": len(jobs), "first_jobs": jobs[:24]}
    return told | _summary(run / "summary.json")


def _jobs(run: Path) -> Iterator[str]:
    for entry in os.scandir(run):
        if entry.name.isdecimal() and len(entry.name) < 7 and entry.is_dir():
            yield entry.name


def _summary(path: Path) -> dict[str, Any]:
    try:
        with open(path, "rb") as file:
            words = json.loads(file.read(MOST_BYTES))
        totals = words["totals"]
        return {
            "mode": str(words["mode"]),
            "deploy": str(words["deploy"]),
            "started": str(words["started"]),
            "ended": str(words["ended"]),
            "exit": int(words["exit"]),
            "currency": str(words["reporting_currency"]),
            "fills": int(totals["fills"]),
            "net": None if totals["pnl"] is None else str(totals["pnl"]["net"]),
            "markets": [str(name) for name in words["markets"]][:64],
        }
    except (OSError, ValueError, KeyError, TypeError):
        return {}
