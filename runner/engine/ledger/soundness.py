"""Refuse a ledger that cannot be relied on, before anything is written into it."""

import sqlite3

from connectors.model.errors import MmrunnerError

MOST_CHECKED_BYTES = 1 << 30
"""A larger file is not read through at a start: that would take longer than a start may."""
MOST_AHEAD_NS = 60_000_000_000
"""How far the ledger may be ahead of the clock, for clocks that are corrected a little."""


def require_writable(db: sqlite3.Connection) -> None:
    """Raise sqlite3.Error for a file, or a directory, that cannot be written."""
    db.execute("BEGIN IMMEDIATE")
    db.execute("ROLLBACK")


def require_whole(db: sqlite3.Connection) -> None:
    """Raise sqlite3.DatabaseError for a file whose pages do not belong together."""
    (pages,) = db.execute("PRAGMA page_count").fetchone()
    (page_bytes,) = db.execute("PRAGMA page_size").fetchone()
    if pages * page_bytes > MOST_CHECKED_BYTES:
        return
    (found,) = db.execute("PRAGMA quick_check(1)").fetchone()
    if found != "ok":
        raise sqlite3.DatabaseError(f"it is damaged ({found})")


def require_past(db: sqlite3.Connection, now_ns: int) -> None:
    """Raise MmrunnerError when the ledger has been written later than now."""
    (last_ns,) = db.execute(
        "SELECT MAX(COALESCE((SELECT MAX(started) FROM sessions), 0),"
        " COALESCE((SELECT MAX(ended) FROM sessions), 0),"
        " COALESCE((SELECT MAX(ns) FROM days), 0))"
    ).fetchone()
    ahead_ns = last_ns - now_ns
    if ahead_ns > MOST_AHEAD_NS:
        raise MmrunnerError(
            f"clock: expected a time after the ledger's last entry, was {ahead_ns / 1e9:.0f} s"
            " before it; set the clock right"
        )


def checkpoint(db: sqlite3.Connection, is_idle: bool, busy_ms: int) -> int:
    """Move the write-ahead log into the file, and cut it when nothing else goes on.

    Never waits for a reader. Returns the pages that are left in the log.
    """
    db.execute("PRAGMA busy_timeout=0")
    try:
        kind = "TRUNCATE" if is_idle else "PASSIVE"
        _, in_log, moved = db.execute(f"PRAGMA wal_checkpoint({kind})").fetchone()
    finally:
        db.execute(f"PRAGMA busy_timeout={busy_ms}")
    return max(0, int(in_log) - int(moved))
