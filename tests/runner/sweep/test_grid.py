"""Jobs of a sweep run side by side, and leave what each would have left alone."""

import csv
import json
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from connectors.model.errors import DataError
from runner.command import CHECKOUT, start
from runner.config.sweep import Job
from runner.guard import Mode
from runner.interrupts import Interrupt
from runner.places import Places
from runner.settings import Settings
from runner.sweep.grid import TURN_S, Grid
from runner.watch.progress import Silent
from tests.deploys import KERNEL_CACHE, settings_for

SETTINGS = settings_for("mode=replay", "market=btc", "watch=none")
QUIET = ("mode=replay", "watch=none", "record.decisions=none", "record.page=false")
JOBS = 6


class NoFiles:
    """Files of a job that saves none."""

    def write(self, directory: Path) -> None:
        """Do nothing."""


def jobs(directory: Path) -> list[Job]:
    """Return jobs that differ in their numbers alone."""
    return [
        Job(k, (f"seed={k}",), SETTINGS, directory / str(k), NoFiles())  # type: ignore[arg-type]
        for k in range(JOBS)
    ]


def grid(directory: Path, mode: Mode, stop: Callable[[], None] = lambda: None) -> Grid:
    """Return a grid at a home of its own."""
    return Grid(mode, stop, directory, CHECKOUT)


def test_jobs_run_at_the_same_time(tmp_path: Path) -> None:
    together = threading.Barrier(3, timeout=60)

    def mode(settings: Settings, places: Places) -> int:
        together.wait()
        return 0

    ended = grid(tmp_path, mode).run(jobs(tmp_path), 3, Silent())
    assert [(done.job.number, done.ending.code) for done in ended] == [(k, 0) for k in range(JOBS)]


def test_a_job_that_fails_does_not_stop_the_others(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def mode(settings: Settings, places: Places) -> int:
        places.run.open()
        match places.run.path.name:
            case "1":
                raise DataError("torn")
            case "4":
                raise ZeroDivisionError("division by zero")
        return 0

    ended = grid(tmp_path, mode).run(jobs(tmp_path), 2, Silent())
    assert [done.ending.code for done in ended] == [0, 2, 0, 0, 1, 0]
    assert "mmrunner: job 1 (seed=1): torn" in capsys.readouterr().err.splitlines()
    assert (tmp_path / "1" / "run.log").read_text() == "torn\n"
    assert "ZeroDivisionError" in (tmp_path / "4" / "run.log").read_text()


def test_a_job_that_is_refused_says_so_in_a_directory_of_its_own(tmp_path: Path) -> None:
    def mode(settings: Settings, places: Places) -> int:
        if places.run.path.name == "2":
            raise DataError("tape.path: nothing is there")
        return 0

    grid(tmp_path, mode).run(jobs(tmp_path), 2, Silent())
    assert (tmp_path / "2" / "run.log").read_text() == "tape.path: nothing is there\n"


def test_an_interrupt_ends_what_runs_and_begins_nothing_new(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, asked = threading.Event(), threading.Event()

    def mode(settings: Settings, places: Places) -> int:
        begun.set()
        assert asked.wait(60)
        return 130

    def interrupted(*args: object) -> object:
        begun.wait(60)
        monkeypatch.undo()
        raise Interrupt

    monkeypatch.setattr("runner.sweep.grid.wait_for", interrupted)
    ended = grid(tmp_path, mode, asked.set).run(jobs(tmp_path), 2, Silent())
    assert 1 <= len(ended) <= 2
    assert {done.ending.code for done in ended} == {130}


def test_a_sweeps_jobs_leave_what_runs_by_themselves_leave(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("MMRUNNER_HOME", str(tmp_path / "home"))
    kernels = tmp_path / "home" / "outputs" / "cache" / "kernels"
    KERNEL_CACHE.mkdir(parents=True, exist_ok=True)
    kernels.parent.mkdir(parents=True)
    kernels.symlink_to(KERNEL_CACHE)
    home = {"MMRUNNER_HOME": str(tmp_path / "home")}
    sweep = tmp_path / "sweep"
    words = ("gamma=0.05,0.4", "market=btc,eth", f"hydra.sweep.dir={sweep}")
    assert start(("-m", *QUIET, *words), home) == 0
    combinations = [("0.05", "btc"), ("0.05", "eth"), ("0.4", "btc"), ("0.4", "eth")]
    for number, (gamma, market) in enumerate(combinations):
        alone = tmp_path / f"{gamma}-{market}"
        words = (f"gamma={gamma}", f"market={market}", f"hydra.run.dir={alone}")
        assert start((*QUIET, *words), home) == 0
        job = sweep / str(number)
        assert {p.name for p in job.iterdir()} == {p.name for p in alone.iterdir()}
        for name in ("fills.csv", "summary.json", ".hydra/config.yaml"):
            assert (job / name).read_bytes() == (alone / name).read_bytes(), name
    assert f"run directory: {sweep}" in capsys.readouterr().out.splitlines()
    with (sweep / "leaderboard.csv").open(encoding="utf-8") as file:
        rows = {row["job"]: row for row in csv.DictReader(file)}
    for number in range(4):
        summary = json.loads((sweep / str(number) / "summary.json").read_text())
        assert rows[str(number)]["net"] == summary["totals"]["pnl"]["net"]
        assert int(rows[str(number)]["fills"]) == summary["totals"]["fills"]


def test_the_interpreters_turns_are_as_before_when_a_sweep_has_ended(tmp_path: Path) -> None:
    before_s, seen = sys.getswitchinterval(), set()

    def mode(settings: Settings, places: Places) -> int:
        seen.add(round(sys.getswitchinterval(), 6))
        return 0

    grid(tmp_path, mode).run(jobs(tmp_path), 2, Silent())
    assert seen == {TURN_S}
    assert sys.getswitchinterval() == before_s
