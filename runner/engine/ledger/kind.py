"""Keep the books of real money apart from those of paper."""

import sqlite3
from contextlib import closing
from pathlib import Path

from connectors.model.errors import ConfigError
from runner.engine.ledger.schema import prepare

PAPER = "paper"
LIVE = "live"


def take(db: sqlite3.Connection, path: Path | None, kind: str) -> None:
    """Mark a ledger that nobody has used yet; raise ConfigError for one of another kind."""
    row = db.execute("SELECT kind FROM books").fetchone()
    if row is None:
        db.execute("INSERT INTO books VALUES (?)", (kind,))
        db.commit()
    elif row[0] != kind:
        raise ConfigError(
            f"ledger {path}: expected the books of a {kind} deploy, was {row[0]}; choose another"
            " name with deploy=NAME"
        )


def begin_live(path: Path) -> None:
    """Make the ledger of a live deploy; raise ConfigError where there is one already."""
    if path.exists():
        raise ConfigError(
            f"ledger {path}: expected none yet, there is one; mode=live goes on with it, and"
            " deploy=NAME begins another"
        )
    with closing(sqlite3.connect(path)) as db:
        prepare(db, path)
        take(db, path, LIVE)


def require_live(path: Path) -> None:
    """Raise ConfigError unless mode=init has made the ledger."""
    if not path.exists():
        raise ConfigError(
            f"ledger {path}: expected the books of a live deploy, there are none; the first time,"
            " run mode=init with the same deploy=NAME. A live deploy that has lost its books"
            " does not know its orders"
        )
