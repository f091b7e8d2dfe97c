"""Know where everything is kept: one home, whatever the working directory."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from connectors.model.errors import ConfigError

if TYPE_CHECKING:
    from runner.settings import Settings

HOME = "MMRUNNER_HOME"


def _saved(directory: Path) -> None:
    """Do nothing: what was to be written down is, and is let go of."""


class RunDirectory:
    """The directory of one run. Nothing is on disk until `open`: a refused run leaves nothing.

    `save` is called once with the new directory: it writes down what is about to run.
    """

    def __init__(self, path: Path, save: Callable[[Path], None] = lambda path: None) -> None:
        self.path = path
        self.opened = False
        self._save = save

    def open(self) -> Path:
        """Make the directory unless it is there, and return it; raise ConfigError if that fails."""
        if not self.opened:
            make_directory(self.path, "hydra.run.dir")
            self._save(self.path)
            self._save = _saved
            self.opened = True
        return self.path


@dataclass(frozen=True, slots=True)
class Places:
    """Absolute paths of a deploy's files. A property only names a place; `made` makes it.

    `checkout` is where the project itself lies, `run` the directory of this run. `recompose` reads
    this run's configuration from its files again.
    """

    home: Path
    checkout: Path
    run: RunDirectory
    recompose: "Callable[[], Settings] | None" = None

    @property
    def outputs(self) -> Path:
        """Everything that runs write."""
        return outputs(self.home)

    @property
    def ledgers(self) -> Path:
        """One SQLite file a deploy."""
        return self.outputs / "ledgers"

    @property
    def tapes(self) -> Path:
        """Market data written by record and paper runs."""
        return self.outputs / "tapes"

    @property
    def runs(self) -> Path:
        """One directory a run."""
        return runs(self.home)

    @property
    def cache(self) -> Path:
        """What can be made again: decoded tapes, compiled kernels."""
        return self.outputs / "cache"

    @property
    def notify_proof(self) -> Path:
        """When the addresses that a person is called by were tried last."""
        return self.outputs / "notify" / "tested.json"

    @property
    def web(self) -> Path:
        """What the web view keeps: its tokens and its own log."""
        return self.outputs / "web"

    def ledger(self, deploy: str) -> Path:
        """Return the ledger of a deploy."""
        return self.ledgers / f"{deploy}.sqlite"

    def lock(self, deploy: str) -> Path:
        """Return the file that the one process of a deploy holds locked."""
        return self.ledgers / f"{deploy}.lock"

    def made(self, directory: Path) -> Path:
        """Return a directory of these places after making sure that it is there."""
        make_directory(directory, HOME)
        return directory


def home_of(environment: Mapping[str, str], checkout: Path) -> Path:
    """Return MMRUNNER_HOME as an absolute path, or the checkout when it is not set.

    Raises ConfigError when it, or `outputs` in it, is a file.
    """
    home = checkout
    if environment.get(HOME):
        home = Path(os.path.abspath(Path(environment[HOME]).expanduser()))
    for directory in (home, outputs(home), runs(home)):
        require_directory(directory, HOME)
    return home


def outputs(home: Path) -> Path:
    """Return the directory that holds everything that runs write."""
    return home / "outputs"


def runs(home: Path) -> Path:
    """Return the directory that holds a directory a run."""
    return outputs(home) / "runs"


def run_stamp(now_ns: int, pid: int) -> str:
    """Return the name of a run: UTC with microseconds and the process, so that no two share it."""
    seconds, rest_ns = divmod(now_ns, 1_000_000_000)
    moment = datetime.fromtimestamp(seconds, UTC)
    return f"{moment:%Y-%m-%dT%H-%M-%S}.{rest_ns // 1000:06d}Z-{pid}"


def require_directory(directory: Path, key: str) -> None:
    """Raise ConfigError when a path, or the nearest part of it that exists, is not a directory."""
    for path in (directory, *directory.parents):
        # Whether it is there comes first: a job beside this one may make it in between.
        if os.path.lexists(path):
            if not os.path.isdir(path):
                raise ConfigError(f"{key}: expected a directory, was a file: {path}")
            return


def make_directory(directory: Path, key: str) -> None:
    """Make a directory and its parents; raise ConfigError, with the reason, when that fails."""
    require_directory(directory, key)
    try:
        directory.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigError(
            f"{key}: expected a directory that can be written, was {directory}: {error.strerror}"
        ) from None
