"""A walk through a book takes its levels as an order would, and no further than it may reach."""

from hypothesis import given
from hypothesis import strategies as st

from connectors.model.book import Book, clear, set_ask, set_bid
from connectors.model.events import BUY, SELL
from strategies.routing.offer import Offer, offered_lots, open_offer, take_best
from tests.support import checked

MID_TICKS = 10_000
LEVELS = st.dictionaries(st.integers(1, 30), st.integers(1, 9), min_size=1)


def book_of(levels: dict[int, int]) -> Book:
    book = Book()
    clear(book)
    for away, lots in levels.items():
        set_bid(book, MID_TICKS - away, lots)
        set_ask(book, MID_TICKS + away, lots)
    return book


@given(levels=LEVELS, side=st.sampled_from((BUY, SELL)), reach=st.integers(0, 40))
@checked(80)
def test_all_within_the_reach_is_offered(levels: dict[int, int], side: int, reach: int) -> None:
    book = book_of(levels)
    first = min(levels)
    touch_ticks = MID_TICKS + (first if side == BUY else -first)
    away = int(touch_ticks * (reach + 0.5) * 1e-4)
    expected = sum(lots for ticks, lots in levels.items() if ticks <= first + away)
    assert offered_lots(book, side, reach + 0.5) == expected


@given(levels=LEVELS, side=st.sampled_from((BUY, SELL)), lots=st.integers(1, 60))
@checked(80)
def test_what_is_taken_is_paid_level_by_level(levels: dict[int, int], side: int, lots: int) -> None:
    offer = Offer()
    open_offer(offer, book_of(levels), side, 40.0)
    take_best(offer, book_of(levels), side, lots)
    sign = 1 if side == BUY else -1
    left, paid = lots, 0
    for away, shown in sorted(levels.items()):
        paid += min(left, shown) * (MID_TICKS + sign * away)
        left -= min(left, shown)
    assert (offer.taken_lots, offer.paid_tick_lots) == (lots - left, paid)


def test_a_book_without_a_sound_touch_offers_nothing() -> None:
    book = book_of({1: 5})
    set_bid(book, MID_TICKS + 2, 1)
    assert offered_lots(book, BUY, 100.0) == 0
