"""Rebuild the depth of a Binance recording as market rows, gaps included."""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING, assert_never

from connectors.model.events import ASK, BID, CLEAR_ASKS, CLEAR_BIDS, GAP
from connectors.tape.binance_sync import DepthChain, Step
from connectors.tape.binance_wire import as_ns
from connectors.tape.ordering import NO_STAMP
from connectors.tape.tape import DepthEnds

if TYPE_CHECKING:
    from collections import Counter

    from connectors.tape.binance_wire import Depth, Snapshot
    from connectors.tape.row_runs import RowRuns


class BookRows:
    """Turn snapshots and depth updates into rows, by the venue's rule.

    Depth stamps never fall here: the ids give the order, whatever the clock says.
    """

    __slots__ = (
        "_chain",
        "_end_id",
        "_end_row",
        "_notes",
        "_rows",
        "_venue_ns",
        "snapshots",
        "updates",
    )

    def __init__(self, rows: RowRuns, notes: Counter[str]) -> None:
        self.snapshots = 0
        self.updates = 0
        self._rows = rows
        self._notes = notes
        self._chain = DepthChain()
        self._venue_ns = NO_STAMP
        self._end_row = array("q")
        self._end_id = array("q")

    def take_snapshot(self, snapshot: Snapshot, recv_ns: int, place: int) -> None:
        """Replace the book, then apply the updates that came while the snapshot was fetched."""
        self.snapshots += 1
        if self._chain.is_stale(snapshot.last_id):
            self._notes["snapshots older than the book left out"] += 1
            return
        stamp = snapshot.transaction_time
        venue_ns = NO_STAMP if stamp is None else self._advance(as_ns(stamp))
        self._rows.mark(CLEAR_BIDS, venue_ns, recv_ns, place)
        self._rows.mark(CLEAR_ASKS, venue_ns, recv_ns, place)
        self._rows.add(BID, snapshot.bids, venue_ns, recv_ns, place)
        self._rows.add(ASK, snapshot.asks, venue_ns, recv_ns, place)
        for update, kept_place in self._chain.restart(snapshot.last_id):
            self._apply(update, recv_ns, kept_place, "depth updates before their snapshot left out")

    def take_update(self, update: Depth, recv_ns: int, place: int) -> None:
        """Apply an update that continues the book; a break becomes one GAP row."""
        self.updates += 1
        self._apply(update, recv_ns, place, "repeated depth updates left out")

    def close(self) -> DepthEnds:
        """Count what stayed unusable; return where each applied update ends."""
        import numpy as np

        if self._chain.waiting:
            self._notes["depth updates of an unknown book left out"] += self._chain.waiting
        return DepthEnds(np.array(self._end_row, np.int64), np.array(self._end_id, np.int64))

    def _apply(self, update: Depth, recv_ns: int, place: int, if_repeated: str) -> None:
        stamp = update.transaction_time
        venue_ns = as_ns(update.event_time if stamp is None else stamp)
        match self._chain.take(update, place):
            case Step.APPLY:
                venue_ns = self._advance(venue_ns)
                self._rows.add(BID, update.bids, venue_ns, recv_ns, place)
                self._rows.add(ASK, update.asks, venue_ns, recv_ns, place)
                self._end_row.append(self._rows.rows)
                self._end_id.append(update.last_id)
            case Step.BREAK:
                self._notes["breaks in the depth updates"] += 1
                self._rows.mark(GAP, self._advance(venue_ns), recv_ns, place)
            case Step.REPEATED:
                self._notes[if_repeated] += 1
            case Step.KEPT:
                pass
            case other:
                assert_never(other)

    def _advance(self, venue_ns: int) -> int:
        self._venue_ns = max(self._venue_ns, venue_ns)
        return self._venue_ns
