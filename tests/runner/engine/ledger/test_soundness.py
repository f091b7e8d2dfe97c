"""A ledger that cannot be relied on is refused in one line, and nothing in it changes."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from connectors.model.errors import MmrunnerError
from connectors.model.events import BUY
from runner.engine.ledger.entries import Intent, SessionEnd, SessionStart
from runner.engine.ledger.store import Store
from runner.engine.room import Room
from tests.runner.engine.ledger.made import MARKET, TERMS

NOW_NS = 1_000_000_000_000


def filled(path: Path) -> Store:
    store = Store(path, {MARKET: TERMS})
    for client_id in range(1, 400):
        store.apply(Intent(MARKET, client_id, BUY, 100, 5, client_id))
    store.commit()
    return store


def test_a_damaged_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.sqlite"
    filled(path).close()
    held = bytearray(path.read_bytes())
    for page in range(2, len(held) // 4096):
        held[page * 4096 : page * 4096 + 64] = b"\xff" * 64
    path.write_bytes(held)
    with pytest.raises(MmrunnerError, match="expected a ledger that can be written, but"):
        Store(path, {MARKET: TERMS})
    assert path.read_bytes() == held


def test_a_file_that_is_locked_for_good_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("runner.engine.ledger.store.BUSY_MS", 0)
    path = tmp_path / "x.sqlite"
    filled(path).close()
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(MmrunnerError, match="database is locked"):
            Store(path, {MARKET: TERMS})


def test_a_clock_behind_the_ledger_is_refused() -> None:
    store = Store(None, {MARKET: TERMS})
    store.require_past(0)
    store.apply(SessionStart(NOW_NS, "", ""))
    store.require_past(NOW_NS - 60_000_000_000)
    store.apply(SessionEnd(NOW_NS + 1_000_000_000, 0))
    with pytest.raises(MmrunnerError, match="61 s before it; set the clock right"):
        store.require_past(NOW_NS - 60_000_000_000)


def test_a_long_reader_holds_up_neither_writes_nor_the_checkpoint(tmp_path: Path) -> None:
    path = tmp_path / "x.sqlite"
    store = filled(path)
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as reader:
        reader.execute("BEGIN")
        (before,) = reader.execute("SELECT COUNT(*) FROM orders").fetchone()
        for client_id in range(1000, 1100):
            store.apply(Intent(MARKET, client_id, BUY, 100, 5, client_id))
            store.commit()
        store.checkpoint(is_idle=True)
        assert (tmp_path / "x.sqlite-wal").stat().st_size > 0
        assert reader.execute("SELECT COUNT(*) FROM orders").fetchone() == (before,)
    store.checkpoint(is_idle=True)
    assert (tmp_path / "x.sqlite-wal").stat().st_size == 0
    store.close()


def test_too_little_room_is_told(tmp_path: Path) -> None:
    Room(tmp_path, 0).require()
    with pytest.raises(MmrunnerError, match="min_free_mb=999999999 of disk"):
        Room(tmp_path, 999_999_999).require()
