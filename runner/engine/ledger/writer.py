"""Put entries into a ledger from one place, in order, and say when an entry is safe.

`ThreadWriter` keeps the event loop free of the disk: its thread owns the file, and whatever waits
shares one commit. `DirectWriter` does the same at once, for virtual time.
"""

import asyncio
import sqlite3
import threading
from collections.abc import Callable
from contextvars import copy_context
from queue import Empty, SimpleQueue
from typing import Protocol

from connectors.model.errors import MmrunnerError
from runner.engine.clock import Clock
from runner.engine.ledger.entries import Entry
from runner.engine.ledger.store import Store

Safe = Callable[[int], None]
"""Called with the moment at which an entry was known to be committed."""

MOST_A_COMMIT = 512
CHECKPOINT_NS = 60_000_000_000


class Writer(Protocol):
    """The only writer of a ledger."""

    def put(self, entry: Entry, safe: Safe | None = None) -> None:
        """Write an entry after all before it; call `safe` on the event loop once it lasts."""

    def check(self) -> None:
        """Raise MmrunnerError when writing has failed: nothing is safe from then on."""

    def close(self) -> None:
        """Write everything and close the file."""


class DirectWriter:
    """Write at once. Only what someone waits for is committed at once."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def put(self, entry: Entry, safe: Safe | None = None) -> None:
        """Write an entry, and commit when `safe` waits for it."""
        self._store.apply(entry)
        if safe is not None:
            self._store.commit()
            safe(self._clock.now_ns())

    def check(self) -> None:
        """Commit what nobody waits for; a failure has been raised where it happened."""
        self._store.commit()

    def close(self) -> None:
        """Commit and close."""
        self._store.close()


class ThreadWriter:
    """Write in a thread of its own; made on the event loop that `safe` is to be called on."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._loop = asyncio.get_running_loop()
        self._queue: SimpleQueue[tuple[Entry, Safe | None] | None] = SimpleQueue()
        self._fault: Exception | None = None
        self._finished = False
        self._checked_ns = clock.monotonic_ns()
        self._thread = threading.Thread(
            target=copy_context().run, args=(self._run,), name="ledger", daemon=True
        )
        self._thread.start()

    def put(self, entry: Entry, safe: Safe | None = None) -> None:
        """Queue an entry."""
        self._queue.put((entry, safe))

    def check(self) -> None:
        """Raise MmrunnerError when the thread has stopped."""
        if not self._thread.is_alive():
            raise MmrunnerError(f"the ledger cannot be written: {self._fault!r}")

    def close(self) -> None:
        """Wait until everything is written; raise MmrunnerError when it could not be."""
        self._queue.put(None)
        self._thread.join()
        if not self._finished:
            raise MmrunnerError(f"the ledger could not be written: {self._fault!r}")

    def _run(self) -> None:
        try:
            while self._write(self._take()):
                pass
            self._store.close()
            self._finished = True
        except (sqlite3.Error, OSError, MmrunnerError) as error:
            self._fault = error

    def _take(self) -> list[tuple[Entry, Safe | None] | None]:
        """Return everything that waits; wait for the first."""
        taken = [self._queue.get()]
        while len(taken) < MOST_A_COMMIT:
            try:
                taken.append(self._queue.get_nowait())
            except Empty:
                break
        return taken

    def _write(self, taken: list[tuple[Entry, Safe | None] | None]) -> bool:
        """Write and commit; tell whether more is to come."""
        waiting = []
        for item in taken:
            if item is None:
                break
            entry, safe = item
            self._store.apply(entry)
            if safe is not None:
                waiting.append(safe)
        self._store.commit()
        if waiting:
            self._loop.call_soon_threadsafe(self._say_safe, waiting, self._clock.now_ns())
        self._checkpoint()
        return taken[-1] is not None

    def _checkpoint(self) -> None:
        """Keep the write-ahead log short, once in a while and after everyone has been told."""
        now_ns = self._clock.monotonic_ns()
        if now_ns - self._checked_ns >= CHECKPOINT_NS:
            self._checked_ns = now_ns
            self._store.checkpoint(is_idle=self._queue.empty())

    @staticmethod
    def _say_safe(waiting: list[Safe], committed_ns: int) -> None:
        for safe in waiting:
            safe(committed_ns)
