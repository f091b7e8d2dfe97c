"""Keep the displayed levels of the synthetic market, and write the rows that change them.

Near the touch every tick has a level; farther out levels sit on round prices (steps of 1, 2, 5, 10
ticks, ...), so that the ladder spans the same distance in bps whatever the tick, and far levels
stay where they are while the touch wanders. The ladder is a function of the touch alone.
"""

from connectors.model.events import ASK, BID
from connectors.model.kernel import kernel
from connectors.sim.flow_state import LEVELS, Flow, RowColumn
from connectors.sim.random import exponential, uniform

NOISE_ROWS_MIN = 6
NOISE_ROWS_MAX = 16
STRIDE = 7
"""Coprime to the number of levels behind the touch, so that one message changes a level once."""
WIDENING = 1.25
"""Ratio of the distances between neighbouring levels, before they are rounded."""
LEAST_LOTS = 2
"""What takes a part of a level leaves something, so a level is never a single lot."""


@kernel
def put(
    kind: RowColumn, ticks: RowColumn, lots: RowColumn, at: int, k: int, price: int, size: int
) -> int:
    """Write one row at `at` and return the next free index."""
    kind[at] = k
    ticks[at] = price
    lots[at] = size
    return at + 1


@kernel
def lay_out(flow: Flow, depth_ticks: float) -> None:
    """Set each level's distance behind the touch so that the ladder spans about `depth_ticks`.

    The touch itself may be at any tick.
    """
    total = 0.0
    width = 1.0
    for _ in range(LEVELS - 1):
        total += width
        width *= WIDENING
    width = depth_ticks / total
    offset = 0
    for j in range(LEVELS):
        flow.offset_ticks[j] = offset
        flow.step_ticks[j] = round_step(width) if j > 0 else 1
        offset += flow.step_ticks[j]
        width *= WIDENING


@kernel
def round_step(width: float) -> int:
    """Return the number of 1, 2, 5, 10, 20, 50, ... that is nearest to `width` by ratio."""
    step = 1
    while step * 7 < width:
        step *= 10
    if step * 3.2 < width:
        return step * 5
    if step * 1.4 < width:
        return step * 2
    return step


@kernel
def level_ticks(flow: Flow, side: int, touch: int, j: int) -> int:
    """Return the price of level `j` when `touch` is the best price of the side."""
    step = flow.step_ticks[j]
    if side == BID:
        return (touch - flow.offset_ticks[j]) // step * step
    return -((-touch - flow.offset_ticks[j]) // step * step)


@kernel
def draw_lots(flow: Flow, j: int) -> int:
    """Draw the size of level `j` behind the touch: exponential, in proportion to its step."""
    mean = flow.params.level_lots * flow.step_ticks[j]
    return LEAST_LOTS + int(mean * exponential(flow.random))


@kernel
def fill_sides(flow: Flow, bid_ticks: int) -> None:
    """Set every level of both sides afresh around a best bid, the ask one tick over it."""
    flow.touch_total_lots = 2.0 * flow.params.touch_lots
    for side in range(2):
        for j in range(LEVELS):
            k = side * LEVELS + j
            flow.ticks[k] = level_ticks(flow, side, bid_ticks + side, j)
            flow.lots[k] = draw_lots(flow, j)
        flow.lots[side * LEVELS] = max(LEAST_LOTS, int(flow.params.touch_lots))


@kernel
def move(
    flow: Flow, kind: RowColumn, ticks: RowColumn, lots: RowColumn, at: int, bid_ticks: int
) -> int:
    """Bring the ladder to a new best bid, the ask one tick over it; the touch sizes come after."""
    flow.touch_total_lots = flow.params.touch_lots * (0.5 + 1.5 * exponential(flow.random))
    if bid_ticks > flow.ticks[0]:
        at = move_side(flow, kind, ticks, lots, at, ASK, bid_ticks + 1)
        return move_side(flow, kind, ticks, lots, at, BID, bid_ticks)
    at = move_side(flow, kind, ticks, lots, at, BID, bid_ticks)
    return move_side(flow, kind, ticks, lots, at, ASK, bid_ticks + 1)


@kernel
def move_side(
    flow: Flow,
    kind: RowColumn,
    ticks: RowColumn,
    lots: RowColumn,
    at: int,
    side: int,
    touch: int,
) -> int:
    """Merge the old levels of a side with those around a new touch; write what goes and comes."""
    first = side * LEVELS
    for j in range(LEVELS):
        flow.old_ticks[j] = flow.ticks[first + j]
        flow.old_lots[j] = flow.lots[first + j]
    outward = 2 * side - 1
    i = 0
    for j in range(LEVELS):
        price = level_ticks(flow, side, touch, j)
        while i < LEVELS and (price - flow.old_ticks[i]) * outward > 0:
            if flow.old_lots[i] > 0:
                at = put(kind, ticks, lots, at, side, flow.old_ticks[i], 0)
            i += 1
        size = 0
        if i < LEVELS and flow.old_ticks[i] == price:
            size = flow.old_lots[i]
            i += 1
        if size == 0 and j > 0:
            size = draw_lots(flow, j)
            at = put(kind, ticks, lots, at, side, price, size)
        flow.ticks[first + j] = price
        flow.lots[first + j] = size
    while i < LEVELS:
        if flow.old_lots[i] > 0:
            at = put(kind, ticks, lots, at, side, flow.old_ticks[i], 0)
        i += 1
    return at


@kernel
def quote_touch(
    flow: Flow, kind: RowColumn, ticks: RowColumn, lots: RowColumn, at: int, lean: float
) -> int:
    """Show the touch sizes of a queue imbalance `lean` in (-1, 1): (bid - ask) / (bid + ask)."""
    total = flow.touch_total_lots * (0.9 + 0.2 * uniform(flow.random))
    for side in range(2):
        signed = lean if side == BID else -lean
        size = max(LEAST_LOTS, int(0.5 * total * (1.0 + signed)))
        k = side * LEVELS
        if size != flow.lots[k]:
            flow.lots[k] = size
            at = put(kind, ticks, lots, at, side, flow.ticks[k], size)
    return at


@kernel
def change_sizes(flow: Flow, kind: RowColumn, ticks: RowColumn, lots: RowColumn, at: int) -> int:
    """Redraw the sizes of some levels behind the touch: orders that come and go."""
    behind = LEVELS - 1
    spread = NOISE_ROWS_MAX - NOISE_ROWS_MIN + 1
    count = NOISE_ROWS_MIN + int(spread * uniform(flow.random))
    slot = int(2 * behind * uniform(flow.random))
    for _ in range(count):
        side = slot // behind
        j = slot - side * behind + 1
        k = side * LEVELS + j
        flow.lots[k] = draw_lots(flow, j)
        at = put(kind, ticks, lots, at, side, flow.ticks[k], flow.lots[k])
        slot = (slot + STRIDE) % (2 * behind)
    return at
