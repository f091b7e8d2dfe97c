"""Run command lines against a copy of conf/ and an empty home, with a mode that does nothing."""

import logging
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from runner.command import CHECKOUT, start
from runner.config.compose import Composed, compose, new_loader
from runner.places import Places
from runner.settings import Settings


@dataclass
class Outcome:
    """What a command line left: exit code, what it printed, and what the mode was given."""

    code: int
    out: str
    err: str
    home: Path
    runs: list[tuple[Settings, Places]] = field(default_factory=list)

    @property
    def line(self) -> str:
        """The one line on stderr."""
        assert self.err.count("\n") == 1, self.err
        assert self.err.startswith("mmrunner: "), self.err
        return self.err.removeprefix("mmrunner: ").rstrip("\n")


Command = Callable[..., Outcome]


@pytest.fixture(autouse=True)
def quiet_logging() -> Iterator[None]:
    """Take back the handlers that Hydra's --info gives to the root logger."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Return a checkout with the committed conf/ alone, so that no conf/local plays a part."""
    place = tmp_path / "checkout"
    shutil.copytree(CHECKOUT / "conf", place / "conf", ignore=shutil.ignore_patterns("local"))
    return place


@pytest.fixture
def composed(checkout: Path) -> Callable[..., Composed]:
    """Return a function that composes and validates overrides."""

    def run(*overrides: str) -> Composed:
        return compose(new_loader(checkout), overrides)

    return run


@pytest.fixture
def settled(composed: Callable[..., Composed]) -> Callable[..., Settings]:
    """Return a function from overrides to settings."""
    return lambda *overrides: composed(*overrides).settings


@pytest.fixture
def command(
    checkout: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> Command:
    """Return a function that runs a command line in an empty working directory."""
    home, cwd = tmp_path / "home", tmp_path / "cwd"
    cwd.mkdir()
    monkeypatch.chdir(cwd)

    def run(
        *words: str,
        mode: Callable[[Settings, Places], int] | None = None,
        environment: Mapping[str, str] | None = None,
    ) -> Outcome:
        runs: list[tuple[Settings, Places]] = []

        def idle(settings: Settings, places: Places) -> int:
            runs.append((settings, places))
            places.run.open()
            return 0 if mode is None else mode(settings, places)

        given = {"MMRUNNER_HOME": str(home), **(environment or {})}
        capsys.readouterr()
        code = start(words, given, idle, checkout)
        out, err = capsys.readouterr()
        return Outcome(code, out, err, home, runs)

    return run
