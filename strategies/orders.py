"""Compare what is wanted with what is working, and ask for the least that mends it.

Integers only. Cancels come first, then the places that reduce the position, then the others. An
order that is close enough stays. With two slots a level (A and B) a new order is placed beside the
one that is being cancelled; with one, it waits until the venue has proven the old one's end.
"""

from connectors.model.events import BUY, CANCEL, PLACE, SELL
from connectors.model.kernel import kernel
from connectors.model.orders import (
    FREE,
    LEVELS,
    LIVE,
    PARTIAL,
    SENT,
    Commands,
    Orders,
    add_command,
    next_client_id,
    slot_of,
)
from strategies import reasons as why
from strategies.desk import Desk, Params
from strategies.inventory import room_lots
from strategies.quoting import tolerance_ticks

NOTHING = -1


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
            plans += _review_level(desk, commands, side, level, tolerance)
    if plans == 0:
        return
    first = SELL if desk.orders.position_lots > 0 else BUY
    _place_side(desk, commands, first, now_ns)
    _place_side(desk, commands, 1 - first, now_ns)


@kernel
def _review_level(desk: Desk, commands: Commands, side: int, level: int, tolerance: int) -> int:
    """Keep or cancel what works at a level, and plan the slot of a new order if one is needed.

    Return the number of new orders planned.
    """
    k = side * LEVELS + level
    orders = desk.orders
    wanted_lots = desk.quotes.lots[k]
    if level >= desk.params.levels:
        wanted_lots = 0
    wanted_ticks = desk.quotes.ticks[k]
    kept = False
    empty = NOTHING
    first = slot_of(side, level, 0)
    for slot in range(first, first + 2):
        status = orders.status[slot]
        if status == FREE:
            if empty == NOTHING and slot - first < desk.params.slots_per_level:
                empty = slot
        elif not kept and _is_close(orders, slot, status, wanted_ticks, wanted_lots, tolerance):
            kept = True
        elif status == LIVE or status == PARTIAL:
            add_command(commands, CANCEL, orders.client_id[slot], side, orders.ticks[slot], 0)
    desk.plan[k] = NOTHING
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
    """Tell whether a working order will do: near in price, and half to all of the wanted size."""
    if status != SENT and status != LIVE and status != PARTIAL:
        return False
    distance = orders.ticks[slot] - ticks
    if distance > tolerance or distance < -tolerance:
        return False
    return orders.open_lots[slot] <= lots and 2 * orders.open_lots[slot] >= lots


@kernel
def _place_side(desk: Desk, commands: Commands, side: int, now_ns: int) -> None:
    """Ask for the planned orders of one side, unless a lockout or a limit holds them."""
    hold = _lockouts(desk.params, desk.orders, side, now_ns)
    exposed = desk.orders.exposed_lots[side]
    for level in range(desk.params.levels):
        k = side * LEVELS + level
        slot = desk.plan[k]
        if slot == NOTHING:
            continue
        lots = desk.quotes.lots[k]
        ticks = desk.quotes.ticks[k]
        if hold != 0:
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
def _lockouts(params: Params, orders: Orders, side: int, now_ns: int) -> int:
    """Return the reasons for which this side may not place now (0: none)."""
    hold = 0
    if now_ns - orders.last_fill_ns[side] < params.fill_lockout_ns:
        hold |= why.FILL_LOCKOUT
    if now_ns - orders.last_place_ns[side] < params.place_lockout_ns:
        hold |= why.PLACE_LOCKOUT
    if now_ns - orders.last_reject_ns[side] < params.reject_lockout_ns:
        hold |= why.REJECT_LOCKOUT
    return hold


@kernel
def _crosses_own(desk: Desk, side: int, ticks: int) -> bool:
    """Tell whether an order would meet one of ours that may still rest on the other side."""
    orders = desk.orders
    other = 1 - side
    if orders.exposed_lots[other] == 0:
        return False
    for level in range(LEVELS):
        for twin in range(2):
            slot = slot_of(other, level, twin)
            if orders.status[slot] == FREE:
                continue
            if side == BUY and ticks >= orders.ticks[slot]:
                return True
            if side == SELL and ticks <= orders.ticks[slot]:
                return True
    return False
