"""Keep rolling figures of our own fills, side by side.

`same_side` of a fill is how many fills of its side, itself included, the second up to it has seen;
their distribution over all fills tells whether we are being run over. The age of the inventory is
the time since it was last zero or changed sign; its distribution is over time, not over fills. A
round trip begins and ends at a position of zero: one that ends with a gain before fees is won.
"""

from typing import Annotated

from connectors.model.events import BUY, TAKER
from connectors.model.kernel import Ints, kernel, state
from strategies.signals import histogram
from strategies.signals.histogram import Histogram

REMEMBERED = 32
"""Fills remembered of each side: `same_side` is at most this."""
WINDOW_NS = 1_000_000_000


@state
class OwnFills:
    """Counts by side (0 buys, 1 sells) and of round trips; money in ticks times lots.

    `seen` counts fills by their `same_side` (index ``side * REMEMBERED + same_side - 1``).
    """

    fills: Annotated[Ints, 2]
    lots: Annotated[Ints, 2]
    takers: Annotated[Ints, 2]
    fill_ns: Annotated[Ints, 2 * REMEMBERED]
    seen: Annotated[Ints, 2 * REMEMBERED]
    position_lots: int
    since_ns: int
    trip_tick_lots: int
    won: int
    lost: int
    ages_s: Histogram


@kernel
def start(own: OwnFills, position_lots: int, mid_ticks: int, now_ns: int) -> None:
    """Begin a fresh state with a position, as if it had been bought or sold at mid just now."""
    own.position_lots = position_lots
    own.trip_tick_lots = -position_lots * mid_ticks
    own.since_ns = now_ns


@kernel
def add_fill(own: OwnFills, side: int, ticks: int, lots: int, role: int, now_ns: int) -> None:
    """Take one fill; `role` is MAKER or TAKER."""
    own.fill_ns[side * REMEMBERED + own.fills[side] % REMEMBERED] = now_ns
    own.fills[side] += 1
    own.lots[side] += lots
    if role == TAKER:
        own.takers[side] += 1
    own.seen[side * REMEMBERED + same_side(own, side, now_ns) - 1] += 1
    _move(own, lots if side == BUY else -lots, ticks, now_ns)


@kernel
def same_side(own: OwnFills, side: int, now_ns: int) -> int:
    """Return the fills of a side in the last second, at most `REMEMBERED`."""
    found = 0
    newest = own.fills[side] - 1
    for k in range(min(own.fills[side], REMEMBERED)):
        if now_ns - own.fill_ns[side * REMEMBERED + (newest - k) % REMEMBERED] >= WINDOW_NS:
            break
        found += 1
    return found


@kernel
def same_side_quantile(own: OwnFills, side: int, frac: float) -> int:
    """Return the `same_side` that a share `frac` of a side's fills does not exceed; 0: no fill."""
    below = 0
    for k in range(REMEMBERED):
        below += own.seen[side * REMEMBERED + k]
        if below > 0 and below >= frac * own.fills[side]:
            return k + 1
    return 0


@kernel
def age_s(own: OwnFills, now_ns: int) -> float:
    """Return the age of the inventory; 0 while there is none."""
    if own.position_lots == 0:
        return 0.0
    return max(now_ns - own.since_ns, 0) * 1e-9


@kernel
def age_quantile_s(own: OwnFills, frac: float) -> float:
    """Return a quantile of the ages, over the time of inventories that have ended; 0: none has."""
    return histogram.quantile(own.ages_s, frac)


@kernel
def _move(own: OwnFills, signed_lots: int, ticks: int, now_ns: int) -> None:
    """Move the position; a fill that crosses zero ends one inventory and begins another."""
    before = own.position_lots
    after = before + signed_lots
    if before != 0 and (after == 0 or (after > 0) != (before > 0)):
        histogram.spread_evenly(own.ages_s, age_s(own, now_ns))
        _end_trip(own, own.trip_tick_lots + before * ticks)
        own.trip_tick_lots = -after * ticks
        own.since_ns = now_ns
    else:
        if before == 0:
            own.since_ns = now_ns
        own.trip_tick_lots -= signed_lots * ticks
    own.position_lots = after


@kernel
def _end_trip(own: OwnFills, result: int) -> None:
    if result > 0:
        own.won += 1
    elif result < 0:
        own.lost += 1
