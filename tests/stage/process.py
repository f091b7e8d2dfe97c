"""Hold one process of a deploy: what can be done to it from outside, and what is left of it."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Protocol

from connectors.model.errors import MmrunnerError
from connectors.venue import Venue
from runner.engine.ledger.entries import Entry
from runner.engine.ledger.store import Store
from runner.engine.ledger.writer import DirectWriter, Safe
from runner.engine.session import Session
from runner.engine.worker import Worker
from runner.settings import Settings
from tests.stage.truth import Truth
from tests.virtual import VirtualClock

DISK_FULL = "database or disk is full"


class Ledger(DirectWriter):
    """A writer that can die with its process, or fail as a full disk makes it."""

    def __init__(self, store: Store, clock: VirtualClock) -> None:
        super().__init__(store, clock)
        self._store = store
        self.is_dead = False
        self.is_full = False

    def put(self, entry: Entry, safe: Safe | None = None) -> None:
        """Write, unless the process is dead or the disk is full."""
        if self.is_full:
            raise MmrunnerError(f"the ledger cannot be written: {DISK_FULL}")
        if not self.is_dead:
            super().put(entry, safe)

    def check(self) -> None:
        """Commit, or fail."""
        if self.is_full:
            raise MmrunnerError(f"the ledger cannot be written: {DISK_FULL}")
        if not self.is_dead:
            super().check()

    def close(self) -> None:
        """Close, unless the process is dead."""
        if not self.is_dead:
            super().close()
            self.is_dead = True

    def die(self) -> None:
        """Lose what was not committed, and let go of the file, as the end of a process does."""
        if self.is_dead:
            return
        self.is_dead = True
        self._store.rollback()
        self._store.close()


class Plug(Protocol):
    """A process's way to the network."""

    def pull(self) -> None:
        """End every connection, as the system does when the process dies."""


@dataclass(slots=True)
class Process:
    """One process of the deploy: what can be done to it from outside."""

    plug: Plug
    down_s: float | None = None
    session: Session | None = None
    venue: Venue | None = None
    workers: tuple[Worker, ...] = ()
    ledger: Ledger | None = None
    task: "asyncio.Task[int] | None" = None
    is_killed: bool = False
    is_last: bool = False

    def die(self) -> None:
        """End at once: nothing leaves any more, and what was not committed is lost."""
        self.is_killed = True
        self.plug.pull()
        if self.venue is not None:
            self.venue.close()
        if self.ledger is not None:
            self.ledger.die()
        if self.task is not None:
            self.task.cancel()


@dataclass(frozen=True, slots=True)
class Look:
    """What one market's worker shows at a moment."""

    ns: int
    market: str
    held: int
    unknown: int
    is_halted: bool
    is_quoting: bool
    batch_ns: int


@dataclass(frozen=True, slots=True)
class Silence:
    """From when until when the venue wants nothing, of some operations or (None) of all."""

    start_ns: int
    end_ns: int
    operations: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Played:
    """A play that is over: the truth, the ledger's file, exit codes and warnings."""

    settings: Settings
    truth: Truth
    ledger: Path
    start_ns: int
    calm_ns: int
    end_ns: int
    exits: tuple[int, ...]
    warnings: tuple[tuple[int, str, str], ...]
    looks: tuple[Look, ...]
    limits: Mapping[str, int]
    unwritten: tuple[tuple[str, int], ...]
    silences: tuple[Silence, ...]
    fee_unit: Decimal = Decimal(0)
