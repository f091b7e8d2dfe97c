"""Keep the order book of one market as a ladder of integer ticks.

Two rings of `WINDOW` price levels, addressed by ``tick & MASK``, hold lots. They cover the ticks
within half a window of `anchor_ticks`; the anchor follows the market when it has drifted a quarter
of the window. Levels outside are not kept: `outside` counts them, and should the touch ever come
to one, the book is not two-sided until its next snapshot. A level costs one ring write; the touch
moves by scanning the ring.
"""

from typing import Annotated

from connectors.model.events import ASK, BID, CLEAR_ASKS, CLEAR_BIDS, GAP, IntColumn
from connectors.model.kernel import Ints, kernel, state

WINDOW = 65_536
MASK = WINDOW - 1
HALF = WINDOW // 2
QUARTER = WINDOW // 4
NONE_BID = -1
"""`best_bid_ticks` of a book without bids."""
NONE_ASK = 1 << 60
"""`best_ask_ticks` of a book without asks."""


@state
class Book:
    """Ladder of lots by tick. Fresh from the constructor it is *unset*: call `clear` first."""

    bid_lots: Annotated[Ints, WINDOW]
    ask_lots: Annotated[Ints, WINDOW]
    anchor_ticks: int
    best_bid_ticks: int
    best_ask_ticks: int
    bid_levels: int
    ask_levels: int
    lost_bid_ticks: int
    lost_ask_ticks: int
    outside: int
    anchored: bool
    low_ticks: int
    high_ticks: int


@kernel
def clear_bids(book: Book) -> None:
    """Remove every bid."""
    ring = book.bid_lots
    ticks = book.best_bid_ticks
    while book.bid_levels > 0:
        if ring[ticks & MASK] > 0:
            ring[ticks & MASK] = 0
            book.bid_levels -= 1
        ticks -= 1
    book.best_bid_ticks = NONE_BID
    book.lost_bid_ticks = NONE_BID


@kernel
def clear_asks(book: Book) -> None:
    """Remove every ask."""
    ring = book.ask_lots
    ticks = book.best_ask_ticks
    while book.ask_levels > 0:
        if ring[ticks & MASK] > 0:
            ring[ticks & MASK] = 0
            book.ask_levels -= 1
        ticks += 1
    book.best_ask_ticks = NONE_ASK
    book.lost_ask_ticks = NONE_ASK


@kernel
def clear(book: Book) -> None:
    """Empty both sides and forget the anchor."""
    clear_bids(book)
    clear_asks(book)
    book.anchored = False
    book.low_ticks = 0
    book.high_ticks = 0


@kernel
def is_two_sided(book: Book) -> bool:
    """Tell whether the touch can be trusted: both sides there, not crossed or locked, and no
    forgotten level at or inside it."""
    return (
        book.bid_levels > 0
        and book.ask_levels > 0
        and book.best_bid_ticks < book.best_ask_ticks
        and book.best_bid_ticks > book.lost_bid_ticks
        and book.best_ask_ticks < book.lost_ask_ticks
    )


@kernel
def set_bid(book: Book, ticks: int, lots: int) -> None:
    """Set the displayed lots at a bid level (0 removes it)."""
    if ticks < book.low_ticks or ticks >= book.high_ticks:
        if not _admit(book, ticks, lots, book.best_bid_ticks, book.bid_levels, True):
            return
    k = ticks & MASK
    ring = book.bid_lots
    before = ring[k]
    ring[k] = lots
    if lots > 0:
        if before == 0:
            book.bid_levels += 1
        if ticks > book.best_bid_ticks:
            book.best_bid_ticks = ticks
            _follow(book, ticks)
    elif before > 0:
        book.bid_levels -= 1
        if ticks == book.best_bid_ticks:
            book.best_bid_ticks = _next_bid(book, ticks)


@kernel
def set_ask(book: Book, ticks: int, lots: int) -> None:
    """Set the displayed lots at an ask level (0 removes it)."""
    if ticks < book.low_ticks or ticks >= book.high_ticks:
        if not _admit(book, ticks, lots, book.best_ask_ticks, book.ask_levels, False):
            return
    k = ticks & MASK
    ring = book.ask_lots
    before = ring[k]
    ring[k] = lots
    if lots > 0:
        if before == 0:
            book.ask_levels += 1
        if ticks < book.best_ask_ticks:
            book.best_ask_ticks = ticks
            _follow(book, ticks)
    elif before > 0:
        book.ask_levels -= 1
        if ticks == book.best_ask_ticks:
            book.best_ask_ticks = _next_ask(book, ticks)


@kernel
def bid_lots_at(book: Book, ticks: int) -> int:
    """Return the displayed bid lots at a level (0 outside the window)."""
    distance = ticks - book.anchor_ticks
    if distance >= HALF or distance < -HALF:
        return 0
    return book.bid_lots[ticks & MASK]


@kernel
def ask_lots_at(book: Book, ticks: int) -> int:
    """Return the displayed ask lots at a level (0 outside the window)."""
    distance = ticks - book.anchor_ticks
    if distance >= HALF or distance < -HALF:
        return 0
    return book.ask_lots[ticks & MASK]


@kernel
def _next_bid(book: Book, below: int) -> int:
    """Return the best bid under `below`, or NONE_BID."""
    if book.bid_levels == 0:
        return NONE_BID
    ring = book.bid_lots
    ticks = below - 1
    while ring[ticks & MASK] == 0:
        ticks -= 1
    return ticks


@kernel
def _next_ask(book: Book, above: int) -> int:
    """Return the best ask over `above`, or NONE_ASK."""
    if book.ask_levels == 0:
        return NONE_ASK
    ring = book.ask_lots
    ticks = above + 1
    while ring[ticks & MASK] == 0:
        ticks += 1
    return ticks


@kernel
def _admit(book: Book, ticks: int, lots: int, best: int, levels: int, is_bid: bool) -> bool:
    """Take a level outside the window: anchor an empty book, follow a better price, or drop it."""
    if lots <= 0:
        return False
    if not book.anchored:
        book.anchored = True
        _anchor(book, ticks)
        return True
    better = levels == 0 or (ticks > best if is_bid else ticks < best)
    if not better:
        _lose(book, ticks, is_bid)
        return False
    _reanchor(book, ticks)
    return True


@kernel
def _follow(book: Book, ticks: int) -> None:
    """Move the anchor when the touch has drifted a quarter of the window away from it."""
    drift = ticks - book.anchor_ticks
    if drift > QUARTER or drift < -QUARTER:
        _reanchor(book, ticks)


@kernel
def _reanchor(book: Book, ticks: int) -> None:
    """Centre the window on `ticks`; levels that fall out of it are forgotten."""
    shift = ticks - book.anchor_ticks
    if shift >= WINDOW or shift <= -WINDOW:
        _drop(book, book.anchor_ticks - HALF, book.anchor_ticks + HALF)
    elif shift > 0:
        _drop(book, book.anchor_ticks - HALF, book.anchor_ticks - HALF + shift)
    elif shift < 0:
        _drop(book, book.anchor_ticks + HALF + shift, book.anchor_ticks + HALF)
    _anchor(book, ticks)
    _restore_touch(book)


@kernel
def _anchor(book: Book, ticks: int) -> None:
    """Let the window be half of it on either side of `ticks`."""
    book.anchor_ticks = ticks
    book.low_ticks = ticks - HALF
    book.high_ticks = ticks + HALF


@kernel
def _drop(book: Book, start: int, stop: int) -> None:
    """Forget the levels of both sides in [start, stop)."""
    for ticks in range(start, stop):
        k = ticks & MASK
        if book.bid_lots[k] > 0:
            book.bid_lots[k] = 0
            book.bid_levels -= 1
            _lose(book, ticks, True)
        if book.ask_lots[k] > 0:
            book.ask_lots[k] = 0
            book.ask_levels -= 1
            _lose(book, ticks, False)


@kernel
def _lose(book: Book, ticks: int, is_bid: bool) -> None:
    """Remember that a level is displayed which the book does not keep."""
    book.outside += 1
    if is_bid:
        book.lost_bid_ticks = max(book.lost_bid_ticks, ticks)
    else:
        book.lost_ask_ticks = min(book.lost_ask_ticks, ticks)


@kernel
def _restore_touch(book: Book) -> None:
    """Find the touch again after levels were forgotten."""
    low = book.anchor_ticks - HALF
    high = book.anchor_ticks + HALF
    if book.best_bid_ticks != NONE_BID and not low <= book.best_bid_ticks < high:
        book.best_bid_ticks = _next_bid(book, high)
    if book.best_ask_ticks != NONE_ASK and not low <= book.best_ask_ticks < high:
        book.best_ask_ticks = _next_ask(book, low - 1)


@kernel
def apply_rows(
    book: Book, kind: IntColumn, ticks: IntColumn, lots: IntColumn, i: int, j: int
) -> int:
    """Apply market rows to a book; return how many were no depth, which leave it as it is."""
    others = 0
    for r in range(i, j):
        what = kind[r]
        if what == BID:
            set_bid(book, ticks[r], lots[r])
        elif what == ASK:
            set_ask(book, ticks[r], lots[r])
        elif what == CLEAR_BIDS:
            clear_bids(book)
        elif what == CLEAR_ASKS:
            clear_asks(book)
        elif what == GAP:
            clear(book)
        else:
            others += 1
    return others
