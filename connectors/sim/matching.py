"""Match our orders with the market, honestly: at our price, against lots that were there.

Three things can fill us, and each lot of each of them fills us at most once:

- **a trade** at or through our price: orders at better prices first, then first come. At the
  trade's own price the queue before us takes its share first. What fills one order is gone for the
  next, so the fills of one trade never exceed what it printed;
- **displayed lots that come across our price** (a bid at or over our ask): as far as they are new,
  which is what `liquidity` knows. A sweep that is printed and then seen in the display does not
  count twice: prints are lots that traded, the display shows lots that are left. At our own level
  the two do tell of the same lots, and `queue` takes care of that;
- **displayed lots that our arriving order takes**, level by level at those levels' prices.
"""

from connectors.model.book import MASK
from connectors.model.events import BUY, EXPIRED, FILLED, MAKER, REDUCE_ONLY, IntColumn
from connectors.model.kernel import kernel
from connectors.sim.exchange_state import Exchange, Line, Used, has
from connectors.sim.line import leave
from connectors.sim.liquidity import takeable_lots, unused_lots, use
from connectors.sim.margin import book_fill
from connectors.sim.queue import be_reached, see_depth, see_trade
from connectors.sim.wire import report


@kernel
def redisplay_own(x: Exchange, line: Line, ticks: int, lots: int, venue_ns: int) -> None:
    """Tell our orders at a level what it displays now."""
    for i in range(line.count):
        slot = line.slots[i]
        if x.resting.ticks[slot] == ticks:
            see_depth(x, slot, lots, venue_ns)


@kernel
def match_trade(x: Exchange, line: Line, side: int, ticks: int, lots: int, venue_ns: int) -> None:
    """Let a trade against `side` fill our orders of that side as far as it reaches."""
    sign = 1 - 2 * side
    left = lots
    i = 0
    while i < line.count:
        slot = line.slots[i]
        better_ticks = sign * (x.resting.ticks[slot] - ticks)
        if better_ticks < 0:
            break
        reaching = left
        if better_ticks == 0:
            reaching = see_trade(x, slot, lots, left, venue_ns)
        elif left > 0:
            be_reached(x, slot, venue_ns)
        left -= fill_resting(x, line, i, side, reaching, venue_ns)
        if i < line.count and line.slots[i] == slot:
            i += 1


@kernel
def match_arrival(
    x: Exchange, line: Line, side: int, used: Used, ticks: int, lots: int, venue_ns: int
) -> None:
    """Let a level of the other side that displays `lots` fill our orders at or across its price."""
    sign = 1 - 2 * side
    left = unused_lots(used, ticks, lots)
    while left > 0 and line.count > 0 and sign * (line.best_ticks - ticks) >= 0:
        be_reached(x, line.slots[0], venue_ns)
        filled = fill_resting(x, line, 0, side, left, venue_ns)
        use(used, ticks, filled)
        left -= filled


@kernel
def fill_resting(
    x: Exchange, line: Line, i: int, side: int, reaching_lots: int, venue_ns: int
) -> int:
    """Fill the order at place `i` of its line with what reaches it; return the lots filled.

    A reduce-only order fills no further than to a flat position, and ends there. An order that has
    been reduced by another one of ours tells with its end what was struck off.
    """
    if reaching_lots <= 0:
        return 0
    slot = line.slots[i]
    client_id = x.resting.client_id[slot]
    ticks = x.resting.ticks[slot]
    lots = min(reaching_lots, x.resting.open_lots[slot])
    reduce_only = has(x.resting.flags[slot], REDUCE_ONLY)
    if reduce_only:
        lots = min(lots, reducible_lots(x, side))
    if lots > 0:
        report_fill(x, client_id, side, ticks, lots, MAKER, venue_ns)
        x.resting.open_lots[slot] -= lots
    open_lots = x.resting.open_lots[slot]
    if open_lots == 0 or (reduce_only and reducible_lots(x, side) == 0):
        leave(x, line, i, side)
        ended = open_lots + x.resting.struck_lots[slot]
        if ended > 0:
            report(x, EXPIRED, client_id, side, ticks, ended, 0, 0, venue_ns)
    return lots


@kernel
def take(
    x: Exchange,
    ring: IntColumn,
    levels: int,
    best_ticks: int,
    used: Used,
    client_id: int,
    side: int,
    limit_ticks: int,
    lots: int,
    role: int,
    venue_ns: int,
) -> int:
    """Take displayed lots of the other side, from its touch to the limit; return what is left."""
    step = 1 - 2 * side
    left = lots
    ticks = best_ticks
    seen = 0
    while left > 0 and seen < levels and step * (limit_ticks - ticks) >= 0:
        displayed = ring[ticks & MASK]
        if displayed > 0:
            seen += 1
            taken = min(left, takeable_lots(used, ticks, displayed))
            if taken > 0:
                use(used, ticks, taken)
                report_fill(x, client_id, side, ticks, taken, role, venue_ns)
                left -= taken
        ticks += step
    return left


@kernel
def is_displayed_across(
    ring: IntColumn, levels: int, best_ticks: int, used: Used, side: int, limit_ticks: int
) -> bool:
    """Tell whether an order at the limit meets displayed lots that we have not used."""
    step = 1 - 2 * side
    ticks = best_ticks
    seen = 0
    while seen < levels and step * (limit_ticks - ticks) >= 0:
        displayed = ring[ticks & MASK]
        if displayed > 0:
            seen += 1
            if unused_lots(used, ticks, displayed) > 0:
                return True
        ticks += step
    return False


@kernel
def reducible_lots(x: Exchange, side: int) -> int:
    """Return how many lots of a side take the position towards flat."""
    return max(0, -x.position_lots) if side == BUY else max(0, x.position_lots)


@kernel
def report_fill(
    x: Exchange, client_id: int, side: int, ticks: int, lots: int, role: int, venue_ns: int
) -> None:
    """Move the position and report one fill under a new trade id."""
    x.trade_id += 1
    x.position_lots += lots * (1 - 2 * side)
    if x.margin.is_on:
        book_fill(x, side, ticks, lots, role, venue_ns)
    report(x, FILLED, client_id, side, ticks, lots, role, x.trade_id, venue_ns)
