"""Keep our resting orders of one side in the order in which the market reaches them."""

from connectors.model.book import NONE_ASK, NONE_BID
from connectors.model.events import BUY
from connectors.model.kernel import kernel
from connectors.sim.exchange_state import Exchange, Line


@kernel
def empty(line: Line, side: int) -> None:
    """Make the line empty."""
    line.count = 0
    line.best_ticks = NONE_BID if side == BUY else NONE_ASK
    line.worst_ticks = NONE_ASK if side == BUY else NONE_BID


@kernel
def enter(x: Exchange, line: Line, slot: int, side: int) -> None:
    """Put an order behind those of better and of equal price."""
    sign = 1 - 2 * side
    ticks = x.resting.ticks[slot]
    i = line.count
    while i > 0 and sign * (ticks - x.resting.ticks[line.slots[i - 1]]) > 0:
        line.slots[i] = line.slots[i - 1]
        i -= 1
    line.slots[i] = slot
    line.count += 1
    _mark_ends(x, line)


@kernel
def leave(x: Exchange, line: Line, i: int, side: int) -> None:
    """Take the order at place `i` out of the line; its slot is free."""
    x.resting.open_lots[line.slots[i]] = 0
    line.count -= 1
    for j in range(i, line.count):
        line.slots[j] = line.slots[j + 1]
    if line.count == 0:
        empty(line, side)
    else:
        _mark_ends(x, line)


@kernel
def place_of(line: Line, slot: int) -> int:
    """Return the place of a slot in the line, or -1."""
    for i in range(line.count):
        if line.slots[i] == slot:
            return i
    return -1


@kernel
def _mark_ends(x: Exchange, line: Line) -> None:
    line.best_ticks = x.resting.ticks[line.slots[0]]
    line.worst_ticks = x.resting.ticks[line.slots[line.count - 1]]
