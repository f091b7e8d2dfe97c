"""Rebuild the depth of a Lighter recording as market rows, gaps included."""

from __future__ import annotations

from typing import TYPE_CHECKING

from connectors.model.events import ASK, BID, CLEAR_ASKS, CLEAR_BIDS, GAP

if TYPE_CHECKING:
    from collections import Counter

    from connectors.tape.lighter_wire import Book, BookMessage, Level
    from connectors.tape.row_runs import RowRuns


class BookRows:
    """Turn snapshots and updates into rows by the venue's rule of continuity.

    An update continues the book when its `begin_nonce` is the nonce before it. Recordings older
    than that field are followed by their offsets, which counted by one then. A break becomes one
    GAP row, and the book stays unknown until the next snapshot.
    """

    __slots__ = ("_notes", "_rows", "_seen", "snapshots", "updates")

    def __init__(self, rows: RowRuns, notes: Counter[str]) -> None:
        self.snapshots = 0
        self.updates = 0
        self._rows = rows
        self._notes = notes
        self._seen: Book | None = None

    def take_snapshot(self, message: BookMessage, recv_ns: int, place: int) -> None:
        """Replace the book."""
        venue_ns = message.venue_ns()
        self.snapshots += 1
        self._rows.mark(CLEAR_BIDS, venue_ns, recv_ns, place)
        self._rows.mark(CLEAR_ASKS, venue_ns, recv_ns, place)
        self._take_levels(message, recv_ns, place)

    def take_update(self, message: BookMessage, recv_ns: int, place: int) -> None:
        """Apply an update that continues the book."""
        self.updates += 1
        if self._seen is None:
            self._notes["updates of an unknown book left out"] += 1
        elif message.order_book.nonce <= self._seen.nonce:
            self._notes["repeated updates left out"] += 1
        elif not _continues(message.order_book, self._seen):
            self._notes["breaks in the updates"] += 1
            self._seen = None
            self._rows.mark(GAP, message.venue_ns(), recv_ns, place)
        else:
            self._take_levels(message, recv_ns, place)

    def _take_levels(self, message: BookMessage, recv_ns: int, place: int) -> None:
        book, venue_ns = message.order_book, message.venue_ns()
        self._rows.add(BID, _pairs(book.bids), venue_ns, recv_ns, place)
        self._rows.add(ASK, _pairs(book.asks), venue_ns, recv_ns, place)
        self._seen = book


def _continues(book: Book, before: Book) -> bool:
    if book.begin_nonce is not None:
        return book.begin_nonce == before.nonce
    return book.offset == before.offset + 1


def _pairs(levels: list[Level]) -> list[tuple[float, float]]:
    return [(level.price, level.size) for level in levels]
