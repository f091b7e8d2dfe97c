"""Check what a live deploy has here: its ledger, its lock, its latch, and room on the disk."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing

from connectors.model.errors import MmrunnerError
from runner.doctor.finding import Finding, Verdict
from runner.engine.latch import Latch
from runner.engine.ledger.kind import LIVE, require_live
from runner.engine.lock import owner_of
from runner.engine.room import Room
from runner.places import Places
from runner.settings import Settings

GOOD, UNUSABLE = Verdict.GOOD, Verdict.UNUSABLE


def check_house(settings: Settings, places: Places) -> Iterator[Finding]:
    """Yield a finding for each thing that a start would look at before it asks a venue."""
    yield _ledger(settings, places)
    owner = owner_of(places.lock(settings.deploy))
    if owner is not None:
        yield Finding(UNUSABLE, "deploy", f"process {owner} runs it: stop that one first")
    latch = Latch.of(places, settings.deploy)
    if latch.is_set():
        mend = f"mode=unlatch deploy={settings.deploy} lifts that"
        yield Finding(UNUSABLE, "deploy", f"killed {latch.words()}: {mend}")
    nearest = next(path for path in (places.ledgers, *places.ledgers.parents) if path.exists())
    shortage = Room(nearest, settings.risk.min_free_mb).shortage()
    yield Finding(UNUSABLE, "disk", shortage) if shortage else Finding(GOOD, "disk", "has room")


def _ledger(settings: Settings, places: Places) -> Finding:
    path = places.ledger(settings.deploy)
    try:
        require_live(path)
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as db:
            row = db.execute("SELECT kind FROM books").fetchone()
    except MmrunnerError as error:
        return Finding(UNUSABLE, "ledger", str(error))
    except sqlite3.Error as error:
        return Finding(UNUSABLE, "ledger", f"{path} cannot be read: {error}: restore a backup")
    if row is None or row[0] != LIVE:
        kind = "nobody" if row is None else row[0]
        return Finding(UNUSABLE, "ledger", f"expected books of a live deploy, was of {kind}")
    return Finding(GOOD, "ledger", f"{path} is begun")
