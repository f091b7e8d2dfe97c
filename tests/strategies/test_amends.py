"""Where a venue amends, an order that is to move is amended, unless a new one would be held."""

from typing import Any

import pytest

from connectors.model.events import AMEND, BUY, CANCEL, PLACE, SELL
from connectors.model.orders import DOUBTED, LIVE, PARTIAL, SLOTS, begin_amend
from strategies import reasons as why
from strategies.desk import Desk
from strategies.quoting import SCARCE
from tests.strategies.working import asked, rest, want
from tests.support import MID_TICKS, NOW_NS, shown_desk

BID, ASK = MID_TICKS - 50, MID_TICKS + 50


def amending_desk(**params: Any) -> Desk:
    """Return a desk that wants ten lots a side, at a venue that amends; its tolerance is ten."""
    desk = shown_desk(**{"amends": True, **params})
    want(desk, BUY, BID, 10)
    want(desk, SELL, ASK, 10)
    rest(desk, SELL, ASK, 10)
    return desk


def of_the_bid(desk: Desk, now_ns: int = NOW_NS) -> list[tuple[int, int, int]]:
    """Return kind, price and size of what is asked of the bid."""
    return [(a.kind, a.ticks, a.lots) for a in asked(desk, now_ns) if a.side == BUY]


@pytest.mark.parametrize("slots", [1, 2])
def test_an_order_that_is_to_move_is_amended_in_its_slot(slots: int) -> None:
    desk = amending_desk(slots_per_level=slots)
    client_id = rest(desk, BUY, BID - 20, 10)
    (found,) = asked(desk)
    assert (found.kind, found.client_id, found.ticks, found.lots) == (AMEND, client_id, BID, 10)


def test_the_size_is_the_whole_one() -> None:
    desk = amending_desk()
    slot = rest(desk, BUY, BID - 20, 6, status=PARTIAL) % SLOTS
    desk.orders.lots[slot], desk.orders.filled_lots[slot] = 10, 4
    assert of_the_bid(desk) == [(AMEND, BID, 14)]


def test_one_that_only_shrinks_keeps_its_price() -> None:
    desk = amending_desk()
    rest(desk, BUY, BID - 7, 20)
    assert of_the_bid(desk) == [(AMEND, BID - 7, 10)]
    desk = amending_desk()
    rest(desk, BUY, BID - 17, 20)
    assert of_the_bid(desk) == [(AMEND, BID, 10)]


def test_what_is_not_wanted_is_cancelled() -> None:
    desk = amending_desk()
    rest(desk, BUY, BID, 10)
    want(desk, BUY, 0, 0)
    assert of_the_bid(desk) == [(CANCEL, BID, 0)]


def test_an_order_on_its_way_to_the_wanted_terms_is_kept() -> None:
    desk = amending_desk()
    client_id = rest(desk, BUY, BID - 20, 10)
    begin_amend(desk.orders, client_id, BID - 1, 9, NOW_NS)
    assert of_the_bid(desk) == []
    assert desk.quotes.reasons[BUY] == why.KEPT


@pytest.mark.parametrize("slots", [1, 2])
def test_nothing_is_asked_while_an_amend_is_on_its_way_elsewhere(slots: int) -> None:
    desk = amending_desk(slots_per_level=slots)
    client_id = rest(desk, BUY, BID - 40, 10)
    begin_amend(desk.orders, client_id, BID - 20, 10, NOW_NS)
    assert of_the_bid(desk) == []
    assert desk.quotes.reasons[BUY] == why.SLOT_BUSY
    want(desk, BUY, 0, 0)
    assert of_the_bid(desk) == [(CANCEL, BID - 40, 0)]


def test_an_order_in_doubt_is_cancelled_even_where_it_would_do() -> None:
    desk = amending_desk()
    slot = rest(desk, BUY, BID, 10) % SLOTS
    desk.orders.terms[slot] = DOUBTED
    assert of_the_bid(desk) == [(CANCEL, BID, 0)]


@pytest.mark.parametrize(
    ("stamp", "lockout", "reason"),
    [
        ("last_fill_ns", "fill_lockout_ns", why.FILL_LOCKOUT),
        ("last_place_ns", "place_lockout_ns", why.PLACE_LOCKOUT),
        ("last_reject_ns", "reject_lockout_ns", why.REJECT_LOCKOUT),
    ],
)
def test_what_holds_an_order_back_holds_an_amend_back(
    stamp: str, lockout: str, reason: int
) -> None:
    desk = amending_desk(**{lockout: 100})
    rest(desk, BUY, BID - 20, 10)
    getattr(desk.orders, stamp)[BUY] = NOW_NS
    assert of_the_bid(desk, NOW_NS + 99) == [(CANCEL, BID - 20, 0)]
    assert desk.quotes.reasons[BUY] & reason
    assert of_the_bid(desk, NOW_NS + 100) == [(AMEND, BID, 10)]


def test_an_amend_is_held_back_while_new_orders_are_spent() -> None:
    desk = amending_desk()
    rest(desk, BUY, BID - 20, 10)
    desk.scarcity = SCARCE + 1
    assert of_the_bid(desk) == [(CANCEL, BID - 20, 0)]


def test_an_amend_does_not_grow_beyond_the_room() -> None:
    desk = amending_desk()
    rest(desk, BUY, BID - 20, 4)
    rest(desk, BUY, BID - 30, 91, level=3)
    assert (CANCEL, BID - 20, 0) in of_the_bid(desk)
    assert desk.quotes.reasons[BUY] & why.HEADROOM


def test_neither_price_of_an_amended_order_is_crossed() -> None:
    for ticks, amended in ((BID, BID + 30), (BID + 30, BID)):
        desk = amending_desk()
        other = rest(desk, SELL, ticks, 10, level=4)
        begin_amend(desk.orders, other, amended, 10, NOW_NS)
        rest(desk, BUY, BID - 20, 10)
        assert (CANCEL, BID - 20, 0) in of_the_bid(desk)
        assert desk.quotes.reasons[BUY] & why.OWN_CROSS


def test_of_two_one_is_moved_and_the_other_cancelled() -> None:
    desk = amending_desk(slots_per_level=2)
    first = rest(desk, BUY, BID - 20, 10)
    second = rest(desk, BUY, BID - 30, 10, twin=1)
    found = [(a.kind, a.client_id) for a in asked(desk)]
    assert found == [(CANCEL, second), (AMEND, first)]


def test_one_that_would_do_stays_and_the_other_is_cancelled() -> None:
    desk = amending_desk(slots_per_level=2)
    first = rest(desk, BUY, BID - 20, 10)
    rest(desk, BUY, BID, 10, twin=1)
    assert [(a.kind, a.client_id) for a in asked(desk)] == [(CANCEL, first)]


def test_without_amends_it_is_cancelled_and_placed() -> None:
    desk = amending_desk(amends=False, slots_per_level=2)
    rest(desk, BUY, BID - 20, 10, status=LIVE)
    assert [kind for kind, _, _ in of_the_bid(desk)] == [CANCEL, PLACE]
