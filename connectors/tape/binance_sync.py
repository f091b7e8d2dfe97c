"""Follow the update ids of a Binance depth stream: when the book is known, and when it is not.

The venue's rule: keep the updates that arrive while the snapshot is fetched; drop those that it
already holds (`u <= lastUpdateId`); the first one applied has to straddle the snapshot's id, and
from then on each has to name the one before it (`pu`, or on spot `U == u before + 1`).
"""

from __future__ import annotations

from collections import deque
from enum import Enum, auto
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from connectors.tape.binance_wire import Depth


class Step(Enum):
    """What an update means for the book."""

    APPLY = auto()
    REPEATED = auto()
    BREAK = auto()
    KEPT = auto()


class DepthChain:
    """Remember the last id applied, and the updates that wait for a snapshot."""

    __slots__ = ("_from_snapshot", "_waiting", "is_known", "last_id")

    def __init__(self) -> None:
        self.is_known = False
        self.last_id = 0
        self._from_snapshot = False
        self._waiting: deque[tuple[Depth, int]] = deque()

    def take(self, update: Depth, place: int) -> Step:
        """Say what to do with the next update; after a break the book is unknown."""
        if not self.is_known:
            self._waiting.append((update, place))
            return Step.KEPT
        if update.last_id <= self.last_id:
            return Step.REPEATED
        if not self._follows(update):
            self.is_known = False
            self._waiting.append((update, place))
            return Step.BREAK
        self.last_id = update.last_id
        self._from_snapshot = False
        return Step.APPLY

    def is_stale(self, snapshot_id: int) -> bool:
        """Tell whether a snapshot is older than the book that we have already."""
        return self.is_known and snapshot_id < self.last_id

    def restart(self, snapshot_id: int) -> list[tuple[Depth, int]]:
        """Begin again from a snapshot; return the updates that waited, to be taken in order."""
        waiting = list(self._waiting)
        self._waiting.clear()
        self.is_known = True
        self.last_id = snapshot_id
        self._from_snapshot = True
        return waiting

    @property
    def waiting(self) -> int:
        """How many updates no snapshot has made usable."""
        return len(self._waiting)

    def _follows(self, update: Depth) -> bool:
        if update.previous_id is None:
            straddles = update.first_id <= self.last_id + 1
            return straddles if self._from_snapshot else update.first_id == self.last_id + 1
        straddles = update.first_id <= self.last_id
        return update.previous_id == self.last_id or (self._from_snapshot and straddles)
