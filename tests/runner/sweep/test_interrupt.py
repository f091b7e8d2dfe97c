"""SIGTERM ends a sweep with what it has: no process is left, and the leaderboard is there."""

import csv
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from runner.command import CHECKOUT
from tests.deploys import KERNEL_CACHE

PATIENCE_S = 300.0
POLL_S = 0.02
JOBS = 2000


def wait_for(what: Callable[[], bool]) -> None:
    """Wait until something holds in another process."""
    for _ in range(int(PATIENCE_S / POLL_S)):
        if what():
            return
        time.sleep(POLL_S)
    pytest.fail("it never held")


def is_gone(group: int) -> bool:
    """Tell whether no process of a group is left."""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return True
    return False


@pytest.mark.slow
def test_a_sweep_that_is_told_to_end_leaves_a_leaderboard_and_no_process(tmp_path: Path) -> None:
    KERNEL_CACHE.mkdir(parents=True, exist_ok=True)
    cache = tmp_path / "home" / "outputs" / "cache"
    cache.mkdir(parents=True)
    (cache / "kernels").symlink_to(KERNEL_CACHE)
    sweep = tmp_path / "sweep"
    gammas = ",".join(f"{0.02 + 0.0004 * k:.4f}" for k in range(JOBS))
    words = ("mode=replay", "market=btc", "watch=none", f"gamma={gammas}")
    process = subprocess.Popen(
        [sys.executable, "-m", "runner", "-m", *words, f"hydra.sweep.dir={sweep}"],
        cwd=CHECKOUT,
        env={**os.environ, "MMRUNNER_HOME": str(tmp_path / "home")},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    wait_for(lambda: len(list(sweep.glob("*/summary.json"))) >= 3 or process.poll() is not None)
    process.send_signal(signal.SIGTERM)
    out, errors = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 130, errors
    assert "jobs were not run" in errors
    assert out.splitlines()[-1] == f"run directory: {sweep}"
    assert is_gone(process.pid)
    with (sweep / "leaderboard.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert 3 <= len(rows) < JOBS
    assert {row["exit"] for row in rows} <= {"0", "130"}
