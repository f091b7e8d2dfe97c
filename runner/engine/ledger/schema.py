"""Lay out the ledger file, and bring an older one up to date after a copy of it has been kept."""

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

from connectors.model.errors import MmrunnerError

VERSION = 1

TABLES = """
CREATE TABLE orders (
    market TEXT NOT NULL, client_id INTEGER NOT NULL, side INTEGER NOT NULL,
    ticks INTEGER NOT NULL, lots INTEGER NOT NULL, state INTEGER NOT NULL,
    filled_lots INTEGER NOT NULL, intent_ns INTEGER NOT NULL, intent_committed_ns INTEGER,
    sent_ns INTEGER, done_ns INTEGER, evidence TEXT NOT NULL, refused_code INTEGER,
    config_hash TEXT NOT NULL, code_version TEXT NOT NULL,
    PRIMARY KEY (market, client_id), CHECK ((state = 6) = (evidence <> ''))
) WITHOUT ROWID;
CREATE INDEX open_orders ON orders (market) WHERE state < 6;
CREATE TABLE fills (
    venue TEXT NOT NULL, account TEXT NOT NULL, market TEXT NOT NULL, trade_id INTEGER NOT NULL,
    side INTEGER NOT NULL, client_id INTEGER NOT NULL, ticks INTEGER NOT NULL,
    lots INTEGER NOT NULL, role INTEGER NOT NULL, fee TEXT NOT NULL, fee_ccy TEXT NOT NULL,
    venue_ns INTEGER NOT NULL, recv_ns INTEGER NOT NULL, source TEXT NOT NULL,
    UNIQUE (venue, account, market, trade_id, side)
);
CREATE TABLE adjustments (
    account TEXT NOT NULL, market TEXT NOT NULL, lots INTEGER NOT NULL, cause TEXT NOT NULL,
    ns INTEGER NOT NULL
);
CREATE TABLE cursors (
    account TEXT NOT NULL, market TEXT NOT NULL, trade_id INTEGER NOT NULL,
    PRIMARY KEY (account, market)
) WITHOUT ROWID;
CREATE TABLE sessions (
    number INTEGER PRIMARY KEY, started INTEGER NOT NULL, ended INTEGER, exit INTEGER,
    config_hash TEXT NOT NULL, code_version TEXT NOT NULL
);
CREATE TABLE audit (ns INTEGER NOT NULL, market TEXT NOT NULL, text TEXT NOT NULL);
"""

MIGRATIONS: Mapping[int, str] = {}
"""By version, the statements that lead from it to the next one."""


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
