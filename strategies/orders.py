"""Compare what is wanted with what is working, and ask for the least that mends it.

Integers only. Cancels come first, then what takes, then the places that reduce the position, then
the others. An
order that is close enough stays. With two slots a level (A and B) a new order is placed beside the
one that is being cancelled; with one, it waits until the venue has proven the old one's end.
"""

from connectors.model.errors import Refusal
from connectors.model.events import BUY, CANCEL, PLACE, SELL
from connectors.model.kernel import kernel
from connectors.model.orders import (
    FREE,
    LEVELS,
    LIVE,
    PARTIAL,
    SENT,
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
    if desk.quotes.take_lots != 0:
        _take(desk, commands, now_ns)
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
    statuses = orders.status
    wanted_lots = desk.quotes.lots[k] if level < desk.params.levels else 0
    wanted_ticks = desk.quotes.ticks[k]
    kept = False
    empty = NOTHING
    first = side * SIDE_SLOTS + 2 * level
    for slot in range(first, first + 2):
        status = statuses[slot]
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
    for slot in range(other * SIDE_SLOTS, (other + 1) * SIDE_SLOTS):
        if orders.status[slot] == FREE:
            continue
        if side == BUY and ticks >= orders.ticks[slot]:
            return True
        if side == SELL and ticks <= orders.ticks[slot]:
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
    lots = min(abs(quotes.take_lots), reducible_lots(orders, side))
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
