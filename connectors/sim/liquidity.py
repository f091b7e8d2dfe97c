"""Remember which displayed lots are no longer there for us, so that no lot fills us twice.

The recorded market does not know of us: after we have taken a level it goes on displaying it. So
each level carries the lots that have filled us (`own_lots`), whether we took them or they came
across our resting order. When the level is displayed anew, at most what it displays can still be
ours: ``own = min(own, displayed)``. What is gone is taken to be the lots that we had *not* used, so
what we and the others used together never exceeds what was there. Only lots that are added are new
to us. CLEAR rows change nothing here: a snapshot shows the same lots again.

`printed_lots` are trades at a level whose display does not show them yet: a taker that arrives in
between does not find them.
"""

from connectors.model.book import HALF, MASK
from connectors.model.kernel import kernel
from connectors.sim.exchange_state import Used


@kernel
def redisplay(used: Used, anchor_ticks: int, ticks: int, lots: int) -> None:
    """Take note that a level now displays `lots`.

    A level outside the book's window shares its entry with one inside, and is left alone.
    """
    distance = ticks - anchor_ticks
    if distance >= HALF or distance < -HALF:
        return
    k = ticks & MASK
    if used.printed_lots[k] > 0:
        used.printed_lots[k] = 0
        used.marks -= 1
    if used.own_lots[k] > lots:
        used.own_lots[k] = lots
        if lots == 0:
            used.marks -= 1


@kernel
def use(used: Used, ticks: int, lots: int) -> None:
    """Take note that displayed lots of a level have filled us."""
    k = ticks & MASK
    if used.own_lots[k] == 0 and lots > 0:
        used.marks += 1
    used.own_lots[k] += lots


@kernel
def print_at(used: Used, ticks: int, lots: int) -> None:
    """Take note that displayed lots of a level have traded between others."""
    k = ticks & MASK
    if used.printed_lots[k] == 0 and lots > 0:
        used.marks += 1
    used.printed_lots[k] += lots


@kernel
def unused_lots(used: Used, ticks: int, displayed_lots: int) -> int:
    """Return the displayed lots that have not filled us."""
    return max(0, displayed_lots - used.own_lots[ticks & MASK])


@kernel
def takeable_lots(used: Used, ticks: int, displayed_lots: int) -> int:
    """Return the displayed lots that neither have filled us nor have traded since."""
    k = ticks & MASK
    return max(0, displayed_lots - used.own_lots[k] - used.printed_lots[k])
