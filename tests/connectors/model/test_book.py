"""The ladder equals a dict of levels after any rows, and compiled equals interpreted."""

import random
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.model.book import (
    HALF,
    MASK,
    NONE_ASK,
    NONE_BID,
    QUARTER,
    WINDOW,
    Book,
    apply_rows,
    ask_lots_at,
    bid_lots_at,
    clear,
    is_two_sided,
    set_ask,
    set_bid,
)
from connectors.model.events import (
    ASK,
    BEST_ASK,
    BEST_BID,
    BID,
    CLEAR_ASKS,
    CLEAR_BIDS,
    GAP,
    TRADE_BUY,
    TRADE_SELL,
)
from connectors.model.record import record_of, store
from tests.connectors.model.naive_book import NaiveBook
from tests.support import checked, columns, compiled, differences

MID = 1_000_000
THE_TOUCH = -(10**18)
"""Stands for the best price of its side at that moment."""
Row = tuple[int, int, int]


def new_book() -> Book:
    book = Book()
    clear(book)
    return book


def applied(book: Book, rows: list[Row]) -> Book:
    kind, ticks, lots = columns(rows, 3)
    apply_rows(book, kind, ticks, lots, 0, len(rows))
    return book


def ring_of(levels: dict[int, int]) -> list[int]:
    ring = [0] * WINDOW
    for ticks, lots in levels.items():
        ring[ticks & MASK] = lots
    return ring


def assert_equal(book: Book, naive: NaiveBook) -> None:
    assert (book.best_bid_ticks, book.best_ask_ticks) == (naive.best_bid(), naive.best_ask())
    assert (book.bid_levels, book.ask_levels) == (len(naive.bids), len(naive.asks))
    assert book.outside == naive.outside
    assert book.anchored == (naive.anchor is not None)
    assert naive.anchor is None or book.anchor_ticks == naive.anchor
    assert is_two_sided(book) == naive.is_two_sided()
    assert book.bid_lots == ring_of(naive.bids)
    assert book.ask_lots == ring_of(naive.asks)


EDGES = (QUARTER, QUARTER + 1, HALF - 1, HALF, HALF + 1, WINDOW - 1, WINDOW, WINDOW + 1)
near = st.integers(-6, 6)
offsets = st.one_of(
    *[near] * 12,
    st.builds(
        lambda sign, edge, x: sign * edge + x,
        st.sampled_from((-1, 1)),
        st.sampled_from(EDGES),
        near,
    ),
    st.integers(-10 * WINDOW, 10 * WINDOW),
)
depth_rows = st.tuples(
    st.sampled_from((BID, ASK)), offsets.map(lambda x: MID + x), st.sampled_from((0, 0, 1, 2, 9))
)
touch_gone = st.tuples(st.sampled_from((BID, ASK)), st.just(THE_TOUCH), st.just(0))
other_rows = st.tuples(
    st.sampled_from((CLEAR_BIDS, CLEAR_ASKS, GAP, TRADE_BUY, TRADE_SELL, BEST_BID, BEST_ASK)),
    st.just(MID),
    st.just(1),
)
any_rows = st.lists(
    st.one_of(*[depth_rows] * 8, touch_gone, touch_gone, other_rows), min_size=15, max_size=60
)


@checked(120)
@given(any_rows)
def test_the_ladder_equals_a_dict_of_levels_after_every_row(rows: list[Row]) -> None:
    book, naive = new_book(), NaiveBook()
    for kind, ticks, lots in rows:
        if ticks == THE_TOUCH:
            ticks = naive.best_bid() if kind == BID else naive.best_ask()
        applied(book, [(kind, ticks, lots)])
        naive.apply(kind, ticks, lots)
        assert (book.best_bid_ticks, book.best_ask_ticks) == (naive.best_bid(), naive.best_ask())
        assert is_two_sided(book) == naive.is_two_sided()
        for at in (ticks, ticks - WINDOW, ticks + WINDOW):
            assert bid_lots_at(book, at) == naive.bids.get(at, 0)
            assert ask_lots_at(book, at) == naive.asks.get(at, 0)
    assert_equal(book, naive)


def stream(rows: int) -> tuple[list[Row], list[int], NaiveBook]:
    """Return rows of a market that wanders, jumps and breaks, each touch, and the book."""
    rng = random.Random(3)
    naive, mid = NaiveBook(), MID
    found: list[Row] = []
    touch: list[int] = []

    def happen(row: Row) -> None:
        found.append(row)
        naive.apply(*row)
        touch.extend((naive.best_bid(), naive.best_ask()))

    while len(found) < rows:
        chance = rng.random()
        mid += rng.randint(-3, 3)
        if chance < 0.003:
            mid += rng.choice((-1, 1)) * rng.choice((QUARTER, HALF, WINDOW, 3 * WINDOW))
        row = (rng.choice((CLEAR_BIDS, CLEAR_ASKS, GAP)), 0, 0)
        if chance > 0.005:
            kind, sign = rng.choice(((BID, -1), (ASK, 1)))
            away = rng.randint(1, HALF if chance > 0.99 else 12)
            row = (kind, mid + sign * away, rng.choice((0, 1, 7)))
        happen(row)
        while naive.bids and naive.asks and naive.best_bid() >= naive.best_ask():
            crossed = row[0] == BID
            happen((ASK, naive.best_ask(), 0) if crossed else (BID, naive.best_bid(), 0))
    return found, touch, naive


def watch(book: Any, kind: Any, ticks: Any, lots: Any, touch: Any) -> None:
    for r in range(len(kind)):
        apply_rows(book, kind, ticks, lots, r, r + 1)
        touch[2 * r] = book.best_bid_ticks
        touch[2 * r + 1] = book.best_ask_ticks


def test_compiled_interpreted_and_naive_agree_on_a_long_stream() -> None:
    rows, expected, naive = stream(12_000)
    kind, ticks, lots = np.array(rows, np.int64).T.copy()
    fast, slow = record_of(new_book()), new_book()
    touch, same = np.zeros(2 * len(kind), np.int64), [0] * (2 * len(kind))
    compiled(watch)(fast, kind, ticks, lots, touch)
    watch(slow, kind.tolist(), ticks.tolist(), lots.tolist(), same)
    assert same == expected
    assert touch.tolist() == expected
    read = Book()
    store(read, fast)
    assert differences(read, slow) == []
    assert_equal(slow, naive)
    assert slow.outside > 100


def test_an_empty_book_says_none() -> None:
    book = new_book()
    assert (book.best_bid_ticks, book.best_ask_ticks) == (NONE_BID, NONE_ASK)
    assert not is_two_sided(book)


def test_a_crossed_or_locked_book_is_not_two_sided() -> None:
    for ask, sound in ((MID + 1, True), (MID, False), (MID - 1, False)):
        assert is_two_sided(applied(new_book(), [(BID, MID, 1), (ASK, ask, 1)])) is sound


def test_a_level_is_set_changed_and_removed() -> None:
    book = applied(new_book(), [(BID, MID, 3), (BID, MID - 5, 2), (BID, MID, 8)])
    assert (bid_lots_at(book, MID), book.bid_levels) == (8, 2)
    set_bid(book, MID, 0)
    assert (book.best_bid_ticks, book.bid_levels) == (MID - 5, 1)
    set_ask(book, MID + 3, 0)
    assert (book.best_ask_ticks, book.ask_levels) == (NONE_ASK, 0)


@pytest.mark.parametrize(
    ("kind", "offset", "kept"),
    [(BID, -HALF, 7), (BID, -HALF - 1, 0), (ASK, HALF - 1, 7), (ASK, HALF, 0)],
)
def test_the_window_reaches_half_its_width_from_its_centre(
    kind: int, offset: int, kept: int
) -> None:
    book = applied(new_book(), [(kind, MID, 1), (kind, MID + offset, 7)])
    found = bid_lots_at if kind == BID else ask_lots_at
    assert found(book, MID + offset) == kept
    assert book.outside == (0 if kept else 1)


def test_a_level_worse_and_outside_is_counted_and_not_kept() -> None:
    book = applied(new_book(), [(BID, MID, 1), (BID, MID - HALF - 1, 1), (ASK, MID + 1, 1)])
    set_ask(book, MID + HALF, 4)
    assert (book.outside, book.bid_levels, book.ask_levels) == (2, 1, 1)
    assert bid_lots_at(book, MID - HALF - 1) == ask_lots_at(book, MID + HALF) == 0


def test_a_snapshot_far_away_after_a_gap_is_whole() -> None:
    book = applied(new_book(), [(BID, MID, 1), (ASK, MID + 1, 1), (GAP, 0, 0)])
    far = MID + 20 * WINDOW
    applied(book, [(BID, far - 1, 2), (BID, far, 3), (ASK, far + 1, 4)])
    assert (book.best_bid_ticks, book.best_ask_ticks, book.outside) == (far, far + 1, 0)


def test_a_market_that_comes_back_finds_its_levels_or_an_unsound_book() -> None:
    up = MID + HALF + 10
    book = applied(new_book(), [(BID, MID - 5, 1), (BID, MID, 1), (ASK, MID + 1, 1)])
    applied(book, [(ASK, MID + 1, 0), (ASK, up + 1, 1), (BID, up, 1)])
    applied(book, [(BID, up, 0), (BID, MID - 9, 1), (ASK, MID + 1, 1), (ASK, up + 1, 0)])
    assert not is_two_sided(book) or book.best_bid_ticks == MID


def test_rows_that_are_no_depth_are_counted_and_leave_the_book() -> None:
    book = new_book()
    kind, ticks, lots = columns([(GAP, 0, 0), (BID, MID, 5), (ASK, MID + 2, 5)], 3)
    assert apply_rows(book, kind, ticks, lots, 0, 3) == 0
    kind, ticks, lots = columns([(TRADE_BUY, MID, 5), (BID, MID, 5), (TRADE_SELL, MID, 1)], 3)
    assert apply_rows(book, kind, ticks, lots, 0, 3) == 2
    assert (book.bid_levels, book.ask_levels) == (1, 1)
