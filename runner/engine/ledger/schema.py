"""Make a ledger file, and bring an older one up to date after a copy of it has been kept."""

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

from connectors.model.errors import MmrunnerError
from runner.engine.ledger.tables import MIGRATIONS, TABLES, VERSION


def prepare(
    db: sqlite3.Connection,
    path: Path | None,
    version: int = VERSION,
    migrations: Mapping[int, str] = MIGRATIONS,
) -> None:
    """Make the tables of a new file; migrate an older one; raise MmrunnerError for a newer one.

    The copy lies beside the file, as ``<name>.v<version>.sqlite``.
    """
    (found,) = db.execute("PRAGMA user_version").fetchone()
    if found == version:
        return
    if found > version:
        raise MmrunnerError(
            f"ledger {path}: expected version {version} or older, was {found}; use the release"
            " that wrote it"
        )
    if found == 0:
        _run(db, TABLES, version)
        return
    if path is not None:
        _keep_copy(db, path.with_name(f"{path.stem}.v{found}.sqlite"))
    for older in range(found, version):
        _run(db, migrations[older], older + 1)


def _run(db: sqlite3.Connection, statements: str, version: int) -> None:
    """Change the layout and its number in one transaction."""
    db.executescript(f"BEGIN; {statements} PRAGMA user_version = {version}; COMMIT;")


def _keep_copy(db: sqlite3.Connection, path: Path) -> None:
    with closing(sqlite3.connect(path)) as copy:
        db.backup(copy)
