"""Tell a book as the rows of a snapshot, for a desk that begins in the middle of a stream."""

from connectors.model.book import HALF, Book, ask_lots_at, bid_lots_at
from connectors.model.events import ASK, BID, CLEAR_ASKS, CLEAR_BIDS, GAP, MarketRows


def snapshot_rows(book: Book, now_ns: int) -> MarketRows:
    """Return the rows that make an equal book; GAP where the book itself is not to be trusted."""
    rows = MarketRows()
    if not book.anchored or book.bid_levels == 0 or book.ask_levels == 0:
        rows.add(GAP, 0, 0, now_ns, now_ns)
        return rows
    rows.add(CLEAR_BIDS, 0, 0, now_ns, now_ns)
    rows.add(CLEAR_ASKS, 0, 0, now_ns, now_ns)
    for kind, lots_at, first, step in (
        (BID, bid_lots_at, book.best_bid_ticks, -1),
        (ASK, ask_lots_at, book.best_ask_ticks, 1),
    ):
        last = book.anchor_ticks + step * HALF
        for ticks in range(first, last, step):
            lots = lots_at(book, ticks)
            if lots > 0:
                rows.add(kind, ticks, lots, now_ns, now_ns)
    return rows
