"""The least that takes the working orders to the wanted ones, in the order that is safe."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.model.errors import Refusal
from connectors.model.events import BUY, CANCEL, PLACE, SELL
from connectors.model.orders import (
    CANCELLING,
    COMMANDS,
    FREE,
    LEVELS,
    LIVE,
    PARTIAL,
    SENT,
    SLOTS,
    UNKNOWN,
    slot_of,
)
from strategies import reasons as why
from strategies.desk import Desk
from strategies.quoting import SCARCE
from tests.strategies.working import Asked, asked, cancels, places, rest, want
from tests.support import MID_TICKS, NOW_NS, checked, shown_desk

BID, ASK = MID_TICKS - 50, MID_TICKS + 50
STATUSES = (SENT, LIVE, PARTIAL, CANCELLING, UNKNOWN)


def quoting_desk(**params: Any) -> Desk:
    """Return a desk that wants ten lots a side; its tolerance is ten ticks."""
    desk = shown_desk(**params)
    want(desk, BUY, BID, 10)
    want(desk, SELL, ASK, 10)
    return desk


def reasons(desk: Desk) -> tuple[int, int]:
    return desk.quotes.reasons[BUY], desk.quotes.reasons[SELL]


def test_both_sides_are_placed_when_nothing_works() -> None:
    desk = quoting_desk()
    assert places(desk) == [(BUY, BID, 10), (SELL, ASK, 10)]
    assert reasons(desk) == (0, 0)


@pytest.mark.parametrize(("position", "first"), [(0, BUY), (5, SELL), (-5, BUY)])
def test_the_side_that_reduces_the_position_is_placed_first(position: int, first: int) -> None:
    desk = quoting_desk(levels=2)
    for side in (BUY, SELL):
        want(desk, side, BID - 20 if side == BUY else ASK + 20, 5, level=1)
    desk.orders.position_lots = position
    assert [side for side, _, _ in places(desk)] == [first, first, 1 - first, 1 - first]


@pytest.mark.parametrize(
    ("off", "kept"), [(0, True), (10, True), (-10, True), (11, False), (-11, False)]
)
@pytest.mark.parametrize("status", [LIVE, PARTIAL])
def test_an_order_within_tolerance_stays(off: int, kept: bool, status: int) -> None:
    desk = quoting_desk()
    client_id = rest(desk, BUY, BID + off, 10, status=status)
    assert cancels(desk) == ([] if kept else [client_id])
    assert reasons(desk)[BUY] == (why.KEPT if kept else why.SLOT_BUSY)


@pytest.mark.parametrize(("lots", "kept"), [(10, True), (5, True), (4, False), (11, False)])
def test_an_order_of_half_to_all_of_the_size_stays(lots: int, kept: bool) -> None:
    desk = quoting_desk()
    client_id = rest(desk, SELL, ASK, lots)
    assert cancels(desk) == ([] if kept else [client_id])


def test_without_tolerance_only_the_same_price_stays() -> None:
    desk = quoting_desk(tolerance_bps=0.0)
    client_id = rest(desk, BUY, BID + 1, 10)
    rest(desk, SELL, ASK, 10)
    assert cancels(desk) == [client_id]


@pytest.mark.parametrize(("scarcity", "kept"), [(0, False), (SCARCE // 2, False), (SCARCE, True)])
def test_scarce_orders_are_moved_for_larger_changes_alone(scarcity: int, kept: bool) -> None:
    desk = quoting_desk()
    desk.params.scarce_tolerance_bps = 4 * desk.params.tolerance_bps
    desk.scarcity = scarcity
    client_id = rest(desk, BUY, BID + 36, 10)
    assert cancels(desk) == ([] if kept else [client_id])


def test_where_the_venue_takes_no_more_orders_only_cancels_are_asked_for() -> None:
    desk = quoting_desk()
    desk.scarcity = SCARCE + 1
    client_id = rest(desk, BUY, BID - 500, 10)
    assert places(desk) == []
    assert cancels(desk) == [client_id]
    assert reasons(desk)[SELL] == why.PLACE_LOCKOUT


@pytest.mark.parametrize("status", [SENT, CANCELLING, UNKNOWN])
def test_an_order_that_cannot_be_cancelled_yet_keeps_its_only_slot(status: int) -> None:
    desk = quoting_desk()
    rest(desk, BUY, BID - 500, 10, status=status)
    assert places(desk) == [(SELL, ASK, 10)]
    assert cancels(desk) == []
    assert reasons(desk)[BUY] == why.SLOT_BUSY


@pytest.mark.parametrize(("status", "kept"), [(SENT, True), (CANCELLING, False), (UNKNOWN, False)])
def test_an_order_that_is_on_its_way_serves_and_one_that_may_be_gone_does_not(
    status: int, kept: bool
) -> None:
    desk = quoting_desk()
    rest(desk, BUY, BID, 10, status=status)
    assert asked(desk)[0].side == SELL
    assert reasons(desk)[BUY] == (why.KEPT if kept else why.SLOT_BUSY)


def test_with_two_slots_the_new_order_goes_beside_the_one_being_cancelled() -> None:
    desk = quoting_desk(slots_per_level=2)
    old = rest(desk, BUY, BID - 500, 10)
    first, *others = asked(desk)
    assert (first.kind, first.client_id) == (CANCEL, old)
    slots = [(a.kind, a.side, a.slot) for a in others]
    beside, free = slot_of(BUY, 0, 1), slot_of(SELL, 0, 0)
    assert slots == [(PLACE, BUY, beside), (PLACE, SELL, free)]
    assert reasons(desk) == (0, 0)


def test_of_two_orders_that_would_do_one_stays() -> None:
    desk = quoting_desk(slots_per_level=2)
    rest(desk, BUY, BID, 10)
    second = rest(desk, BUY, BID, 10, twin=1)
    assert cancels(desk) == [second]
    assert places(desk) == [(SELL, ASK, 10)]


def test_an_order_in_the_second_slot_is_cancelled_when_only_one_is_allowed() -> None:
    desk = quoting_desk(slots_per_level=1)
    stray = rest(desk, BUY, BID - 500, 10, twin=1)
    assert cancels(desk) == [stray]
    assert places(desk)[0] == (BUY, BID, 10)


def test_fewer_levels_cancel_the_surplus() -> None:
    desk = quoting_desk(levels=1)
    want(desk, BUY, BID - 40, 10, level=5)
    surplus = rest(desk, BUY, BID - 40, 10, level=5)
    rest(desk, BUY, BID, 10)
    assert cancels(desk) == [surplus]
    assert places(desk) == [(SELL, ASK, 10)]


def test_what_is_no_longer_wanted_is_cancelled_also_without_a_book() -> None:
    desk = quoting_desk()
    ids = [rest(desk, BUY, BID, 10), rest(desk, SELL, ASK, 10)]
    for side in (BUY, SELL):
        want(desk, side, 0, 0)
    desk.signals.sound = False
    assert cancels(desk) == ids
    assert places(desk) == []


@pytest.mark.parametrize(
    ("stamp", "lockout", "reason"),
    [
        ("last_fill_ns", "fill_lockout_ns", why.FILL_LOCKOUT),
        ("last_place_ns", "place_lockout_ns", why.PLACE_LOCKOUT),
        ("last_reject_ns", "reject_lockout_ns", why.REJECT_LOCKOUT),
    ],
)
def test_a_lockout_holds_places_of_its_side_for_its_time(
    stamp: str, lockout: str, reason: int
) -> None:
    desk = quoting_desk(**{lockout: 100})
    getattr(desk.orders, stamp)[BUY] = NOW_NS
    assert places(desk, NOW_NS + 99) == [(SELL, ASK, 10)]
    assert reasons(desk) == (reason, 0)
    assert places(desk, NOW_NS + 100) == [(BUY, BID, 10), (SELL, ASK, 10)]


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        (Refusal.PACED, why.PLACE_LOCKOUT),
        (Refusal.ACCOUNT_LIMIT, why.PLACE_LOCKOUT),
        (Refusal.RATE_LIMIT, why.REJECT_LOCKOUT),
        (Refusal.POST_ONLY, why.REJECT_LOCKOUT),
    ],
)
def test_what_we_hold_back_ourselves_is_not_called_the_venues_refusal(
    code: Refusal, reason: int
) -> None:
    desk = quoting_desk(reject_lockout_ns=100)
    desk.orders.last_reject_ns[BUY] = NOW_NS
    desk.orders.last_reject_code[BUY] = code
    assert places(desk, NOW_NS + 99) == [(SELL, ASK, 10)]
    assert reasons(desk) == (reason, 0)


def test_lockouts_add_up_and_never_hold_a_cancel() -> None:
    desk = quoting_desk(fill_lockout_ns=100, reject_lockout_ns=100)
    desk.orders.last_fill_ns[BUY] = desk.orders.last_reject_ns[BUY] = NOW_NS
    client_id = rest(desk, BUY, BID - 500, 10, twin=1)
    assert cancels(desk) == [client_id]
    assert reasons(desk)[BUY] == why.FILL_LOCKOUT | why.REJECT_LOCKOUT


@pytest.mark.parametrize(("open_lots", "placed"), [(90, True), (91, False)])
def test_open_orders_count_against_the_room_whatever_their_status(
    open_lots: int, placed: bool
) -> None:
    for status in STATUSES:
        desk = quoting_desk()
        rest(desk, BUY, BID - 30, open_lots, level=3, status=status)
        assert ((BUY, BID, 10) in places(desk)) is placed
        assert bool(reasons(desk)[BUY] & why.HEADROOM) is not placed


def test_headroom_is_spent_level_by_level() -> None:
    desk = quoting_desk(levels=3)
    desk.orders.position_lots = 75
    for level in range(3):
        want(desk, BUY, BID - level, 10, level)
        want(desk, SELL, ASK + level, 10, level)
    assert [p for p in places(desk) if p[0] == BUY] == [(BUY, BID, 10), (BUY, BID - 1, 10)]
    assert reasons(desk) == (why.HEADROOM, 0)


@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize(("other", "held"), [(BID - 1, True), (BID, True), (BID + 1, False)])
def test_no_bid_is_placed_that_would_meet_an_own_ask(other: int, held: bool, status: int) -> None:
    desk = quoting_desk()
    rest(desk, SELL, other, 10, level=4, status=status)
    assert ((BUY, BID, 10) not in places(desk)) is held
    assert bool(reasons(desk)[BUY] & why.OWN_CROSS) is held


@pytest.mark.parametrize(("other", "held"), [(ASK + 1, True), (ASK, True), (ASK - 1, False)])
def test_no_ask_is_placed_that_would_meet_an_own_bid(other: int, held: bool) -> None:
    desk = quoting_desk()
    rest(desk, BUY, other, 10, level=4, twin=1)
    assert ((SELL, ASK, 10) not in places(desk)) is held
    assert bool(reasons(desk)[SELL] & why.OWN_CROSS) is held


prices = st.integers(-30, 30)
sizes = st.integers(0, 30)


@st.composite
def situations(draw: st.DrawFn) -> Desk:
    """Draw wants, working orders in any status, a position and how many slots there are."""
    levels = draw(st.integers(1, LEVELS))
    desk = shown_desk(levels=levels, slots_per_level=draw(st.sampled_from((1, 2))))
    desk.orders.position_lots = draw(st.integers(-110, 110))
    for side, level in [(s, n) for s in (BUY, SELL) for n in range(LEVELS)]:
        base = (BID if side == BUY else ASK) + draw(prices)
        want(desk, side, base, draw(sizes), level)
        for twin in (0, 1):
            if draw(st.integers(0, 2)) == 0:
                status = draw(st.sampled_from(STATUSES))
                rest(desk, side, base + draw(prices), draw(st.integers(1, 30)), level, twin, status)
    return desk


def statuses(desk: Desk, found: list[Asked]) -> list[int]:
    return [desk.orders.status[a.slot] for a in found]


@checked(250)
@given(situations())
def test_whatever_works_the_commands_are_safe_and_explained(desk: Desk) -> None:
    before = desk.orders.sequence
    exposed = list(desk.orders.exposed_lots)
    found = asked(desk)
    cancelled = [a for a in found if a.kind == CANCEL]
    placed = [a for a in found if a.kind == PLACE]
    assert found == cancelled + placed
    assert len(found) <= COMMANDS
    assert set(statuses(desk, cancelled)) <= {LIVE, PARTIAL}
    assert all(desk.orders.client_id[a.slot] == a.client_id for a in cancelled)
    assert set(statuses(desk, placed)) <= {FREE}
    homes = [a.home for a in placed]
    assert len(homes) == len(set(homes))
    ids = [a.client_id for a in placed]
    assert ids == sorted(set(ids))
    assert desk.orders.sequence == before + len(ids)
    assert desk.orders.exposed_lots == exposed
    for a in placed:
        k = a.home
        assert (a.ticks, a.lots) == (desk.quotes.ticks[k], desk.quotes.lots[k])
        assert a.twin < desk.params.slots_per_level
        assert k % LEVELS < desk.params.levels
    reducing = SELL if desk.orders.position_lots > 0 else BUY
    sides = [a.side for a in placed]
    assert sides == sorted(sides, key=lambda side: side != reducing)


@checked(250)
@given(situations())
def test_whatever_works_the_limit_holds_and_nothing_waits_without_a_reason(desk: Desk) -> None:
    position, exposed = desk.orders.position_lots, list(desk.orders.exposed_lots)
    placed = [a for a in asked(desk) if a.kind == PLACE]
    for side, signed in ((BUY, position), (SELL, -position)):
        more = sum(a.lots for a in placed if a.side == side)
        assert more == 0 or signed + exposed[side] + more <= 100
        waits = why.SLOT_BUSY | why.HEADROOM | why.OWN_CROSS | why.KEPT
        for level in range(desk.params.levels):
            k = side * LEVELS + level
            if desk.quotes.lots[k] > 0 and k not in {a.home for a in placed}:
                assert desk.quotes.reasons[side] & waits
    for a in placed:
        for slot in range(SLOTS):
            if desk.orders.status[slot] != FREE and slot // (SLOTS // 2) != a.side:
                rested = desk.orders.ticks[slot]
                assert rested > a.ticks if a.side == BUY else rested < a.ticks


@checked(60)
@given(situations())
def test_asking_twice_asks_the_same_but_for_the_ids(desk: Desk) -> None:
    first = [(a.kind, a.side, a.ticks, a.lots, a.slot) for a in asked(desk)]
    assert [(a.kind, a.side, a.ticks, a.lots, a.slot) for a in asked(desk)] == first
