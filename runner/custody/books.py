"""Copy the books of a deploy, also of one that runs, and prove that the copy is whole."""

import hashlib
import os
import sqlite3
from contextlib import closing
from pathlib import Path

from connectors.model.errors import MmrunnerError
from runner.engine.ledger.tables import VERSION

SUFFIXES = (".sqlite", ".paper.sqlite")
"""The ledger, then paper's own account. In this order: what trades in between is missing in the
books and not at the venue, which a start brings level."""


def books_of(ledgers: Path, deploy: str) -> list[Path]:
    """Return the books of a deploy that are there."""
    return [path for suffix in SUFFIXES if (path := ledgers / f"{deploy}{suffix}").is_file()]


def copy_book(source: Path, target: Path) -> str:
    """Copy a database as it is at one moment, and return the sha256 of the copy.

    Whoever writes it meanwhile is not held up. Raises MmrunnerError for one that is not whole.
    """
    try:
        with closing(_opened(source)) as book, closing(sqlite3.connect(target)) as copy:
            book.backup(copy, pages=256)
            copy.execute("PRAGMA journal_mode=DELETE")
            _require_whole(copy, source)
    except sqlite3.Error as error:
        raise MmrunnerError(f"{source}: expected books that can be read, but: {error}") from None
    os.chmod(target, 0o600)
    sync(target)
    return digest_of(target)


def require_ledger(path: Path) -> None:
    """Raise MmrunnerError for a copy that is damaged, or written by a newer release."""
    try:
        with closing(_opened(path)) as book:
            _require_whole(book, path)
            (found,) = book.execute("PRAGMA user_version").fetchone()
    except sqlite3.Error as error:
        raise MmrunnerError(f"{path}: expected books that can be read, but: {error}") from None
    if found > VERSION:
        raise MmrunnerError(
            f"{path}: expected books of version {VERSION} or older, was {found}; use the release"
            " that wrote them"
        )


def digest_of(path: Path) -> str:
    """Return the sha256 of a file."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def sync(path: Path) -> None:
    """Make a file, or the entries of a directory, survive a loss of power."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def companions(path: Path) -> list[str]:
    """Return the endings of what SQLite keeps beside a database: never to be parted from it."""
    return [end for end in ("-wal", "-shm") if path.with_name(path.name + end).exists()]


def _opened(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)


def _require_whole(book: sqlite3.Connection, path: Path) -> None:
    (found,) = book.execute("PRAGMA integrity_check(1)").fetchone()
    if found != "ok":
        raise MmrunnerError(f"{path}: expected books that are whole, but: {found}")
    if book.execute("PRAGMA foreign_key_check").fetchone() is not None:
        raise MmrunnerError(f"{path}: expected books that are whole, but rows refer to none")
