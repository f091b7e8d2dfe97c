"""Match as hftbacktest's exchange without partial fills does, to be held against it.

Whatever reaches an order fills it in full, however little traded or was displayed: any trade
through its price, a trade at its price once the queue before it is gone, a touch of the other side
at or across its price. An order that takes gets all of its lots at the other side's touch. Orders
of our own are no obstacle to each other. This flatters large orders; it is for comparison, not for
judging a strategy.

`make oracle` holds all of it against hftbacktest itself, for equality.
"""

import math

from connectors.model.events import TAKER
from connectors.model.kernel import kernel
from connectors.sim.exchange_state import POWER, Exchange, Line
from connectors.sim.matching import fill_resting, report_fill
from connectors.sim.queue_share import share_behind


@kernel
def redisplay_in_full(x: Exchange, line: Line, ticks: int, before_lots: int, lots: int) -> None:
    """Move our orders at a level whose display was `before_lots` and is `lots` now."""
    for i in range(line.count):
        slot = line.slots[i]
        if x.resting.ticks[slot] == ticks:
            _see_depth(x, slot, float(before_lots), float(lots))


@kernel
def match_trade_in_full(
    x: Exchange, line: Line, side: int, ticks: int, lots: int, venue_ns: int
) -> None:
    """Let a trade against `side` fill every order that it reaches."""
    sign = 1 - 2 * side
    i = 0
    while i < line.count:
        slot = line.slots[i]
        better_ticks = sign * (x.resting.ticks[slot] - ticks)
        if better_ticks < 0:
            break
        if better_ticks > 0 or _passes_queue(x, slot, lots):
            fill_resting(x, line, i, side, x.resting.open_lots[slot], venue_ns)
        if i < line.count and line.slots[i] == slot:
            i += 1


@kernel
def match_arrival_in_full(x: Exchange, line: Line, side: int, ticks: int, venue_ns: int) -> None:
    """Let a touch of the other side fill every order at or across its price."""
    sign = 1 - 2 * side
    while line.count > 0 and sign * (line.best_ticks - ticks) >= 0:
        fill_resting(x, line, 0, side, x.resting.open_lots[line.slots[0]], venue_ns)


@kernel
def take_in_full(
    x: Exchange,
    best_ticks: int,
    client_id: int,
    side: int,
    limit_ticks: int,
    lots: int,
    venue_ns: int,
) -> int:
    """Take every lot at the other side's touch if the limit reaches it; return what is left."""
    if (1 - 2 * side) * (limit_ticks - best_ticks) < 0:
        return lots
    report_fill(x, client_id, side, best_ticks, lots, TAKER, venue_ns)
    return 0


@kernel
def _passes_queue(x: Exchange, slot: int, lots: int) -> bool:
    """Move the queue by a trade; tell whether it has passed us by half a lot or more."""
    x.resting.traded_lots[slot] += lots
    x.resting.ahead_lots[slot] -= lots
    return x.resting.ahead_lots[slot] <= -0.5


@kernel
def _see_depth(x: Exchange, slot: int, before_lots: float, lots: float) -> None:
    """Move one order's place in the queue by a change of the display.

    What is before us may be less than nothing by up to half a lot, and a share may be no number:
    then all that is displayed is before us, which is what Rust's ``min`` makes of it.
    """
    ahead = x.resting.ahead_lots[slot]
    if x.queue_model < POWER:
        x.resting.ahead_lots[slot] = min(ahead, lots)
        return
    decrease = before_lots - lots - x.resting.traded_lots[slot]
    x.resting.traded_lots[slot] = 0.0
    if decrease < 0.0:
        x.resting.ahead_lots[slot] = min(ahead, lots)
        return
    behind = before_lots - ahead
    share = share_behind(x.queue_model, ahead, behind, x.power_n)
    if math.isinf(share):
        share = 1.0
    if math.isnan(share):
        x.resting.ahead_lots[slot] = lots
        return
    short = min(behind - share * decrease, 0.0)
    x.resting.ahead_lots[slot] = min(ahead - (1.0 - share) * decrease + short, lots)
