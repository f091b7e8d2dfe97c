"""Let one process own a deploy's account: a second one is refused before it does anything."""

import fcntl
import os
from pathlib import Path
from types import TracebackType

from connectors.model.errors import ConfigError


class DeployLock:
    """An exclusive lock on a file that names its owner; the system frees it when the process ends.

    Raises ConfigError when another process holds it.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> "DeployLock":
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._file = open(self._path, "a+", encoding="ascii")
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._file.seek(0)
            owner = self._file.read().strip() or "unknown"
            self._file.close()
            raise ConfigError(
                f"deploy: expected to be the only process of deploy '{self._path.stem}', but"
                f" process {owner} runs it; stop that one, or choose another name with deploy=NAME"
            ) from None
        self._file.truncate(0)
        self._file.write(str(os.getpid()))
        self._file.flush()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._file.truncate(0)
        self._file.close()


def owner_of(path: Path) -> str | None:
    """Return the process that holds a deploy's lock, or None if nobody does."""
    try:
        file = open(path, encoding="ascii", errors="replace")  # noqa: SIM115
    except FileNotFoundError:
        return None
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return file.read(32).strip() or "unknown"
    return None
