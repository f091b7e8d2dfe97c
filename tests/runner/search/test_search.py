"""A search finds what it looks for, shows what failed, and goes on where it was stopped."""

import csv
from pathlib import Path

import pytest

from connectors.model.errors import ConfigError
from runner.interrupts import Interrupt
from tests.runner.search.hill import FAR, TOP, Hill, failing, search

KAPPA = "kappa=range(1,11)"


def rows_of(path: Path) -> list[dict[str, str]]:
    """Return a CSV file's rows."""
    with path.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def tried(run: Path) -> list[tuple[str, ...]]:
    """Return what a run's study has tried and found, less where."""
    keep = ("gamma", "kappa", "net", "exit")
    return [tuple(row[key] for key in keep) for row in rows_of(run / "trials.csv")]


@pytest.mark.parametrize("sampler", ["tpe", "random", "cmaes", "nsga2"])
def test_every_sampler_comes_near_the_top(tmp_path: Path, sampler: str) -> None:
    words = (FAR, KAPPA, "search.trials=18", f"search.sampler={sampler}")
    assert search(tmp_path, "run", *words) == 0
    rows = rows_of(tmp_path / "run" / "trials.csv")
    assert len(rows) == 18
    (best,) = [row for row in rows if row["is_on_front"] == "1"]
    nets = [float(row["net"]) for row in rows if row["short_of_fills"] == "0"]
    assert float(best["net"]) == max(nets)
    assert abs(float(best["gamma"]) - TOP) < 0.2


def test_what_has_too_few_fills_is_not_chosen(tmp_path: Path) -> None:
    assert search(tmp_path, "run", "gamma=0.3", "kappa=choice(9,10)", "search.trials=3") == 0
    rows = rows_of(tmp_path / "run" / "trials.csv")
    assert {(row["short_of_fills"], row["is_on_front"]) for row in rows} == {("97", "0")}


def test_the_leaderboard_has_every_trial_and_its_page_the_search(
    tmp_path: Path,
) -> None:
    assert search(tmp_path, "run", FAR, KAPPA, "search.trials=15") == 0
    board = rows_of(tmp_path / "run" / "leaderboard.csv")
    assert {row["job"] for row in board} == {str(k) for k in range(15)}
    assert all((tmp_path / "run" / row["job"] / ".hydra" / "config.yaml").exists() for row in board)
    page = (tmp_path / "run" / "leaderboard.html").read_text(encoding="utf-8")
    for part in ("History", "<circle", "Best trial", "Importance", "Jobs"):
        assert part in page


SLOW = pytest.mark.slow


@pytest.mark.parametrize(
    "sampler", ["tpe", pytest.param("random", marks=SLOW), pytest.param("nsga2", marks=SLOW)]
)
def test_a_seed_repeats_a_search(tmp_path: Path, sampler: str) -> None:
    words = (FAR, KAPPA, "search.trials=12", f"search.sampler={sampler}")
    for home in ("one", "two"):
        assert search(tmp_path / home, "run", *words) == 0
    assert tried(tmp_path / "one" / "run") == tried(tmp_path / "two" / "run")
    assert search(tmp_path / "three", "run", *words, "search.seed=2") == 0
    assert tried(tmp_path / "three" / "run") != tried(tmp_path / "one" / "run")


def test_threads_do_not_race_for_what_is_tried(tmp_path: Path) -> None:
    words = (FAR, KAPPA, "search.trials=13", "search.threads=3")
    for home in ("one", "two"):
        assert search(tmp_path / home, "run", *words) == 0
    assert tried(tmp_path / "one" / "run") == tried(tmp_path / "two" / "run")


@pytest.mark.parametrize("sampler", ["tpe", pytest.param("random", marks=SLOW)])
def test_a_study_that_was_interrupted_goes_on_as_if_it_had_not_been(
    tmp_path: Path, sampler: str
) -> None:
    words = (FAR, KAPPA, "search.trials=13", f"search.sampler={sampler}")
    assert search(tmp_path / "whole", "run", *words) == 0
    hill = Hill(failing({11: Interrupt}))
    assert search(tmp_path / "broken", "first", *words, hill=hill) == 130
    assert hill.stopped
    assert len(rows_of(tmp_path / "broken" / "first" / "leaderboard.csv")) == 11
    assert search(tmp_path / "broken", "second", *words) == 0
    assert tried(tmp_path / "broken" / "second") == tried(tmp_path / "whole" / "run")
    board = rows_of(tmp_path / "broken" / "second" / "leaderboard.csv")
    whole = rows_of(tmp_path / "whole" / "run" / "leaderboard.csv")
    assert [row["deflated_sharpe"] for row in board] == [row["deflated_sharpe"] for row in whole]


def test_a_study_that_has_all_its_trials_runs_none(tmp_path: Path) -> None:
    words = (FAR, "search.trials=5")
    assert search(tmp_path, "one", *words) == 0
    hill = Hill()
    assert search(tmp_path, "two", *words, hill=hill) == 0
    assert not hill.seen
    assert search(tmp_path, "three", FAR, "search.trials=7", hill=hill) == 0
    assert len(hill.seen) == 2


def test_a_trial_that_fails_says_why_and_stops_no_other(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    hill = Hill(failing({2: ZeroDivisionError}))
    assert search(tmp_path, "run", FAR, "search.trials=6", hill=hill) == 1
    assert "ZeroDivisionError" in (tmp_path / "run" / "2" / "run.log").read_text()
    assert [row["exit"] for row in rows_of(tmp_path / "run" / "trials.csv")] == [*"001000"]
    errors = capsys.readouterr().err
    assert "mmrunner: 1 of 6 jobs failed: 2" in errors
    assert "Traceback (most recent call last):" in errors


def test_values_that_cannot_be_meant_together_fail_alone(tmp_path: Path) -> None:
    words = ("strategy.levels=1", "strategy.refresh_ms=range(10,1000,10)", "search.trials=12")
    fast = ("risk.max_orders_per_s=20", "search.sampler=random")
    with pytest.raises(ConfigError, match=r"refresh_ms: expected at most risk.max_orders_per_s"):
        search(tmp_path, "run", *words, *fast)
    assert not (tmp_path / "run").exists()
    both = ("strategy.levels=range(1,9)", "strategy.refresh_ms=range(100,500,50)")
    slow = ("risk.max_orders_per_s=40", "search.trials=12", "search.sampler=random")
    assert search(tmp_path, "run", *both, *slow) == 2
    rows = rows_of(tmp_path / "run" / "trials.csv")
    assert {row["exit"] for row in rows} == {"0", "2"}
    (refused, *_) = [row for row in rows if row["exit"] == "2"]
    log = Path(refused["directory"], "run.log").read_text()
    assert log.startswith("markets.btc.strategy.refresh_ms: expected")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("gamma=interval(0.01,0.5)",), "the space"),
        ((FAR, "search.objectives=sharpe_annual"), "the objectives"),
        ((FAR, "sweep.min_fills=5"), "the objectives"),
        ((FAR, "kappa=3"), "the settings"),
        ((FAR, "search.seed=9"), "the sampler"),
    ],
)
def test_a_study_of_something_else_is_refused(
    tmp_path: Path, words: tuple[str, ...], said: str
) -> None:
    assert search(tmp_path, "run", FAR, "search.trials=2") == 0
    hill = Hill()
    with pytest.raises(ConfigError, match=f"search.study: expected {said} as when hill was begun"):
        search(tmp_path, "again", *words, hill=hill)
    assert not hill.seen


def test_a_corner_that_is_not_allowed_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"gamma: expected a number from 0.01 to 1, was 5.0"):
        search(tmp_path, "run", "gamma=interval(0.1,5)")
    assert not list(tmp_path.iterdir())


def test_several_objectives_end_in_a_front(tmp_path: Path) -> None:
    words = (FAR, KAPPA, "search.objectives=[net,max_drawdown]", "search.sampler=nsga2")
    assert search(tmp_path, "run", *words, "search.trials=20") == 0
    rows = rows_of(tmp_path / "run" / "trials.csv")
    able = [row for row in rows if row["short_of_fills"] == "0"]
    points = {row["trial"]: (float(row["net"]), -float(row["max_drawdown"])) for row in able}
    for row in able:
        own = points[row["trial"]]
        beaten = any(p[0] >= own[0] and p[1] >= own[1] and p != own for p in points.values())
        assert (row["is_on_front"] == "1") is not beaten


def test_what_is_kept_back_is_not_looked_at(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"search.objectives: expected .* with sweep.split"):
        search(tmp_path, "run", FAR, "sweep.split=0.5", "search.objectives=fills")
