"""Note in a ledger what a person did to its deploy's latch, when no runner has it open."""

from pathlib import Path

from connectors.model.errors import MmrunnerError
from runner.engine.ledger.entries import Entry
from runner.engine.ledger.store import Store
from runner.engine.lock import DeployLock


def note_latch(ledger: Path, lock: Path, entry: Entry) -> str | None:
    """Write an entry; return why it could not be, or None. The latch's file holds all the same.

    A deploy that has no ledger yet gets none.
    """
    if not ledger.exists():
        return None
    try:
        with DeployLock(lock):
            store = Store(ledger, {})
            store.apply(entry)
            store.close()
    except MmrunnerError as error:
        return str(error)
    return None
