"""Keep the working orders of one market, and the only transitions they may take.

Each order occupies one slot from the moment it is sent until the venue has proven its end. Exposure
counts every occupied slot in full, whatever its status, so an order that might exist is never
forgotten; one that is being amended counts as the larger of both sizes. A client id names its slot,
so that an event finds its order without a search, and the slot names what kind of order it is: one
that quotes, or the one of its side that takes.
"""

from typing import Annotated

from connectors.model.events import (
    ACCEPTED,
    AMEND_REJECTED,
    AMEND_UNKNOWN,
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
MARKETS = 256
"""Most markets a deploy; the market's number is part of each client id."""
ID_STRIDE = SLOTS * MARKETS
TOLD_APART = 64
"""Ids tell a market's number by its remainder by this, whatever `MARKETS` was when they were given:
64 at first, and since then a multiple of it."""

FREE = 0
SENT = 1
LIVE = 2
PARTIAL = 3
CANCELLING = 4
UNKNOWN = 5
"""Status of a slot. FREE: nothing of ours can rest there. All others hold exposure."""

SETTLED = 0
AMENDING = 1
DOUBTED = 2
"""What is known of an order's terms. AMENDING: new ones are on their way. DOUBTED: an amend may
have worked or not; such an order is to be cancelled."""


@state
class Orders:
    """Working orders by slot, and the totals that limits need.

    An order stands at `ticks` with `lots` in all, of which `filled_lots` have traded. Unless its
    `terms` are SETTLED, it may also stand at `amend_ticks` with `amend_lots` in all. `open_lots` is
    the most that may still trade.

    No order has ever been further out than `deepest_level`. Where it `hedges`, what takes may also
    open a position.

    `cash_tick_lots` is what trading has paid or received, in ticks times lots, before fees.
    """

    status: Annotated[Ints, SLOTS]
    client_id: Annotated[Ints, SLOTS]
    ticks: Annotated[Ints, SLOTS]
    lots: Annotated[Ints, SLOTS]
    filled_lots: Annotated[Ints, SLOTS]
    open_lots: Annotated[Ints, SLOTS]
    terms: Annotated[Ints, SLOTS]
    amend_ticks: Annotated[Ints, SLOTS]
    amend_lots: Annotated[Ints, SLOTS]
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
    hedges: bool
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
def sent_flags(orders: Orders, client_id: int) -> int:
    """Return the flags that an order of this market leaves with: what takes to hedge may open."""
    return IOC if orders.hedges and is_taking(client_id) else flags_of(client_id)


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
    orders.lots[slot] = lots
    orders.filled_lots[slot] = 0
    orders.open_lots[slot] = lots
    orders.terms[slot] = SETTLED
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
def begin_amend(orders: Orders, client_id: int, ticks: int, lots: int, now_ns: int) -> None:
    """Mark an order whose new price and size in all are on their way."""
    slot = client_id % SLOTS
    side = slot // SIDE_SLOTS
    orders.terms[slot] = AMENDING
    orders.amend_ticks[slot] = ticks
    orders.amend_lots[slot] = lots
    orders.last_place_ns[side] = now_ns
    _count(orders, slot, side)


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
    else:
        _settle(orders, kind, slot, side, ticks, lots, code, now_ns)


@kernel
def _settle(
    orders: Orders, kind: int, slot: int, side: int, ticks: int, lots: int, code: int, now_ns: int
) -> None:
    """Take the venue's word on an order's terms. Those that nobody has asked for are in doubt."""
    asked = orders.terms[slot] != SETTLED
    same = asked and ticks == orders.amend_ticks[slot] and lots == orders.amend_lots[slot]
    if kind == AMEND_REJECTED:
        orders.last_reject_ns[side] = now_ns
        orders.last_reject_code[side] = code
        if same:
            _rest(orders, slot)
    elif kind == AMEND_UNKNOWN:
        if same:
            orders.terms[slot] = DOUBTED
    elif asked and ticks == orders.amend_ticks[slot] and lots >= orders.amend_lots[slot]:
        orders.ticks[slot] = ticks
        orders.lots[slot] = max(lots, orders.filled_lots[slot])
        _rest(orders, slot)
    elif not asked and (ticks != orders.ticks[slot] or lots != orders.lots[slot]):
        orders.terms[slot] = DOUBTED
        orders.amend_ticks[slot] = ticks
        orders.amend_lots[slot] = lots
    _count(orders, slot, side)


@kernel
def _rest(orders: Orders, slot: int) -> None:
    """Take an order's terms for proven, and with them that it rests."""
    orders.terms[slot] = SETTLED
    if orders.status[slot] == SENT or orders.status[slot] == UNKNOWN:
        orders.status[slot] = LIVE


@kernel
def _fill(orders: Orders, slot: int, side: int, lots: int) -> None:
    """Reduce the open size; an order that is filled in full leaves its slot."""
    filled = orders.filled_lots[slot] + lots
    orders.filled_lots[slot] = filled
    if filled > orders.lots[slot] and orders.terms[slot] != SETTLED:
        # No order trades more than its size: that of the amend is the one.
        orders.ticks[slot] = orders.amend_ticks[slot]
        orders.lots[slot] = orders.amend_lots[slot]
        orders.terms[slot] = SETTLED
    _count(orders, slot, side)
    if orders.status[slot] != CANCELLING and orders.status[slot] != FREE:
        orders.status[slot] = PARTIAL


@kernel
def _count(orders: Orders, slot: int, side: int) -> None:
    """Expose the most that may still trade; free the slot where that is nothing."""
    most = orders.lots[slot]
    if orders.terms[slot] != SETTLED:
        most = max(most, orders.amend_lots[slot])
    left = most - orders.filled_lots[slot]
    if left <= 0:
        _release(orders, slot, side)
        return
    orders.exposed_lots[side] += left - orders.open_lots[slot]
    orders.open_lots[slot] = left


@kernel
def _release(orders: Orders, slot: int, side: int) -> None:
    """Free the slot: the venue has proven the order's end."""
    orders.exposed_lots[side] -= orders.open_lots[slot]
    orders.open_lots[slot] = 0
    orders.terms[slot] = SETTLED
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
