"""Compare what is wanted with what is working, and ask for the least that mends it.

Integers only. Cancels come first, then what takes, then the places and amends that reduce the
position, then the others. An order that is close enough stays. With two slots a level (A and B) a
new order is placed beside the one that is being cancelled; with one, it waits until the venue has
proven the old one's end.

Where the venue amends, an order that is to move is amended instead, unless something holds a new
one back: then it is cancelled as it would be without. One that only shrinks keeps its price, and
with it its place in the queue. An order whose terms are in doubt is cancelled.
"""

from connectors.model.errors import Refusal
from connectors.model.events import AMEND, BUY, CANCEL, PLACE, SELL
from connectors.model.kernel import kernel
from connectors.model.orders import (
    AMENDING,
    FREE,
    LEVELS,
    LIVE,
    PARTIAL,
    SENT,
    SETTLED,
    SIDE_SLOTS,
    Commands,
    Orders,
    add_command,
    next_client_id,
    reducible_lots,
    take_slot,
)
from strategies import reasons as why
from strategies.desk import Desk, Params
from strategies.inventory import room_lots
from strategies.quoting import SCARCE, tolerance_ticks

NOTHING = -1
NOTHING_TO_REDUCE = int(Refusal.REDUCE_ONLY)
NOT_SENT = int(Refusal.NOT_SENT)
ACCOUNT_LIMIT = int(Refusal.ACCOUNT_LIMIT)
UNARMED = int(Refusal.UNARMED)
PACED = int(Refusal.PACED)


@kernel
def diff(desk: Desk, commands: Commands, now_ns: int) -> None:
    """Write the commands that take the working orders to the wanted quotes."""
    commands.count = 0
    tolerance = 0
    if desk.signals.sound:
        tolerance = tolerance_ticks(desk)
    levels = max(desk.params.levels, desk.orders.deepest_level + 1)
    plans = 0
    for side in range(2):
        for level in range(levels):
            plans += _review_level(desk, commands, side, level, tolerance, now_ns)
    if desk.quotes.take_lots != 0:
        _take(desk, commands, now_ns)
    if plans == 0:
        return
    first = SELL if desk.orders.position_lots > 0 else BUY
    _place_side(desk, commands, first, tolerance, now_ns)
    _place_side(desk, commands, 1 - first, tolerance, now_ns)


@kernel
def _review_level(
    desk: Desk, commands: Commands, side: int, level: int, tolerance: int, now_ns: int
) -> int:
    """Keep or cancel what works at a level, and plan the slot of an order to place or to amend.

    Return the number of slots planned.
    """
    k = side * LEVELS + level
    orders = desk.orders
    statuses = orders.status
    wanted_lots = desk.quotes.lots[k] if level < desk.params.levels else 0
    wanted_ticks = desk.quotes.ticks[k]
    kept = False
    empty = NOTHING
    movable = NOTHING
    first = side * SIDE_SLOTS + 2 * level
    for slot in range(first, first + 2):
        status = statuses[slot]
        if status == FREE:
            if empty == NOTHING and slot - first < desk.params.slots_per_level:
                empty = slot
        elif not kept and _is_close(orders, slot, status, wanted_ticks, wanted_lots, tolerance):
            kept = True
        elif status == LIVE or status == PARTIAL:
            if desk.params.amends and wanted_lots > 0 and movable == NOTHING:
                movable = slot
            else:
                add_command(commands, CANCEL, orders.client_id[slot], side, orders.ticks[slot], 0)
    desk.plan[k] = NOTHING
    if movable != NOTHING:
        planned = _move(desk, commands, k, movable, kept, now_ns)
        if planned != NOTHING:
            return planned
    if kept:
        desk.quotes.reasons[side] |= why.KEPT
    elif wanted_lots > 0:
        if empty == NOTHING:
            desk.quotes.reasons[side] |= why.SLOT_BUSY
        else:
            desk.plan[k] = empty
            return 1
    return 0


@kernel
def _is_close(
    orders: Orders, slot: int, status: int, ticks: int, lots: int, tolerance: int
) -> bool:
    """Tell whether a working order will do: near in price, and half to all of the wanted size.

    One that is being amended is taken to become as asked, as one on its way is.
    """
    if status != SENT and status != LIVE and status != PARTIAL:
        return False
    at_ticks = orders.ticks[slot]
    open_lots = orders.open_lots[slot]
    if orders.terms[slot] != SETTLED:
        if orders.terms[slot] != AMENDING:
            return False
        at_ticks = orders.amend_ticks[slot]
        open_lots = orders.amend_lots[slot] - orders.filled_lots[slot]
    distance = at_ticks - ticks
    if distance > tolerance or distance < -tolerance:
        return False
    return open_lots <= lots and 2 * open_lots >= lots


@kernel
def _move(desk: Desk, commands: Commands, k: int, slot: int, kept: bool, now_ns: int) -> int:
    """Plan to amend an order (1), wait for the amend that is on its way (0), or cancel it."""
    side = k // LEVELS
    if not kept and desk.orders.terms[slot] == AMENDING:
        desk.quotes.reasons[side] |= why.SLOT_BUSY
        return 0
    if not kept and _may_amend(desk, side, slot, desk.quotes.ticks[k], desk.quotes.lots[k], now_ns):
        desk.plan[k] = slot
        return 1
    ticks = desk.orders.ticks[slot]
    add_command(commands, CANCEL, desk.orders.client_id[slot], side, ticks, 0)
    return NOTHING


@kernel
def _may_amend(desk: Desk, side: int, slot: int, ticks: int, lots: int, now_ns: int) -> bool:
    """Tell whether an order may be moved; add the reasons for which it may not."""
    orders = desk.orders
    if orders.terms[slot] != SETTLED or slot % SIDE_SLOTS % 2 >= desk.params.slots_per_level:
        return False
    hold = _lockouts(desk.params, orders, side, now_ns)
    if desk.scarcity > SCARCE:
        hold |= why.PLACE_LOCKOUT
    more = max(0, lots - orders.open_lots[slot])
    if orders.exposed_lots[side] + more > room_lots(desk.params, orders, side, ticks):
        hold |= why.HEADROOM
    if _crosses_own(desk, side, ticks):
        hold |= why.OWN_CROSS
    desk.quotes.reasons[side] |= hold
    return hold == 0


@kernel
def _place_side(desk: Desk, commands: Commands, side: int, tolerance: int, now_ns: int) -> None:
    """Ask for the planned orders of one side, unless a lockout or a limit holds them."""
    hold = _lockouts(desk.params, desk.orders, side, now_ns)
    if desk.scarcity > SCARCE:
        hold |= why.PLACE_LOCKOUT
    exposed = desk.orders.exposed_lots[side]
    for level in range(desk.params.levels):
        k = side * LEVELS + level
        slot = desk.plan[k]
        if slot == NOTHING:
            continue
        lots = desk.quotes.lots[k]
        ticks = desk.quotes.ticks[k]
        if desk.orders.status[slot] != FREE:
            exposed += _amend(desk, commands, side, slot, ticks, lots, exposed, tolerance)
        elif hold != 0:
            desk.quotes.reasons[side] |= hold
        elif lots + exposed > room_lots(desk.params, desk.orders, side, ticks):
            desk.quotes.reasons[side] |= why.HEADROOM
        elif _crosses_own(desk, side, ticks):
            desk.quotes.reasons[side] |= why.OWN_CROSS
        else:
            client_id = next_client_id(desk.orders, slot)
            desk.orders.sequence += 1
            add_command(commands, PLACE, client_id, side, ticks, lots)
            exposed += lots


@kernel
def _amend(
    desk: Desk,
    commands: Commands,
    side: int,
    slot: int,
    ticks: int,
    lots: int,
    exposed_lots: int,
    tolerance: int,
) -> int:
    """Ask for new terms of an order; return by how many lots they are more than it has open.

    It does not grow beyond the room that the orders before it have left.
    """
    orders = desk.orders
    open_lots = orders.open_lots[slot]
    more = max(0, lots - open_lots)
    if exposed_lots + more > room_lots(desk.params, orders, side, ticks):
        desk.quotes.reasons[side] |= why.HEADROOM
        more = 0
    lots = min(lots, open_lots + more)
    distance = abs(orders.ticks[slot] - ticks)
    if more == 0 and lots < open_lots and distance <= tolerance:
        ticks = orders.ticks[slot]
    total = orders.filled_lots[slot] + lots
    if ticks != orders.ticks[slot] or total != orders.lots[slot]:
        add_command(commands, AMEND, orders.client_id[slot], side, ticks, total)
    return more


@kernel
def _lockouts(params: Params, orders: Orders, side: int, now_ns: int) -> int:
    """Return the reasons for which this side may not place now (0: none)."""
    hold = 0
    if now_ns - orders.last_fill_ns[side] < params.fill_lockout_ns:
        hold |= why.FILL_LOCKOUT
    if now_ns - orders.last_place_ns[side] < params.place_lockout_ns:
        hold |= why.PLACE_LOCKOUT
    if now_ns - orders.last_reject_ns[side] < params.reject_lockout_ns:
        is_ours = _is_held_back(orders.last_reject_code[side])
        hold |= why.PLACE_LOCKOUT if is_ours else why.REJECT_LOCKOUT
    return hold


@kernel
def _is_held_back(code: int) -> bool:
    """Tell whether the last order refused never left: nothing of the venue's was in the way."""
    return code == PACED or code == NOT_SENT or code == ACCOUNT_LIMIT or code == UNARMED


@kernel
def _crosses_own(desk: Desk, side: int, ticks: int) -> bool:
    """Tell whether an order would meet one of ours that may still rest on the other side."""
    orders = desk.orders
    other = 1 - side
    if orders.exposed_lots[other] == 0:
        return False
    for slot in range(other * SIDE_SLOTS, (other + 1) * SIDE_SLOTS):
        if orders.status[slot] == FREE:
            continue
        near_ticks = orders.ticks[slot]
        if orders.terms[slot] != SETTLED:
            amend_ticks = orders.amend_ticks[slot]
            if (amend_ticks < near_ticks) == (side == BUY):
                near_ticks = amend_ticks
        if side == BUY and ticks >= near_ticks:
            return True
        if side == SELL and ticks <= near_ticks:
            return True
    return False


@kernel
def _take(desk: Desk, commands: Commands, now_ns: int) -> None:
    """Ask for the order that takes, once no other takes and nothing of ours stands in its way.

    It is no larger than what is left of the position if every open order of its side fills.
    """
    quotes = desk.quotes
    orders = desk.orders
    side = BUY if quotes.take_lots > 0 else SELL
    lots = min(abs(quotes.take_lots), _takeable_lots(desk, side))
    if orders.status[take_slot(BUY)] != FREE or orders.status[take_slot(SELL)] != FREE:
        quotes.reasons[side] |= why.SLOT_BUSY
    elif lots < max(1, desk.params.min_lots):
        quotes.reasons[side] |= why.HEADROOM
    elif _crosses_own(desk, side, quotes.take_ticks):
        quotes.reasons[side] |= why.OWN_CROSS
    elif _is_refused(desk, side, now_ns):
        quotes.reasons[side] |= why.REJECT_LOCKOUT
    else:
        client_id = next_client_id(orders, take_slot(side))
        orders.sequence += 1
        add_command(commands, PLACE, client_id, side, quotes.take_ticks, lots)
        desk.gates.leaving.took_ns = now_ns
        desk.gates.leaving.away_until_ns = now_ns + quotes.take_pause_ns
        desk.gates.leaving.away_for = quotes.take_reasons
        desk.tally.takes += 1


@kernel
def _takeable_lots(desk: Desk, side: int) -> int:
    """Return the most that may be taken: to flat, or where it hedges, to the position limit."""
    orders = desk.orders
    if not orders.hedges:
        return reducible_lots(orders, side)
    room = room_lots(desk.params, orders, side, desk.quotes.take_ticks)
    return max(0, room - orders.exposed_lots[side])


@kernel
def _is_refused(desk: Desk, side: int, now_ns: int) -> bool:
    """Tell whether the venue has refused this side a moment ago, or since then knows no position.

    After it has said that there is nothing to reduce, only a fill is reason to ask again.
    """
    orders = desk.orders
    refused_ns = orders.last_reject_ns[side]
    if now_ns - refused_ns < desk.params.reject_lockout_ns:
        return True
    if orders.last_reject_code[side] != NOTHING_TO_REDUCE:
        return False
    return refused_ns > orders.last_fill_ns[BUY] and refused_ns > orders.last_fill_ns[SELL]
