"""Jobs are sent to a cluster in batches, and what comes of them is what a sweep leaves."""

import csv
import os
import signal
import subprocess
import time
from pathlib import Path

import pytest

from runner.cluster.launch import MOST_A_BATCH, batches_of
from runner.cluster.worker import Worker
from runner.command import CHECKOUT
from runner.guard import Ending
from runner.sweep.grid import Done
from tests.deploys import KERNEL_CACHE
from tests.runner.sweep.test_grid import jobs

PYTHON = CHECKOUT / "outputs" / "ray" / ".venv" / "bin" / "python"
PATIENCE_S = 400.0
POLL_S = 0.05
RAY = "hydra/launcher=ray"
WORDS = ("mode=replay", "market=btc", "watch=none", "sweep.min_fills=1")


@pytest.mark.parametrize("workers", [1, 2, 3, 50])
def test_every_job_is_in_one_batch(tmp_path: Path, workers: int) -> None:
    all_jobs = jobs(tmp_path) * 20
    batches = batches_of(all_jobs, workers)
    assert [job for batch in batches for job in batch] == all_jobs
    assert max(map(len, batches)) <= MOST_A_BATCH
    assert len(batches) >= min(4 * workers, len(all_jobs) // MOST_A_BATCH)


def test_a_worker_that_was_told_to_stop_begins_no_other_job(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    worker = Worker(tmp_path, CHECKOUT)
    begun = []

    def one(grid: object, job: object) -> Done:
        begun.append(job)
        if len(begun) == 2:
            worker.stop()
        return Done(job, Ending(0))  # type: ignore[arg-type]

    monkeypatch.setattr("runner.sweep.grid.Grid.one", one)
    outcomes = worker.run(jobs(tmp_path))
    assert [(o.number, o.ending.code, o.score) for o in outcomes] == [(0, 0, None), (1, 0, None)]


def begin(home: Path, *words: str) -> "subprocess.Popen[str]":
    """Start a sweep in the environment of Ray, with the compiled loop of all tests."""
    if not PYTHON.exists():
        pytest.skip(f"needs Ray's own environment, which `make ray` makes: {PYTHON}")
    cache = home / "outputs" / "cache"
    cache.mkdir(parents=True)
    KERNEL_CACHE.mkdir(parents=True, exist_ok=True)
    (cache / "kernels").symlink_to(KERNEL_CACHE)
    return subprocess.Popen(
        [str(PYTHON), "-m", "runner", "-m", *WORDS, *words],
        cwd=CHECKOUT,
        env={**os.environ, "MMRUNNER_HOME": str(home)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def rows_of(sweep: Path) -> list[dict[str, str]]:
    """Return the rows of a leaderboard."""
    with (sweep / "leaderboard.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def is_running(words: str) -> bool:
    """Tell whether a process with these words is left."""
    for path in Path("/proc").glob("[0-9]*/environ"):
        try:
            if words.encode() in path.read_bytes():
                return True
        except OSError:
            continue
    return False


@pytest.mark.slow
def test_a_grid_on_ray_ends_as_it_does_without(tmp_path: Path) -> None:
    words = ("gamma=0.05,0.4", "kappa=2,4")
    process = begin(tmp_path / "home", RAY, *words, f"hydra.sweep.dir={tmp_path / 'ray'}")
    out, errors = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 0, errors
    assert out.splitlines()[-1] == f"run directory: {tmp_path / 'ray'}"
    here = begin(tmp_path / "other", *words, f"hydra.sweep.dir={tmp_path / 'here'}")
    assert here.wait(PATIENCE_S) == 0
    assert rows_of(tmp_path / "ray") == rows_of(tmp_path / "here")
    for k in range(4):
        one, two = (tmp_path / name / str(k) / "summary.json" for name in ("ray", "here"))
        assert one.read_bytes() == two.read_bytes()


@pytest.mark.slow
def test_a_sweep_on_ray_that_is_told_to_end_leaves_no_process(tmp_path: Path) -> None:
    gammas = ",".join(f"{0.02 + 0.0004 * k:.4f}" for k in range(2000))
    home, sweep = tmp_path / "home", tmp_path / "sweep"
    process = begin(home, RAY, f"gamma={gammas}", f"hydra.sweep.dir={sweep}")
    for _ in range(int(PATIENCE_S / POLL_S)):
        if len(list(sweep.glob("*/summary.json"))) >= 3 or process.poll() is not None:
            break
        time.sleep(POLL_S)
    process.send_signal(signal.SIGTERM)
    _, errors = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 130, errors
    assert "jobs were not run" in errors
    assert 1 <= len(rows_of(sweep)) < 2000
    for _ in range(int(30 / POLL_S)):
        if not is_running(f"MMRUNNER_HOME={home}"):
            return
        time.sleep(POLL_S)
    pytest.fail("a process is left")
