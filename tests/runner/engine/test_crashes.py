"""Crashes in a row are counted from the ledger; a session that ended well begins the count anew."""

from pathlib import Path

import pytest

from runner.engine.crashes import crashes_in_a_row
from runner.engine.ledger.entries import SessionEnd, SessionStart
from runner.engine.ledger.store import Store

KILLED = None


def ledger_of(path: Path, *ends: int | None) -> Path:
    """Return a ledger whose sessions began at 10, 20 and so on, and ended so."""
    for number, code in enumerate(ends, start=1):
        store = Store(path, {})
        store.apply(SessionStart(10 * number, "", ""))
        if code is not None:
            store.apply(SessionEnd(10 * number + 5, code))
        store.close()
    return path


@pytest.mark.parametrize(
    ("ends", "crashes"),
    [
        ((), 0),
        ((0,), 0),
        ((KILLED,), 1),
        ((1, KILLED, 1), 3),
        ((1, 1, 130), 0),
        ((KILLED, 4, KILLED, 1), 2),
        ((1, 3, 1), 1),
    ],
)
def test_crashes_since_the_last_good_end_count(
    tmp_path: Path, ends: tuple[int | None, ...], crashes: int
) -> None:
    assert crashes_in_a_row(ledger_of(tmp_path / "a ?#%.sqlite", *ends), 0) == crashes


def test_old_crashes_do_not_count(tmp_path: Path) -> None:
    path = ledger_of(tmp_path / "one.sqlite", 1, 1, 1)
    assert crashes_in_a_row(path, 20) == 2
    assert crashes_in_a_row(path, 31) == 0


def test_a_file_that_is_no_ledger_has_none(tmp_path: Path) -> None:
    path = tmp_path / "one.sqlite"
    assert crashes_in_a_row(path, 0) == 0
    path.write_bytes(b"no ledger at all" * 100)
    assert crashes_in_a_row(path, 0) == 0
