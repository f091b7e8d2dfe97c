"""Let one process own a deploy, and each of its positions; a second one is refused at once."""

import fcntl
import hashlib
import os
from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Self

from connectors.model.errors import ConfigError


class FileLock:
    """An exclusive lock on a file that names its owner; the system frees it when the process ends.

    Raises ConfigError, with `told(owner)`, when another process holds it.
    """

    def __init__(self, path: Path, told: Callable[[str], str]) -> None:
        self._path = path
        self._told = told

    def __enter__(self) -> Self:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._file = open(self._path, "a+", encoding="ascii")
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._file.seek(0)
            owner = self._file.read().strip() or "unknown"
            self._file.close()
            raise ConfigError(self._told(owner)) from None
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


class DeployLock(FileLock):
    """Let one process own a deploy."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, self._words)

    def _words(self, owner: str) -> str:
        return (
            f"deploy: expected to be the only process of deploy '{self._path.stem}', but"
            f" process {owner} runs it; stop that one, or choose another name with deploy=NAME"
        )


class PositionLock(FileLock):
    """Let one process own a position: one market of one account at one venue."""

    def __init__(self, folder: Path, venue: str, account: str, symbol: str) -> None:
        """`venue` includes its network. Names are kept apart by a hash: they may hold anything."""
        place = f"{venue} {account} {symbol}"
        name = hashlib.sha256(place.encode()).hexdigest()[:24]
        super().__init__(folder / f"{name}.owner", partial(_words_of_position, place))


class OrdersLock(FileLock):
    """Let one process clear an account: whatever cancels all its orders knows no owners."""

    def __init__(self, folder: Path, venue: str, account: str) -> None:
        """`venue` includes its network."""
        place = f"{venue} {account}"
        path = orders_file(folder, venue, account, "owner")
        super().__init__(path, partial(_words_of_orders, place))


def orders_file(folder: Path, venue: str, account: str, ending: str) -> Path:
    """Return a file about all orders of an account; `venue` includes its network."""
    name = hashlib.sha256(f"{venue} {account} all orders".encode()).hexdigest()[:24]
    return folder / f"{name}.{ending}"


def _words_of_orders(place: str, owner: str) -> str:
    return (
        f"account_id: expected to be the only deploy that may cancel all orders of {place}, but"
        f" process {owner} is one; trade another account, or have this deploy neither a countdown"
        " at the venue nor a watchdog (watchdog.silence_s=null)"
    )


def _words_of_position(place: str, owner: str) -> str:
    return (
        f"account_id: expected to be the only one who trades {place}, but process {owner} does;"
        " two deploys on one position cannot tell whose it is"
    )


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
