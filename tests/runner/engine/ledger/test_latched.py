"""What a person did to the latch is noted where the ledger is free, and told where it is not."""

from pathlib import Path

from runner.engine.ledger.entries import Latched, Lifted
from runner.engine.ledger.latched import note_latch
from runner.engine.ledger.store import Store
from runner.engine.lock import DeployLock
from tests.runner.engine.ledger.made import MARKET, TERMS, rows


def test_a_kill_and_its_lifting_are_in_the_ledger(tmp_path: Path) -> None:
    ledger, lock = tmp_path / "x.sqlite", tmp_path / "x.lock"
    assert note_latch(ledger, lock, Latched("kill", 1, "me", "why")) is None
    assert not ledger.exists()
    Store(ledger, {MARKET: TERMS}).close()
    assert note_latch(ledger, lock, Latched("kill", 1, "me", "why")) is None
    with DeployLock(lock):
        told = note_latch(ledger, lock, Lifted("kill", 2, "me"))
        assert told is not None
        assert "expected to be the only process" in told
    assert note_latch(ledger, lock, Lifted("kill", 3, "you")) is None
    store = Store(ledger, {MARKET: TERMS})
    (row,) = rows(store, "latches")
    assert (row["by"], row["why"], row["lifted_ns"], row["lifted_by"]) == ("me", "why", 3, "you")
    store.close()
