"""Count what traded, in integers: how many fills, how much a day, and which round trips lost.

Money is in ticks times lots, before fees. A round trip begins and ends at the position that the run
began with, so a spot wallet and a resumed position have round trips too.
"""

from typing import Annotated

from connectors.model.events import BUY
from connectors.model.kernel import Ints, kernel, state

FILLS = 1024
"""Times of fills remembered."""
SIDE_FILLS = 64
"""Times of fills remembered by side."""
DAY_NS = 86_400_000_000_000


@state
class Trades:
    """Sums over a run's fills; `day` is the UTC day of the last one, counted from the epoch.

    `taken_tick_lots` is the part of the notional that paid taker fees. `liquidated` counts the
    fills by which the venue closed our position. `position_lots` and
    `cash_tick_lots` are of the open round trip.
    """

    count: int
    notional_tick_lots: int
    taken_tick_lots: int
    day: int
    day_notional_tick_lots: int
    position_lots: int
    cash_tick_lots: int
    losing: int
    liquidated: int
    fill_ns: Annotated[Ints, FILLS]
    side_count: Annotated[Ints, 2]
    side_fill_ns: Annotated[Ints, 2 * SIDE_FILLS]


@kernel
def count_fill(trades: Trades, side: int, ticks: int, lots: int, now_ns: int) -> None:
    """Take one fill."""
    trades.fill_ns[trades.count % FILLS] = now_ns
    trades.count += 1
    trades.side_fill_ns[side * SIDE_FILLS + trades.side_count[side] % SIDE_FILLS] = now_ns
    trades.side_count[side] += 1
    notional = ticks * lots
    trades.notional_tick_lots += notional
    day = now_ns // DAY_NS
    if day != trades.day:
        trades.day = day
        trades.day_notional_tick_lots = 0
    trades.day_notional_tick_lots += notional
    _follow_trip(trades, lots if side == BUY else -lots, ticks)


@kernel
def count_taken(trades: Trades, ticks: int, lots: int) -> None:
    """Take note that the last fill was a taker's."""
    trades.taken_tick_lots += ticks * lots


@kernel
def _follow_trip(trades: Trades, signed_lots: int, ticks: int) -> None:
    """Move the open round trip; a fill that ends it and begins the next is split at its price."""
    before = trades.position_lots
    after = before + signed_lots
    trades.position_lots = after
    if before != 0 and (after == 0 or (after > 0) != (before > 0)):
        result = trades.cash_tick_lots + before * ticks
        trades.losing = trades.losing + 1 if result < 0 else 0
        trades.cash_tick_lots = -after * ticks
    else:
        trades.cash_tick_lots -= signed_lots * ticks
