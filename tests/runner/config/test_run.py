"""A run gets one directory, made when the mode opens it, and its exit code comes out."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from connectors.model.errors import ConfigError, DataError, MmrunnerError
from runner.command import CHECKOUT
from runner.places import Places
from runner.settings import Settings


def directory_of(out: str) -> Path:
    """Return the directory named by the last line."""
    return Path(out.splitlines()[-1].removeprefix("run directory: "))


def test_the_directory_lies_in_the_home_and_says_what_ran(command: Callable) -> None:
    outcome = command("market=btc", "strategy.levels=2", "gamma=0.3")
    directory = directory_of(outcome.out)
    assert outcome.code == 0
    assert directory.parent == outcome.home / "outputs" / "runs"
    assert re.fullmatch(
        rf"\d{{4}}-\d\d-\d\dT\d\d-\d\d-\d\d\.\d{{6}}Z-{os.getpid()}", directory.name
    )
    files = sorted(path.name for path in (directory / ".hydra").iterdir())
    assert files == ["config.yaml", "hydra.yaml", "overrides.yaml"]
    config = yaml.safe_load((directory / ".hydra" / "config.yaml").read_text())
    assert (config["gamma"], config["markets"]["btc"]["strategy"]["levels"]) == (0.3, 2)
    assert config["markets"]["btc"]["strategy"]["gamma"] == "${gamma}"
    overrides = yaml.safe_load((directory / ".hydra" / "overrides.yaml").read_text())
    assert overrides == ["market=btc", "strategy.levels=2", "gamma=0.3"]
    hydra = yaml.safe_load((directory / ".hydra" / "hydra.yaml").read_text())
    assert hydra["hydra"]["runtime"]["choices"]["strategy"] == "avellaneda_stoikov"


def test_two_starts_do_not_share_a_directory(command: Callable) -> None:
    assert directory_of(command().out) != directory_of(command().out)


def test_the_directory_may_be_chosen(command: Callable, tmp_path: Path) -> None:
    outcome = command("hydra.run.dir=mine/run")
    assert directory_of(outcome.out) == tmp_path / "cwd" / "mine" / "run"
    assert (tmp_path / "cwd" / "mine" / "run" / ".hydra").is_dir()
    assert not outcome.home.exists()


def test_the_saved_configuration_may_be_left_out(command: Callable) -> None:
    outcome = command("hydra.output_subdir=null")
    assert list(directory_of(outcome.out).iterdir()) == []


@pytest.mark.parametrize("code", [0, 3, 4, 130])
def test_the_modes_exit_code_comes_out(code: int, command: Callable) -> None:
    assert command(mode=lambda settings, places: code).code == code


def test_home_is_the_checkout_by_default(command: Callable, checkout: Path) -> None:
    outcome = command(environment={"MMRUNNER_HOME": ""})
    assert directory_of(outcome.out).parent == checkout / "outputs" / "runs"


def refuse_before(settings: Settings, places: Places) -> int:
    raise DataError("tape.path: nothing is there")


def test_a_run_refused_before_it_opened_its_directory_leaves_nothing(
    command: Callable, checkout: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from runner.command import start

    home = tmp_path / "home"
    code = start(["mode=replay"], {"MMRUNNER_HOME": str(home)}, refuse_before, checkout)
    out, err = capsys.readouterr()
    assert (code, out, err) == (2, "", "mmrunner: tape.path: nothing is there\n")
    assert not home.exists()


@pytest.mark.parametrize(
    ("error", "code"), [(ConfigError("x"), 2), (DataError("x"), 2), (MmrunnerError("x"), 1)]
)
def test_an_error_of_ours_is_one_line(error: Exception, code: int, command: Callable) -> None:
    def fail(settings: Settings, places: Places) -> int:
        raise error

    outcome = command(mode=fail)
    assert (outcome.code, outcome.line) == (code, "x")
    assert directory_of(outcome.out).is_dir()


def test_a_crash_is_one_line_and_its_traceback_is_in_the_log(command: Callable) -> None:
    def crash(settings: Settings, places: Places) -> int:
        raise KeyError("nobody\nthought of this")

    outcome = command(mode=crash)
    log = directory_of(outcome.out) / "run.log"
    assert outcome.code == 1
    assert outcome.line.startswith("crashed: KeyError: ")
    assert str(log) in outcome.line
    assert "Traceback" in log.read_text()
    assert "in crash" in log.read_text()


def test_an_interrupt_is_130(command: Callable) -> None:
    def interrupted(settings: Settings, places: Places) -> int:
        raise KeyboardInterrupt

    outcome = command(mode=interrupted)
    assert (outcome.code, outcome.err) == (130, "")
    assert directory_of(outcome.out).is_dir()


def test_a_file_where_a_directory_is_wanted(command: Callable, tmp_path: Path) -> None:
    file = tmp_path / "cwd" / "file"
    file.write_text("")
    for words in (["hydra.run.dir=file"], ["hydra.run.dir=file/below"]):
        outcome = command(*words)
        assert outcome.line == f"hydra.run.dir: expected a directory, was a file: {file}"
        assert outcome.code == 2
    sweep = command("-m", "mode=replay", "gamma=0.1,0.2", "hydra.sweep.dir=file")
    assert sweep.line == f"hydra.sweep.dir: expected a directory, was a file: {file}"
    assert not sweep.home.exists()


def test_outputs_that_is_a_file(command: Callable, tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "outputs").write_text("")
    outcome = command()
    assert outcome.line.startswith("MMRUNNER_HOME: expected a directory, was a file: ")
    assert (outcome.code, outcome.runs) == (2, [])


def test_flags_show_and_do_nothing_else(command: Callable) -> None:
    shown = command("--cfg", "job", "-p", "markets.btc.strategy", "strategy.levels=2")
    assert yaml.safe_load(shown.out)["levels"] == 2
    names = "avellaneda_stoikov, cartea_jaimungal, glft, hybrid, linear"
    assert f"strategy: {names}" in command("--help").out
    assert "Defaults Tree" in command("--info", "defaults-tree").out
    assert command("--hydra-help").code == 0
    for words in (["--cfg", "job"], ["--help"]):
        outcome = command(*words)
        assert (outcome.code, outcome.runs) == (0, [])
        assert not outcome.home.exists()
        assert command(*words, "gamma=7").code == 2


def run_python(*words: str, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run `python -m runner` of this checkout from another directory."""
    given = {**os.environ, "PYTHONPATH": str(CHECKOUT), **environment}
    return subprocess.run(
        [sys.executable, "-m", "runner", *words],
        cwd=cwd,
        env=given,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_the_command_works_from_any_directory_and_leaves_no_trace(tmp_path: Path) -> None:
    (tmp_path / "cwd").mkdir()
    home = str(tmp_path / "home")
    refused = run_python("gamma=7", cwd=tmp_path / "cwd", MMRUNNER_HOME=home)
    assert (refused.returncode, refused.stdout) == (2, "")
    assert refused.stderr == "mmrunner: gamma: expected a number from 0.01 to 1, was 7\n"
    shown = run_python("explain-config", cwd=tmp_path / "cwd", MMRUNNER_HOME=home)
    assert (shown.returncode, shown.stderr) == (0, "")
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["cwd"]


HEAVY = (
    *("numpy", "numba", "pyarrow", "matplotlib", "apscheduler", "rich", "ccxt", "lighter"),
    *("optuna", "sqlalchemy", "ray"),
)


def test_validating_imports_nothing_heavy(tmp_path: Path) -> None:
    script = (
        "import json, os, sys; from runner.command import start;"
        "start(['market=btc'], {'MMRUNNER_HOME': sys.argv[1]}, lambda settings, places: 0);"
        "print(json.dumps(sorted({name.partition('.')[0] for name in sys.modules})))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path)],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    loaded = set(json.loads(done.stdout.splitlines()[-1]))
    assert "hydra" in loaded
    assert not loaded & set(HEAVY)


def test_a_sweep_that_is_no_search_imports_nothing_of_one(tmp_path: Path) -> None:
    script = (
        "import json, os, sys; from runner.command import start;"
        "start(['-m', 'mode=replay', 'gamma=0.1,0.2', 'watch=none'],"
        " {'MMRUNNER_HOME': sys.argv[1]}, lambda settings, places: 0);"
        "print(json.dumps(sorted({name.partition('.')[0] for name in sys.modules})))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path)],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert not {"optuna", "sqlalchemy", "ray"} & set(json.loads(done.stdout.splitlines()[-1]))


def test_a_key_of_sweeps_without_one_is_refused(command: Callable) -> None:
    outcome = command("mode=replay", "sweep.min_fills=5")
    assert (outcome.code, outcome.runs) == (2, [])
    assert outcome.line.startswith("sweep.min_fills: expected -m")
    assert not (outcome.home / "outputs").exists()
