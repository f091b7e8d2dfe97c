"""Count starts that ended in a crash, so that whoever restarts a deploy does not do so for ever."""

import sqlite3
from contextlib import closing
from pathlib import Path

CRASH = 1
"""Exit code of a session that ended with an error; one that was killed has none."""


def crashes_in_a_row(ledger: Path, since_ns: int) -> int:
    """Return how many of the last sessions, without one between that ended well, have crashed.

    Those that began before `since_ns` do not count. A file that cannot be read has none to tell:
    opening the ledger says what is wrong with it.
    """
    try:
        with closing(sqlite3.connect(f"{ledger.as_uri()}?mode=ro", uri=True)) as db:
            (crashes,) = db.execute(
                "SELECT COUNT(*) FROM sessions WHERE started >= ?1 AND number >"
                " (SELECT COALESCE(MAX(number), 0) FROM sessions"
                " WHERE ended IS NOT NULL AND exit <> ?2)",
                (since_ns, CRASH),
            ).fetchone()
    except sqlite3.Error:
        return 0
    return int(crashes)
