"""A grid over a recorded market ends in a leaderboard, and each job is what it is alone."""

import csv
import json
from pathlib import Path

import pytest

from runner.command import start
from tests.deploys import KERNEL_CACHE
from tests.recordings import recorded

QUIET = ("mode=replay", "watch=none", "record.decisions=none", "record.page=false")
GRID = ("gamma=0.05,0.1,0.2", "kappa=0.5,0.8,1.5", "market=btc,eth")


def test_a_grid_over_a_recorded_market(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tape = ("tape=binance_raw", f"tape.path={recorded('l2/binance_raw_20240718')}")
    KERNEL_CACHE.mkdir(parents=True, exist_ok=True)
    cache = tmp_path / "home" / "outputs" / "cache"
    cache.mkdir(parents=True)
    (cache / "kernels").symlink_to(KERNEL_CACHE)
    home = {"MMRUNNER_HOME": str(tmp_path / "home")}
    sweep = tmp_path / "sweep"
    asked = ("sweep.min_fills=1", f"hydra.sweep.dir={sweep}")
    assert start(("-m", *QUIET, *tape, *GRID, *asked), home) == 0
    assert f"run directory: {sweep}" in capsys.readouterr().out.splitlines()
    with (sweep / "leaderboard.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert {(row["gamma"], row["kappa"], row["market"]) for row in rows} == {
        (gamma, kappa, market)
        for gamma in ("0.05", "0.1", "0.2")
        for kappa in ("0.5", "0.8", "1.5")
        for market in ("btc", "eth")
    }
    assert (sweep / "heatmap.png").read_bytes().startswith(b"\x89PNG")
    assert "market=eth" in (sweep / "leaderboard.html").read_text(encoding="utf-8")
    for row in rows[::6]:
        own = [f"{key}={row[key]}" for key in ("gamma", "kappa", "market")]
        alone = tmp_path / f"alone-{row['job']}"
        assert start((*QUIET, *tape, *own, f"hydra.run.dir={alone}"), home) == 0
        job = sweep / row["job"]
        assert {p.name for p in job.iterdir()} == {p.name for p in alone.iterdir()}
        for name in ("fills.csv", "summary.json"):
            assert (job / name).read_bytes() == (alone / name).read_bytes(), name
        summary = json.loads((job / "summary.json").read_text())
        assert row["net"] == summary["totals"]["pnl"]["net"]
