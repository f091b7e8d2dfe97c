"""Follow a market's book by the venue's rule of continuity, as rows."""

from collections.abc import Callable

from connectors.crossing import Crossing
from connectors.lighter.grid import Grid
from connectors.lighter.wire import Book, BookFrame
from connectors.model.events import ASK, BID, CLEAR_ASKS, CLEAR_BIDS, GAP, MarketRows

Levels = tuple[list[int], list[int]]
"""Ticks and lots."""


class BookFollower:
    """Turn snapshots and updates into rows.

    An update continues the book when its `begin_nonce` is the nonce before it; the venue's frames
    before that field were followed by their offsets, which counted by one then. A break, an
    update that cannot be read, and bids that stay at or above asks are one GAP row, and nothing
    counts until the next snapshot.
    """

    __slots__ = (
        *("_crossing", "_grid", "_is_told", "_seen"),
        *("breaks", "has_begun", "stale"),
    )

    def __init__(self, grid: Grid) -> None:
        self._grid = grid
        self._seen: Book | None = None
        self._is_told = False
        self._crossing = Crossing()
        self.has_begun = False
        """Whether a snapshot has ever been told."""
        self.breaks = 0
        """How often the sequence broke, or the book was crossed or not the venue's for too long."""
        self.stale = 0
        """Updates that were told before, or that belong to no book that is known."""

    @property
    def is_followed(self) -> bool:
        """Tell whether updates are applied: a snapshot has come, and nothing has broken since."""
        return self._seen is not None

    @property
    def touch(self) -> Callable[[], tuple[int, int]]:
        """Return what tells best bid and best ask in ticks, 0 where a side is empty."""
        return self._crossing.touch

    @property
    def nonce(self) -> int:
        """Return the state of the venue that the book is of, 0 where none is followed."""
        return 0 if self._seen is None else self._seen.nonce

    def forget(self) -> None:
        """Wait for the next snapshot; what was told stands until then, or until `lose`."""
        self._seen = None

    def lose(self, rows: MarketRows, venue_ns: int, recv_ns: int) -> None:
        """Tell that the book is unknown, once."""
        self._seen = None
        if self._is_told:
            self._is_told = False
            rows.add(GAP, 0, 0, venue_ns, recv_ns)

    def take_snapshot(self, frame: BookFrame, rows: MarketRows, recv_ns: int) -> None:
        """Replace the book; raise Malformed and leave no row where it cannot be read."""
        levels = self._levels(frame.order_book)
        venue_ns = frame.venue_ns()
        self._is_told = self.has_begun = True
        self._crossing.clear()
        rows.add(CLEAR_BIDS, 0, 0, venue_ns, recv_ns)
        rows.add(CLEAR_ASKS, 0, 0, venue_ns, recv_ns)
        self._add(frame.order_book, levels, rows, venue_ns, recv_ns)

    def take_update(self, frame: BookFrame, rows: MarketRows, recv_ns: int) -> bool:
        """Apply an update; tell whether the book is still whole.

        Raises Malformed where the update cannot be read: the caller has to `lose` the book.
        """
        book, seen = frame.order_book, self._seen
        if seen is None or book.nonce <= seen.nonce:
            self.stale += 1
            return True
        venue_ns = frame.venue_ns()
        if _continues(book, seen):
            self._add(book, self._levels(book), rows, venue_ns, recv_ns)
            if not self._crossing.is_lasting(recv_ns):
                return True
        self.breaks += 1
        self.lose(rows, venue_ns, recv_ns)
        return False

    def _levels(self, book: Book) -> tuple[Levels, Levels]:
        return self._grid.levels(book.bids), self._grid.levels(book.asks)

    def _add(
        self,
        book: Book,
        levels: tuple[Levels, Levels],
        rows: MarketRows,
        venue_ns: int,
        recv_ns: int,
    ) -> None:
        self._seen = book
        for kind, (ticks, lots) in zip((BID, ASK), levels, strict=True):
            count = len(ticks)
            rows.kind.extend([kind] * count)
            rows.ticks.extend(ticks)
            rows.lots.extend(lots)
            rows.venue_ns.extend([venue_ns] * count)
            rows.recv_ns.extend([recv_ns] * count)
        self._crossing.take(*levels)


def _continues(book: Book, before: Book) -> bool:
    if book.begin_nonce is not None:
        return book.begin_nonce == before.nonce
    return book.offset == before.offset + 1
