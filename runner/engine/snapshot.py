"""Tell a book as the rows of a snapshot, for a desk that begins in the middle of a stream."""

from connectors.model.book import HALF, Book, ask_lots_at, bid_lots_at, is_two_sided
from connectors.model.events import ASK, BID, CLEAR_ASKS, CLEAR_BIDS, GAP, MarketRows


def snapshot_rows(book: Book, now_ns: int) -> MarketRows:
    """Return the rows that make an equal book; GAP where the book itself is not to be trusted."""
    rows = MarketRows()
    if not is_two_sided(book):
        rows.add(GAP, 0, 0, now_ns, now_ns)
        return rows
    rows.add(CLEAR_BIDS, 0, 0, now_ns, now_ns)
    rows.add(CLEAR_ASKS, 0, 0, now_ns, now_ns)
    for kind, lots_at, levels in (
        (BID, bid_lots_at, range(book.best_bid_ticks, book.anchor_ticks - HALF - 1, -1)),
        (ASK, ask_lots_at, range(book.best_ask_ticks, book.anchor_ticks + HALF)),
    ):
        for ticks in levels:
            lots = lots_at(book, ticks)
            if lots > 0:
                rows.add(kind, ticks, lots, now_ns, now_ns)
    return rows
