"""A screened sweep ranks all jobs, and its survivors are replayed as if each had run alone."""

import csv
import json
from pathlib import Path

import pytest

from runner.command import start
from runner.sweep.screened import rank_correlation
from tests.deploys import KERNEL_CACHE

QUIET = ("mode=replay", "watch=none", "record.decisions=none", "record.page=false", "market=btc")
GRID = ("gamma=0.05,0.4", "kappa=1.5,3")


@pytest.fixture
def home(tmp_path: Path) -> dict[str, str]:
    """Return an environment whose home shares the compiled kernels of all tests."""
    KERNEL_CACHE.mkdir(parents=True, exist_ok=True)
    cache = tmp_path / "home" / "outputs" / "cache"
    cache.mkdir(parents=True)
    (cache / "kernels").symlink_to(KERNEL_CACHE)
    return {"MMRUNNER_HOME": str(tmp_path / "home")}


def rows_of(path: Path) -> list[dict[str, str]]:
    """Return a leaderboard's rows."""
    with path.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_survivors_leave_what_exact_runs_by_themselves_leave(
    tmp_path: Path, home: dict[str, str]
) -> None:
    sweep = tmp_path / "sweep"
    screen = ("replay.tier=screen", "sweep.survivors=2", "sweep.min_fills=5")
    assert start(("-m", *QUIET, *screen, *GRID, f"hydra.sweep.dir={sweep}"), home) == 0
    rows = rows_of(sweep / "leaderboard.csv")
    assert len(rows) == 4
    assert {row["tier"] for row in rows} == {"screen"}
    for row in rows:
        told = json.loads((sweep / row["job"] / "summary.json").read_text())["screened"]
        for side in ("lower", "upper"):
            assert row[f"net_{side}"] == told[side]["pnl"]["net"]
            assert int(row[f"fills_{side}"]) == told[side]["fills"]
    chosen = [row for row in rows if row["exact_net"]]
    assert sorted(row["screened_rank"] for row in chosen) == ["1", "2"]
    assert {p.name for p in (sweep / "exact").iterdir() if p.is_dir()} == {r["job"] for r in chosen}
    best = chosen[0]
    alone = tmp_path / "alone"
    words = ("replay.tier=exact", f"gamma={best['gamma']}", f"kappa={best['kappa']}")
    assert start((*QUIET, *words, f"hydra.run.dir={alone}"), home) == 0
    job = sweep / "exact" / best["job"]
    assert {p.name for p in job.iterdir()} == {p.name for p in alone.iterdir()}
    for name in ("fills.csv", "summary.json"):
        assert (job / name).read_bytes() == (alone / name).read_bytes(), name
    exact = json.loads((job / "summary.json").read_text())
    assert best["exact_net"] == exact["totals"]["pnl"]["net"]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("replay.tier=screen", "risk.collar_bps=50,100"), "risk.collar_bps: expected a key that"),
        (("replay.tier=screen,exact",), "replay.tier: expected screen for all jobs or for none"),
        (("sweep.survivors=2", "gamma=0.1,0.2"), "sweep.survivors: expected replay.tier=screen"),
        (("replay.tier=screen", "replay.fills=recorded"), "replay: expected tier exact or parity"),
    ],
)
def test_what_a_screen_cannot_honour_is_refused(
    words: tuple[str, ...],
    told: str,
    tmp_path: Path,
    home: dict[str, str],
    capsys: pytest.CaptureFixture[str],
) -> None:
    sweep = tmp_path / "sweep"
    assert start(("-m", *QUIET, *words, f"hydra.sweep.dir={sweep}"), home) == 2
    assert capsys.readouterr().err.startswith(f"mmrunner: {told}")
    assert not sweep.exists()


def test_ranks_are_correlated_ties_sharing_theirs() -> None:
    assert rank_correlation([(1, 10), (2, 20), (3, 900)]) == pytest.approx(1.0)
    assert rank_correlation([(1, 3), (2, 2), (3, 1)]) == pytest.approx(-1.0)
    # scipy.stats.spearmanr([1, 2, 2, 4], [1, 3, 2, 4])
    assert rank_correlation([(1, 1), (2, 3), (2, 2), (4, 4)]) == pytest.approx(0.9486832980505138)
    assert rank_correlation([(1, 1), (2, 2)]) is None
    assert rank_correlation([(1, 1), (1, 2), (1, 3)]) is None
