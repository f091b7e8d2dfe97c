"""The life of an order: every transition, in and out of order, and the totals limits stand on."""

import itertools

import pytest

from connectors.model.events import (
    ACCEPTED,
    BUY,
    CANCEL,
    CANCEL_REJECTED,
    CANCELLED,
    EXPIRED,
    FILLED,
    IOC,
    OUTCOME_UNKNOWN,
    PLACE,
    POST_ONLY,
    REDUCE_ONLY,
    REJECTED,
    SELL,
)
from connectors.model.orders import (
    CANCELLING,
    COMMANDS,
    FREE,
    ID_STRIDE,
    LEVELS,
    LIVE,
    MARKETS,
    PARTIAL,
    SENT,
    SIDE_SLOTS,
    SLOTS,
    TOLD_APART,
    UNKNOWN,
    Commands,
    Orders,
    add_command,
    apply,
    begin,
    begin_cancel,
    flags_of,
    is_taking,
    next_client_id,
    reducible_lots,
    slot_of,
    take_slot,
)

TICKS, LOTS, NOW_NS = 1_000, 10, 5_000
OCCUPIED = (SENT, LIVE, PARTIAL, CANCELLING, UNKNOWN)
PART = "part of the size"


def in_status(status: int, side: int = SELL) -> tuple[Orders, int]:
    """Return orders with one order of 10 lots in a status, and its client id."""
    orders = Orders()
    client_id = next_client_id(orders, slot_of(side, 2, 1))
    begin(orders, client_id, side, TICKS, LOTS, NOW_NS)
    orders.status[client_id % SLOTS] = status
    orders.changed = False
    return orders, client_id


def take(orders: Orders, kind: int, client_id: int, side: int = SELL, lots: int = LOTS) -> None:
    apply(orders, kind, client_id, side, TICKS, lots, 3, NOW_NS + 1)


TRANSITIONS = {
    ACCEPTED: (LIVE, LIVE, PARTIAL, CANCELLING, LIVE),
    REJECTED: (FREE,) * 5,
    CANCELLED: (FREE,) * 5,
    EXPIRED: (FREE,) * 5,
    FILLED: (FREE,) * 5,
    PART: (PARTIAL, PARTIAL, PARTIAL, CANCELLING, PARTIAL),
    CANCEL_REJECTED: OCCUPIED,
    OUTCOME_UNKNOWN: (UNKNOWN,) * 5,
}


@pytest.mark.parametrize(
    ("event", "before", "after"),
    [(e, b, a) for e, row in TRANSITIONS.items() for b, a in zip(OCCUPIED, row, strict=True)],
)
def test_transition(event: int | str, before: int, after: int) -> None:
    orders, client_id = in_status(before)
    if event == PART:
        take(orders, FILLED, client_id, lots=4)
    else:
        take(orders, int(event), client_id)
    slot = client_id % SLOTS
    left = 0 if after == FREE else 6 if event == PART else 10
    assert orders.status[slot] == after
    assert (orders.open_lots[slot], orders.exposed_lots) == (left, [0, left])
    assert orders.changed


@pytest.mark.parametrize("kind", [ACCEPTED, REJECTED, CANCELLED, EXPIRED, OUTCOME_UNKNOWN])
@pytest.mark.parametrize("who", ["an ended order", "an older order", "a stranger", "id 0"])
def test_a_row_that_names_no_open_order_of_ours_moves_nothing(kind: int, who: str) -> None:
    orders, client_id = in_status(LIVE)
    if who == "an ended order":
        take(orders, CANCELLED, client_id)
    named = {
        "an ended order": client_id,
        "an older order": client_id - ID_STRIDE,
        "a stranger": client_id + SLOTS,
        "id 0": 0,
    }[who]
    before = (list(orders.status), list(orders.open_lots), list(orders.exposed_lots))
    take(orders, kind, named)
    assert (orders.status, orders.open_lots, orders.exposed_lots) == before
    assert orders.last_reject_ns == [0, 0]


def test_a_fill_before_its_ack_counts_once() -> None:
    orders, client_id = in_status(SENT, BUY)
    take(orders, FILLED, client_id, BUY, 4)
    take(orders, ACCEPTED, client_id, BUY)
    assert (orders.status[client_id % SLOTS], orders.open_lots[client_id % SLOTS]) == (PARTIAL, 6)
    assert (orders.position_lots, orders.exposed_lots) == (4, [6, 0])


@pytest.mark.parametrize("older", [0, ID_STRIDE])
def test_a_late_fill_moves_the_position_and_no_slot(older: int) -> None:
    orders, client_id = in_status(LIVE)
    if not older:
        take(orders, CANCELLED, client_id)
    exposed = list(orders.exposed_lots)
    take(orders, FILLED, client_id - older, lots=3)
    assert (orders.position_lots, orders.cash_tick_lots) == (-3, 3 * TICKS)
    assert orders.exposed_lots == exposed
    assert orders.last_fill_ns == [0, NOW_NS + 1]


def test_an_overfill_moves_the_position_in_full_and_exposure_to_zero() -> None:
    orders, client_id = in_status(LIVE)
    take(orders, FILLED, client_id, lots=15)
    assert (orders.position_lots, orders.exposed_lots) == (-15, [0, 0])
    assert orders.status[client_id % SLOTS] == FREE


@pytest.mark.parametrize(("side", "sign"), [(BUY, 1), (SELL, -1)])
def test_cash_and_position_are_signed_by_side(side: int, sign: int) -> None:
    orders, client_id = in_status(LIVE, side)
    take(orders, FILLED, client_id, side, 7)
    assert (orders.position_lots, orders.cash_tick_lots) == (7 * sign, -7 * sign * TICKS)


def test_a_refusal_remembers_when_and_why() -> None:
    orders, client_id = in_status(SENT)
    take(orders, REJECTED, client_id)
    assert (orders.last_reject_ns, orders.last_reject_code) == ([0, NOW_NS + 1], [0, 3])


def test_unknown_keeps_its_slot_and_its_full_exposure_until_proof() -> None:
    orders, client_id = in_status(SENT)
    take(orders, OUTCOME_UNKNOWN, client_id)
    take(orders, CANCEL_REJECTED, client_id)
    assert (orders.status[client_id % SLOTS], orders.exposed_lots) == (UNKNOWN, [0, 10])
    take(orders, EXPIRED, client_id)
    assert (orders.status[client_id % SLOTS], orders.exposed_lots) == (FREE, [0, 0])


@pytest.mark.parametrize("status", OCCUPIED)
def test_a_cancel_on_its_way_keeps_exposure(status: int) -> None:
    orders, client_id = in_status(status)
    begin_cancel(orders, client_id)
    assert (orders.status[client_id % SLOTS], orders.exposed_lots) == (CANCELLING, [0, 10])


def test_a_cancel_of_an_ended_or_older_order_marks_nothing() -> None:
    orders, client_id = in_status(LIVE)
    begin_cancel(orders, client_id - ID_STRIDE)
    assert orders.status[client_id % SLOTS] == LIVE
    take(orders, CANCELLED, client_id)
    begin_cancel(orders, client_id)
    assert orders.status[client_id % SLOTS] == FREE


def test_an_order_begins_sent_exposed_and_stamped() -> None:
    orders, client_id = in_status(SENT, BUY)
    slot = client_id % SLOTS
    assert (orders.ticks[slot], orders.open_lots[slot], orders.sent_ns[slot]) == (1_000, 10, 5_000)
    assert (orders.exposed_lots, orders.last_place_ns) == ([10, 0], [NOW_NS, 0])
    assert next_client_id(orders, slot) == client_id + ID_STRIDE


def test_every_side_level_and_twin_has_its_own_slot() -> None:
    slots = [slot_of(*place) for place in itertools.product((BUY, SELL), range(LEVELS), (0, 1))]
    taking = [take_slot(side) for side in (BUY, SELL)]
    assert sorted(slots + taking) == list(range(SLOTS))
    assert [slot // SIDE_SLOTS for slot in taking] == [BUY, SELL]


def test_a_slot_says_what_its_order_may_do() -> None:
    orders = Orders()
    orders.market_number = 3
    quote, take = (next_client_id(orders, slot) for slot in (slot_of(SELL, 7, 1), take_slot(SELL)))
    assert (is_taking(quote), is_taking(take)) == (False, True)
    assert (flags_of(quote), flags_of(take)) == (POST_ONLY, IOC | REDUCE_ONLY)


@pytest.mark.parametrize(
    ("position", "side", "open_lots", "lots"),
    [(30, SELL, 0, 30), (30, SELL, 20, 10), (30, SELL, 40, 0), (30, BUY, 0, 0), (-7, BUY, 5, 2)],
)
def test_what_may_still_be_reduced_leaves_room_for_all_that_is_open(
    position: int, side: int, open_lots: int, lots: int
) -> None:
    orders = Orders()
    orders.position_lots = position
    orders.exposed_lots[side] = open_lots
    assert reducible_lots(orders, side) == lots


def test_an_id_names_its_slot_and_market_and_never_repeats_within_48_bits() -> None:
    orders = Orders()
    orders.market_number = MARKETS - 1
    orders.sequence = 2**48 // ID_STRIDE - 2
    ids = {next_client_id(orders, slot) for slot in range(SLOTS)}
    assert len(ids) == SLOTS
    assert {i % SLOTS for i in ids} == set(range(SLOTS))
    assert {i // SLOTS % MARKETS for i in ids} == {MARKETS - 1}
    assert max(ids) < 2**48
    others = Orders()
    others.sequence = orders.sequence
    assert ids.isdisjoint(next_client_id(others, slot) for slot in range(SLOTS))


def test_a_market_may_send_a_hundred_orders_a_second_for_ten_years() -> None:
    assert 2**48 // ID_STRIDE > 100 * 86_400 * 365 * 10


def test_ids_of_any_stride_tell_their_slot_and_the_number_of_their_market() -> None:
    assert ID_STRIDE % (SLOTS * TOLD_APART) == 0


def test_commands_are_appended_in_order_and_not_refused() -> None:
    commands = Commands()
    commands.refused = [9] * COMMANDS
    add_command(commands, CANCEL, 1, SELL, 2, 0)
    add_command(commands, PLACE, 3, BUY, 4, 5)
    assert (commands.count, commands.kind[:2], commands.client_id[:2]) == (
        2,
        [CANCEL, PLACE],
        [1, 3],
    )
    assert (commands.side[:2], commands.ticks[:2], commands.lots[:2]) == ([1, 0], [2, 4], [0, 5])
    assert commands.refused[:3] == [0, 0, 9]


def test_the_deepest_level_is_the_furthest_that_was_ever_used() -> None:
    orders = Orders()
    for side, level, twin, deepest in (
        (BUY, 0, 1, 0),
        (SELL, 3, 1, 3),
        (BUY, 1, 0, 3),
        (BUY, 7, 0, 7),
    ):
        begin(orders, next_client_id(orders, take_slot(side)), side, TICKS, 1, NOW_NS)
        begin(orders, next_client_id(orders, slot_of(side, level, twin)), side, TICKS, 1, NOW_NS)
        assert orders.deepest_level == deepest
