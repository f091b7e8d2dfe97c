"""Reduce a tape to its moments of decision and to how far the market reached between them.

Decisions are where an exact replay takes them while nothing fills: with the first batch after the
refresh interval. An order that is wanted then is at the exchange from a latency later until the
next one's arrives. How far the market reached in between is kept in two parts, because an order
that replaces another may have to wait for that one's end.

A *reach* is in signed half ticks, so that less reaches further on either side: a level `t` shown
against our bids is ``2 t`` and a trade ``2 t + 1``, against our asks ``-2 t`` and ``1 - 2 t``.
"""

from connectors.model.book import Book, apply_rows, is_two_sided
from connectors.model.events import ASK, BID, TRADE_BUY, TRADE_SELL, IntColumn
from connectors.model.kernel import Ints, kernel

FAR = 1 << 62
"""A reach of nothing, and a moment that never comes."""


@kernel
def find_decisions(
    book: Book,
    kind: IntColumn,
    ticks: IntColumn,
    lots: IntColumn,
    recv_ns: IntColumn,
    refresh_ns: int,
    wake_every_ns: int,
    now_ns: Ints,
    bid_ticks: Ints,
    ask_ticks: Ints,
) -> int:
    """Write when decisions fall and our touch then (0: no two-sided book); return their number."""
    rows = len(recv_ns)
    row = 0
    count = 0
    wake_ns = FAR
    decided_ns = recv_ns[0] - refresh_ns
    while row < rows:
        now = min(recv_ns[row], wake_ns)
        first = row
        while row < rows and recv_ns[row] <= now:
            row += 1
        apply_rows(book, kind, ticks, lots, first, row)
        wake_ns = now + wake_every_ns
        if now - decided_ns < refresh_ns:
            continue
        decided_ns = now
        now_ns[count] = now
        bid_ticks[count] = 0
        ask_ticks[count] = 0
        if is_two_sided(book):
            bid_ticks[count] = book.best_bid_ticks
            ask_ticks[count] = book.best_ask_ticks
        count += 1
    return count


@kernel
def find_reaches(
    book: Book,
    kind: IntColumn,
    ticks: IntColumn,
    lots: IntColumn,
    venue_ns: IntColumn,
    now_ns: IntColumn,
    entry_ns: int,
    gap_ns: int,
    entry_bid_ticks: Ints,
    entry_ask_ticks: Ints,
    early_bid_reach: Ints,
    early_ask_reach: Ints,
    late_bid_reach: Ints,
    late_ask_reach: Ints,
    sold_lots: Ints,
    bought_lots: Ints,
) -> None:
    """Write how far the market reaches after each decision, against our bids and our asks.

    From `entry_ns` after a decision to `gap_ns` later is its early part, from there to `entry_ns`
    after the next the late one; at its beginning stands the venue's touch (0: none). `sold_lots`
    are those that could fill our bids in both: sold, or shown at a lower ask than the touch.
    """
    steps = len(now_ns)
    row = _apply_until(book, kind, ticks, lots, venue_ns, 0, now_ns[0] + entry_ns)
    for k in range(steps):
        sold_lots[k] = 0
        bought_lots[k] = 0
        end = now_ns[k + 1] + entry_ns if k + 1 < steps else FAR
        middle = min(now_ns[k] + entry_ns + gap_ns, end)
        row = _reach(
            book, kind, ticks, lots, venue_ns, row, middle,
            k, early_bid_reach, early_ask_reach, sold_lots, bought_lots,
        )  # fmt: skip
        entry_bid_ticks[k] = book.best_bid_ticks if book.bid_levels > 0 else 0
        entry_ask_ticks[k] = book.best_ask_ticks if book.ask_levels > 0 else 0
        row = _reach(
            book, kind, ticks, lots, venue_ns, row, end,
            k, late_bid_reach, late_ask_reach, sold_lots, bought_lots,
        )  # fmt: skip


@kernel
def _apply_until(
    book: Book,
    kind: IntColumn,
    ticks: IntColumn,
    lots: IntColumn,
    venue_ns: IntColumn,
    first: int,
    until_ns: int,
) -> int:
    """Apply rows up to a moment, that one included; return the next row."""
    row = first
    while row < len(venue_ns) and venue_ns[row] <= until_ns:
        row += 1
    apply_rows(book, kind, ticks, lots, first, row)
    return row


@kernel
def _reach(
    book: Book,
    kind: IntColumn,
    ticks: IntColumn,
    lots: IntColumn,
    venue_ns: IntColumn,
    first: int,
    until_ns: int,
    k: int,
    bid_reach: Ints,
    ask_reach: Ints,
    sold_lots: Ints,
    bought_lots: Ints,
) -> int:
    """Apply rows up to a moment and write how far they reach; return the next row."""
    row = first
    low = FAR
    high = FAR
    ask_edge = book.best_ask_ticks
    bid_edge = book.best_bid_ticks
    while row < len(venue_ns) and venue_ns[row] <= until_ns:
        what = kind[row]
        if lots[row] > 0:
            if what == TRADE_SELL:
                low = min(low, 2 * ticks[row] + 1)
                sold_lots[k] += lots[row]
            elif what == TRADE_BUY:
                high = min(high, 1 - 2 * ticks[row])
                bought_lots[k] += lots[row]
            elif what == ASK:
                low = min(low, 2 * ticks[row])
                if ticks[row] < ask_edge:
                    ask_edge = ticks[row]
                    sold_lots[k] += lots[row]
            elif what == BID:
                high = min(high, -2 * ticks[row])
                if ticks[row] > bid_edge:
                    bid_edge = ticks[row]
                    bought_lots[k] += lots[row]
        row += 1
    apply_rows(book, kind, ticks, lots, first, row)
    bid_reach[k] = low
    ask_reach[k] = high
    return row
