"""Quote a grid around mid: the one rule that both simulators are driven with.

Plain functions over integers, compiled by whichever numba imports this file. It imports nothing, so
that the other side's environment can read it too.

A grid is a row of integers: levels a side, distance of the first from mid and between neighbours in
ticks, lots an order, most lots of position, lots that shift the grid by a tick against the
position, whether orders are post-only, and how far an order may be from its price and stay.
"""

LEVELS = 0
OFFSET_TICKS = 1
SPACING_TICKS = 2
ORDER_LOTS = 3
MOST_LOTS = 4
LOTS_A_TICK = 5
IS_POST_ONLY = 6
TOLERANCE_TICKS = 7

NO_PRICE = -1
FREE = 0
WORKING = 1
PENDING = 2
"""What is known of a place in the grid. PENDING: an answer is on its way."""

WAIT = 0
PLACE = 1
CANCEL = 2

PLACED_SIDE = 0
PLACED_TICKS = 1
SENT_NS = 2
CANCEL_NS = 3
END = 4
END_NS = 5
EXEC_TICKS = 6
IS_MAKER = 7
ORDER_COLUMNS = 8
"""Columns of the table of orders, one row each in order of sending; 0 is what never was."""
FILLED = 1
CANCELLED = 2
REFUSED = 3
"""How an order ended, in its column END."""

NOW_NS = 0
BID_TICKS = 1
ASK_TICKS = 2
POSITION_LOTS = 3
FILLS = 4
STEP_COLUMNS = 5
"""Columns of the table of steps; cash and fees, which are floats, have their own."""


def wanted_ticks(grid, side, level, bid_ticks, ask_ticks, position_lots):
    """Return the price wanted on a side (0 buys, 1 sells) and level, or NO_PRICE."""
    if bid_ticks <= 0 or ask_ticks <= bid_ticks:
        return NO_PRICE
    sign = 1 - 2 * side
    if sign * position_lots >= grid[MOST_LOTS]:
        return NO_PRICE
    skew_ticks = position_lots // grid[LOTS_A_TICK]
    distance_ticks = grid[OFFSET_TICKS] + level * grid[SPACING_TICKS]
    if side == 0:
        return (bid_ticks + ask_ticks) // 2 - skew_ticks - distance_ticks
    return -((-bid_ticks - ask_ticks) // 2) - skew_ticks + distance_ticks


def action(grid, status, ticks, wanted):
    """Return what to do about a place: an order at the wrong price goes before the next comes."""
    if status == FREE:
        return PLACE if wanted > 0 else WAIT
    is_off = wanted == NO_PRICE or abs(ticks - wanted) > grid[TOLERANCE_TICKS]
    if status == WORKING and is_off:
        return CANCEL
    return WAIT
