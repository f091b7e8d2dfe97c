"""-m validates every job first, runs each in its own directory, and ends with the worst code."""

from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import pytest
import yaml

from connectors.model.errors import DataError
from runner.config.sweep import worst
from runner.places import Places
from runner.settings import Settings

GRID = ("-m", "mode=replay", "watch=none", "gamma=0.05,0.1,0.2", "kappa=0.8,1.5", "market=btc,eth")


def test_every_combination_runs_in_a_directory_of_its_own(command: Callable) -> None:
    outcome = command(*GRID)
    assert (outcome.code, outcome.err) == (0, "")
    found = {(s.gamma, s.kappa, *s.markets) for s, _ in outcome.runs}
    assert found == {
        (gamma, kappa, market)
        for gamma in (0.05, 0.1, 0.2)
        for kappa in (0.8, 1.5)
        for market in ("btc", "eth")
    }
    sweep = Path(outcome.out.splitlines()[-1].removeprefix("run directory: "))
    assert sweep.parent == outcome.home / "outputs" / "runs"
    assert [places.run.path for _, places in outcome.runs] == [sweep / str(k) for k in range(12)]
    for settings, places in outcome.runs:
        saved = yaml.safe_load((places.run.path / ".hydra" / "config.yaml").read_text())
        assert saved["gamma"] == settings.gamma


def test_lists_of_markets_may_be_swept(command: Callable) -> None:
    outcome = command("-m", "mode=replay", "market=[btc],[eth,sol]")
    assert [list(settings.markets) for settings, _ in outcome.runs] == [["btc"], ["eth", "sol"]]


def test_flags_may_stand_anywhere(command: Callable) -> None:
    assert len(command("mode=replay", "gamma=0.1,0.2", "-m").runs) == 2
    assert len(command("mode=replay", "-m", "gamma=0.1,0.2").runs) == 2


def test_root_values_reach_the_markets_of_each_job(command: Callable) -> None:
    outcome = command("-m", "mode=replay", "strategy.levels=1,3", "market=btc")
    levels = [settings.markets["btc"].strategy.levels for settings, _ in outcome.runs]
    assert levels == [1, 3]


def test_a_sweep_keeps_no_decisions_unless_asked(command: Callable) -> None:
    words = ("-m", "mode=replay", "gamma=0.1,0.2")
    assert {s.record.decisions for s, _ in command(*words).runs} == {"none"}
    asked = command(*words, "record.decisions=all")
    assert {s.record.decisions for s, _ in asked.runs} == {"all"}


def test_typed_paths_start_where_they_are_typed(command: Callable, tmp_path: Path) -> None:
    outcome = command("-m", "mode=replay", "tape=csv", "tape.path=a.csv,b.csv")
    assert [settings.tape.path for settings, _ in outcome.runs] == [
        tmp_path / "cwd" / "a.csv",
        tmp_path / "cwd" / "b.csv",
    ]


def test_the_sweep_goes_on_after_a_bad_job_and_ends_with_the_worst_code(command: Callable) -> None:
    def mode(settings: Settings, places: Places) -> int:
        if settings.gamma == 0.1:
            raise DataError("torn")
        if settings.gamma == 0.2:
            raise ZeroDivisionError("division by zero")
        return 4

    outcome = command("-m", "mode=replay", "gamma=0.1,0.2,0.3", "watch=none", mode=mode)
    assert outcome.code == 1
    assert len(outcome.runs) == 3
    lines = outcome.err.splitlines()
    assert lines[0] == "mmrunner: job 0 (gamma=0.1): torn"
    crashed = "mmrunner: job 1 (gamma=0.2): crashed: ZeroDivisionError: division by zero (traceback"
    assert lines[1].startswith(crashed)
    assert "job 1 (gamma=0.2):" in lines
    assert "Traceback (most recent call last):" in lines
    assert lines[-1] == "mmrunner: 2 of 3 jobs failed: 0, 1"
    logs = [(places.run.path / "run.log") for _, places in outcome.runs]
    assert logs[0].read_text() == "torn\n"
    assert "Traceback" in logs[1].read_text()
    assert not logs[2].exists()


def test_an_interrupt_ends_the_sweep(command: Callable) -> None:
    def mode(settings: Settings, places: Places) -> int:
        raise KeyboardInterrupt

    outcome = command("-m", "mode=replay", "gamma=0.1,0.2", mode=mode)
    assert (outcome.code, len(outcome.runs)) == (130, 1)
    assert outcome.err.splitlines()[-1] == "mmrunner: interrupted: 1 of 2 jobs were not run"
    assert outcome.out.splitlines()[-1].startswith("run directory: ")


def test_the_directory_may_be_chosen(command: Callable, tmp_path: Path) -> None:
    outcome = command("-m", "mode=replay", "gamma=0.1,0.2", "hydra.sweep.dir=grid")
    assert outcome.out.splitlines()[-1] == f"run directory: {tmp_path / 'cwd' / 'grid'}"
    assert (tmp_path / "cwd" / "grid" / "1" / ".hydra").is_dir()


def test_a_bad_job_is_refused_by_its_words_before_any_runs(command: Callable) -> None:
    outcome = command("-m", "mode=replay", "market=btc,eth", "gamma=0.1,7")
    assert (outcome.code, outcome.runs) == (2, [])
    assert outcome.line == (
        "gamma: expected a number from 0.01 to 1, was 7 (job 1: market=btc gamma=7)"
    )
    assert not (outcome.home / "outputs").exists()


def test_jobs_that_would_share_a_directory_are_refused(command: Callable) -> None:
    outcome = command("-m", "mode=replay", "gamma=0.1,0.2", "hydra.sweep.subdir=same")
    assert outcome.code == 2
    assert outcome.line.startswith("hydra.sweep.subdir: expected a directory of its own")


def test_a_job_may_be_called_by_its_words(command: Callable) -> None:
    form = "hydra.sweep.subdir=${hydra.job.override_dirname}"
    outcome = command("-m", "mode=replay", "gamma=0.1,0.2", form)
    names = [places.run.path.name for _, places in outcome.runs]
    assert names == ["gamma=0.1,mode=replay", "gamma=0.2,mode=replay"]


def test_hydras_own_sweeper_can_be_chosen(command: Callable) -> None:
    outcome = command("-m", "mode=replay", "gamma=0.1,0.2", "hydra/sweeper=basic")
    assert (outcome.code, [s.gamma for s, _ in outcome.runs]) == (0, [0.1, 0.2])


@pytest.mark.parametrize(
    ("codes", "code"),
    [
        ([], 0),
        ([0, 0], 0),
        ([0, 130], 130),
        ([130, 4], 4),
        ([4, 3], 3),
        ([3, 1, 0], 1),
        ([2, 0], 2),
    ],
)
def test_worst(codes: list[int], code: int) -> None:
    assert worst(codes) == code


def test_a_search_does_not_go_to_a_cluster(command: Callable) -> None:
    outcome = command("-m", "hydra/launcher=ray", "hydra/sweeper=optuna", "gamma=interval(0.1,1)")
    assert outcome.code == 2
    assert outcome.line == "hydra/launcher=ray: expected hydra/sweeper=grid, was optuna"


def test_a_cluster_without_ray_is_refused(command: Callable) -> None:
    if find_spec("ray") is not None:
        pytest.skip("ray is installed")
    outcome = command("-m", "hydra/launcher=ray", "mode=replay", "gamma=0.1,0.2")
    assert outcome.code == 2
    assert "hydra/launcher=ray: expected the package ray, was without it" in outcome.err
