"""A cut of a tape begins with the book as it stood, and has nothing of what comes after."""

from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.model.book import Book, apply_rows, clear
from connectors.model.errors import DataError
from connectors.model.events import ASK, BID, CLEAR_ASKS, CLEAR_BIDS, GAP, TRADE_BUY
from connectors.tape.span import cut
from connectors.tape.tape import Columns, Tape
from tests.connectors.tape.made import BTC
from tests.deploys import tape_from

KINDS = (BID, ASK, TRADE_BUY, CLEAR_BIDS, CLEAR_ASKS)
ROWS = st.lists(
    st.tuples(st.sampled_from(KINDS), st.integers(95, 105), st.integers(0, 3)),
    min_size=4,
    max_size=60,
)


def book_of(rows: Columns, stop: int) -> tuple[list[int], ...]:
    """Return the levels of both sides after so many rows, and the touch."""
    book = Book()
    clear(book)
    apply_rows(book, rows.kind.tolist(), rows.ticks.tolist(), rows.lots.tolist(), 0, stop)
    return book.bid_lots[95:106], book.ask_lots[95:106], [book.best_bid_ticks, book.best_ask_ticks]


def tape_of(rows: list[tuple[int, int, int]]) -> Tape:
    """Return a tape of rows 10 ns apart."""
    return tape_from([(*row, 1000 + 10 * k) for k, row in enumerate(rows)], BTC)


@given(rows=ROWS, data=st.data())
def test_the_book_at_every_later_row_is_that_of_the_whole_tape(
    rows: list[tuple[int, int, int]], data: st.DataObject
) -> None:
    tape = tape_of(rows)
    k = data.draw(st.integers(1, len(rows) - 1))
    begin_ns = int(tape.local.recv_ns[k - 1])
    part = cut(tape, begin_ns, None)
    for whole, piece in ((tape.local, part.local), (tape.venue, part.venue)):
        for left in range(len(rows) - k + 1):
            assert book_of(piece, len(piece) - left) == book_of(whole, len(whole) - left)


@given(rows=ROWS, data=st.data())
def test_what_comes_after_changes_nothing(
    rows: list[tuple[int, int, int]], data: st.DataObject
) -> None:
    k = data.draw(st.integers(1, len(rows) - 1))
    end_ns = 1000 + 10 * k
    other = rows[:k] + [(BID, 99, 7)] * (len(rows) - k)
    one, two = (cut(tape_of(r), None, end_ns) for r in (rows, other))
    for field in fields(Columns):
        assert np.array_equal(getattr(one.local, field.name), getattr(two.local, field.name))
    assert one.local.recv_ns[-1] < end_ns


def test_a_book_that_a_gap_left_unknown_stays_unknown() -> None:
    rows = [(BID, 99, 1), (ASK, 101, 1), (GAP, 0, 0), (TRADE_BUY, 101, 1), (TRADE_BUY, 101, 1)]
    part = cut(tape_of(rows), 1030, None)
    assert part.local.kind.tolist() == [GAP, TRADE_BUY]


def test_what_is_under_way_at_the_cut_still_arrives() -> None:
    tape = tape_of([(BID, 99, 1), (ASK, 101, 1), (BID, 100, 1), (ASK, 102, 5)])
    late = replace(tape, local=replace(tape.local, recv_ns=tape.local.recv_ns + 15))
    part = cut(late, 1020, None)
    assert part.venue.kind.tolist() == [CLEAR_BIDS, CLEAR_ASKS, BID, BID, ASK, ASK]
    assert part.local.kind.tolist() == [CLEAR_BIDS, CLEAR_ASKS, BID, ASK, BID, ASK]
    assert part.local.recv_ns.tolist() == [1020, 1020, 1020, 1025, 1035, 1045]


def test_a_whole_tape_is_not_copied() -> None:
    tape = tape_of([(BID, 99, 1), (ASK, 101, 1)])
    assert cut(tape, None, None) is tape


def test_nothing_in_between_is_refused_with_what_there_is() -> None:
    tape = tape_of([(BID, 99, 1), (ASK, 101, 1)])
    with pytest.raises(DataError, match="which is from 1970-01-01T00:00:00 to 1970"):
        cut(tape, 5000, None)
