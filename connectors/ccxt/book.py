"""Follow a market's book by the venue's own sequence, as rows: ccxt does not look at it."""

from connectors.ccxt.units import Units
from connectors.ccxt.words import Book
from connectors.crossing import Crossing
from connectors.model.events import ASK, BID, CLEAR_ASKS, CLEAR_BIDS, GAP, MarketRows

Side = tuple[list[int], list[int]]
"""Ticks and lots."""


class BookFollower:
    """Turn snapshots and changes into rows.

    A change that does not follow the one before, one that cannot be read, and bids that stay at or
    above asks are one GAP row; nothing counts until the next snapshot.
    """

    __slots__ = ("_crossing", "_is_told", "_number", "_units", "breaks", "has_begun", "stale")

    def __init__(self, units: Units) -> None:
        self._units = units
        self._number: int | None = None
        self._is_told = False
        self._crossing = Crossing()
        self.has_begun = False
        """Whether a snapshot has ever been told."""
        self.breaks = 0
        self.stale = 0
        """Changes that were told before, or that belong to no book that is known."""

    @property
    def is_followed(self) -> bool:
        """Tell whether changes are applied: a snapshot has come, and nothing has broken since."""
        return self._number is not None

    @property
    def number(self) -> int | None:
        """Return the number of what was told last, None while nothing is followed."""
        return self._number

    def forget(self) -> None:
        """Wait for the next snapshot; what was told stands until then, or until `lose`."""
        self._number = None

    def lose(self, rows: MarketRows, venue_ns: int, recv_ns: int) -> None:
        """Tell that the book is unknown, once."""
        self._number = None
        if self._is_told:
            self._is_told = False
            rows.add(GAP, 0, 0, venue_ns, recv_ns)

    def take(self, book: Book, rows: MarketRows, recv_ns: int) -> bool:
        """Apply what was told; tell whether the book is still whole.

        Raises Malformed, and adds no row, where it cannot be read: the caller has to `lose` it.
        """
        if book.is_snapshot:
            self._replace(book, rows, recv_ns)
            return True
        if self._number is None or book.number <= self._number:
            self.stale += 1
            return True
        if book.before == self._number:
            self._add(book, self._levels(book), rows, recv_ns)
            if not self._crossing.is_lasting(recv_ns):
                return True
        self.breaks += 1
        self.lose(rows, book.venue_ns, recv_ns)
        return False

    def _replace(self, book: Book, rows: MarketRows, recv_ns: int) -> None:
        levels = self._levels(book)
        self._is_told = self.has_begun = True
        self._crossing.clear()
        rows.add(CLEAR_BIDS, 0, 0, book.venue_ns, recv_ns)
        rows.add(CLEAR_ASKS, 0, 0, book.venue_ns, recv_ns)
        self._add(book, levels, rows, recv_ns)

    def _levels(self, book: Book) -> tuple[Side, Side]:
        return self._units.levels(book.bids), self._units.levels(book.asks)

    def _add(self, book: Book, levels: tuple[Side, Side], rows: MarketRows, recv_ns: int) -> None:
        self._number = book.number
        for kind, (ticks, lots) in zip((BID, ASK), levels, strict=True):
            count = len(ticks)
            rows.kind.extend([kind] * count)
            rows.ticks.extend(ticks)
            rows.lots.extend(lots)
            rows.venue_ns.extend([book.venue_ns] * count)
            rows.recv_ns.extend([recv_ns] * count)
        self._crossing.take(*levels)
