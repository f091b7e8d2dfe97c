"""Keep the working orders of one market, and the only transitions they may take.

Each order occupies one slot from the moment it is sent until the venue has proven its end. Exposure
counts every occupied slot in full, whatever its status, so an order that might exist is never
forgotten. A client id names its slot, so that an event finds its order without a search, and the
slot names what kind of order it is: one that quotes, or the one of its side that takes.
"""

from typing import Annotated

from connectors.model.events import (
    ACCEPTED,
    BUY,
    CANCEL_REJECTED,
    CANCELLED,
    EXPIRED,
    FILLED,
    IOC,
    OUTCOME_UNKNOWN,
    POST_ONLY,
    REDUCE_ONLY,
    REJECTED,
)
from connectors.model.kernel import Ints, kernel, state

LEVELS = 8
"""Most price levels a side."""
SIDE_SLOTS = 2 * LEVELS + 1
"""Slots of a side: two (A and B) for each level, then the one of its taking order."""
SLOTS = 2 * SIDE_SLOTS
"""Slots of both sides."""
COMMANDS = 2 * SLOTS
"""Most commands one decision can ask for: a cancel and a place for each slot."""
MARKETS = 64
"""Most markets a deploy; the market's number is part of each client id."""
ID_STRIDE = SLOTS * MARKETS

FREE = 0
SENT = 1
LIVE = 2
PARTIAL = 3
CANCELLING = 4
UNKNOWN = 5
"""Status of a slot. FREE: nothing of ours can rest there. All others hold exposure."""


@state
class Orders:
    """Working orders by slot, and the totals that limits need.

    No order has ever been further out than `deepest_level`.

    `cash_tick_lots` is what trading has paid or received, in ticks times lots, before fees.
    """

    status: Annotated[Ints, SLOTS]
    client_id: Annotated[Ints, SLOTS]
    ticks: Annotated[Ints, SLOTS]
    open_lots: Annotated[Ints, SLOTS]
    sent_ns: Annotated[Ints, SLOTS]
    exposed_lots: Annotated[Ints, 2]
    position_lots: int
    cash_tick_lots: int
    sequence: int
    market_number: int
    deepest_level: int
    last_fill_ns: Annotated[Ints, 2]
    last_reject_ns: Annotated[Ints, 2]
    last_place_ns: Annotated[Ints, 2]
    last_reject_code: Annotated[Ints, 2]
    changed: bool


@state
class Commands:
    """What one decision asks for, in the order in which it is to be sent."""

    count: int
    kind: Annotated[Ints, COMMANDS]
    client_id: Annotated[Ints, COMMANDS]
    side: Annotated[Ints, COMMANDS]
    ticks: Annotated[Ints, COMMANDS]
    lots: Annotated[Ints, COMMANDS]
    refused: Annotated[Ints, COMMANDS]


@kernel
def slot_of(side: int, level: int, twin: int) -> int:
    """Return the slot of a side's level; `twin` is 0 for A and 1 for B."""
    return side * SIDE_SLOTS + level * 2 + twin


@kernel
def take_slot(side: int) -> int:
    """Return the slot of a side's taking order."""
    return side * SIDE_SLOTS + 2 * LEVELS


@kernel
def is_taking(client_id: int) -> bool:
    """Tell whether an order is one that takes, by the slot that its id names."""
    return client_id % SIDE_SLOTS == 2 * LEVELS


@kernel
def flags_of(client_id: int) -> int:
    """Return the flags of an order: a quote never takes, and one that takes only reduces."""
    return IOC | REDUCE_ONLY if is_taking(client_id) else POST_ONLY


@kernel
def next_client_id(orders: Orders, slot: int) -> int:
    """Return the id that the next order in `slot` will carry; it grows and never repeats."""
    return (orders.sequence + 1) * ID_STRIDE + orders.market_number * SLOTS + slot


@kernel
def begin(orders: Orders, client_id: int, side: int, ticks: int, lots: int, now_ns: int) -> None:
    """Occupy the order's slot: from here on it counts as exposure."""
    slot = client_id % SLOTS
    orders.sequence = max(orders.sequence, client_id // ID_STRIDE)
    orders.status[slot] = SENT
    orders.client_id[slot] = client_id
    orders.ticks[slot] = ticks
    orders.open_lots[slot] = lots
    orders.sent_ns[slot] = now_ns
    orders.exposed_lots[side] += lots
    orders.last_place_ns[side] = now_ns
    level = slot % SIDE_SLOTS // 2
    if level < LEVELS:
        orders.deepest_level = max(orders.deepest_level, level)


@kernel
def reducible_lots(orders: Orders, side: int) -> int:
    """Return how many lots of a side would take the position to flat if all open there fill too."""
    signed = -orders.position_lots if side == BUY else orders.position_lots
    return max(0, signed - orders.exposed_lots[side])


@kernel
def begin_cancel(orders: Orders, client_id: int) -> None:
    """Mark an order whose cancel is on its way; it stays exposed."""
    slot = client_id % SLOTS
    if orders.client_id[slot] == client_id and orders.status[slot] != FREE:
        orders.status[slot] = CANCELLING


@kernel
def apply(
    orders: Orders,
    kind: int,
    client_id: int,
    side: int,
    ticks: int,
    lots: int,
    code: int,
    now_ns: int,
) -> None:
    """Take one account row. A fill always moves the position, whatever its order's slot says."""
    orders.changed = True
    slot = client_id % SLOTS
    ours = orders.client_id[slot] == client_id and orders.status[slot] != FREE
    if kind == FILLED:
        signed = lots if side == BUY else -lots
        orders.position_lots += signed
        orders.cash_tick_lots -= signed * ticks
        orders.last_fill_ns[side] = now_ns
        if ours:
            _fill(orders, slot, side, lots)
    elif not ours:
        return
    elif kind == ACCEPTED:
        if orders.status[slot] == SENT or orders.status[slot] == UNKNOWN:
            orders.status[slot] = LIVE
    elif kind == REJECTED:
        orders.last_reject_ns[side] = now_ns
        orders.last_reject_code[side] = code
        _release(orders, slot, side)
    elif kind == CANCELLED or kind == EXPIRED:
        _release(orders, slot, side)
    elif kind == OUTCOME_UNKNOWN:
        orders.status[slot] = UNKNOWN
    elif kind == CANCEL_REJECTED:
        return


@kernel
def _fill(orders: Orders, slot: int, side: int, lots: int) -> None:
    """Reduce the open size; an order that is filled in full leaves its slot."""
    left = orders.open_lots[slot] - lots
    if left <= 0:
        _release(orders, slot, side)
        return
    orders.open_lots[slot] = left
    orders.exposed_lots[side] -= lots
    if orders.status[slot] != CANCELLING:
        orders.status[slot] = PARTIAL


@kernel
def _release(orders: Orders, slot: int, side: int) -> None:
    """Free the slot: the venue has proven the order's end."""
    orders.exposed_lots[side] -= orders.open_lots[slot]
    orders.open_lots[slot] = 0
    orders.status[slot] = FREE


@kernel
def add_command(
    commands: Commands, kind: int, client_id: int, side: int, ticks: int, lots: int
) -> None:
    """Append one command."""
    k = commands.count
    commands.kind[k] = kind
    commands.client_id[k] = client_id
    commands.side[k] = side
    commands.ticks[k] = ticks
    commands.lots[k] = lots
    commands.refused[k] = 0
    commands.count = k + 1
