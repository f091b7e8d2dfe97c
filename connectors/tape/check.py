"""Check our rebuilding of a book against the venue's own top of book.

At the end of each depth message our touch is compared with the last top of book whose update id is
not above the message's. Both streams count with the same ids, so every comparison has to be equal.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from connectors.model.book import Book, apply_rows, clear
from connectors.model.events import IntColumn
from connectors.model.kernel import kernel, state

if TYPE_CHECKING:
    from connectors.tape.tape import Tape


@state
class TopCheck:
    """Running result. `first_at` numbers, from 1, the first unequal comparison (0: none)."""

    compared: int
    equal: int
    first_at: int
    first_bid_ticks: int
    first_ask_ticks: int


@dataclass(frozen=True, slots=True)
class Difference:
    """The first comparison that failed; a side without levels is tick 0."""

    row: int
    update_id: int
    venue_bid_ticks: int
    venue_ask_ticks: int
    our_bid_ticks: int
    our_ask_ticks: int


@dataclass(frozen=True, slots=True)
class BookCheck:
    """How many comparisons were made, how many were equal, and the first that was not."""

    compared: int
    equal: int
    first: Difference | None


@kernel
def compare_touch(book: Book, check: TopCheck, bid_ticks: int, ask_ticks: int) -> None:
    """Compare our touch with the venue's; a crossed or locked book is never equal."""
    our_bid = 0
    our_ask = 0
    if book.bid_levels > 0:
        our_bid = book.best_bid_ticks
    if book.ask_levels > 0:
        our_ask = book.best_ask_ticks
    check.compared += 1
    is_crossed = our_bid > 0 and our_ask > 0 and our_bid >= our_ask
    if our_bid == bid_ticks and our_ask == ask_ticks and not is_crossed:
        check.equal += 1
    elif check.first_at == 0:
        check.first_at = check.compared
        check.first_bid_ticks = our_bid
        check.first_ask_ticks = our_ask


@kernel
def check_rows(
    book: Book,
    check: TopCheck,
    kind: IntColumn,
    ticks: IntColumn,
    lots: IntColumn,
    end_row: IntColumn,
    bid_ticks: IntColumn,
    ask_ticks: IntColumn,
) -> None:
    """Apply rows in order; at the k-th message's end compare with the k-th top of book."""
    clear(book)
    row = 0
    for k in range(len(end_row)):
        apply_rows(book, kind, ticks, lots, row, end_row[k])
        row = end_row[k]
        compare_touch(book, check, bid_ticks[k], ask_ticks[k])


def book_check(tape: "Tape") -> BookCheck | None:
    """Rebuild the book of a tape and compare; None where it carries no independent top of book."""
    import numpy as np

    if not len(tape.bbo) or not len(tape.depth_end):
        return None
    before = np.searchsorted(tape.bbo.update_id, tape.depth_end.update_id, side="right") - 1
    has_top = before >= 0
    before = before[has_top]
    end_row = tape.depth_end.row[has_top].tolist()
    bid_ticks = tape.bbo.bid_ticks[before].tolist()
    ask_ticks = tape.bbo.ask_ticks[before].tolist()
    check = TopCheck()
    rows = tape.local
    columns = (rows.kind.tolist(), rows.ticks.tolist(), rows.lots.tolist())
    check_rows(Book(), check, *columns, end_row, bid_ticks, ask_ticks)
    if check.first_at == 0:
        return BookCheck(check.compared, check.equal, None)
    k = check.first_at - 1
    first = Difference(
        row=end_row[k],
        update_id=int(tape.depth_end.update_id[has_top][k]),
        venue_bid_ticks=bid_ticks[k],
        venue_ask_ticks=ask_ticks[k],
        our_bid_ticks=check.first_bid_ticks,
        our_ask_ticks=check.first_ask_ticks,
    )
    return BookCheck(check.compared, check.equal, first)
