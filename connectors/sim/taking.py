"""Let an arriving order take what is displayed, and keep it from trading with an order of ours.

An order of ours is met when the arriving one has lots left at its price; lots displayed there come
after it. What then happens is *self-trade prevention*, by `Exchange.self_trade`:

- EXPIRE_TAKER: what is left of the arriving order ends;
- EXPIRE_MAKER: the resting order ends, and the arriving one goes on;
- EXPIRE_BOTH: both end;
- REDUCE: both lose the lots of the smaller one, which ends; the larger one goes on.

Lots that are struck off an order count as its own until it ends: its last report, EXPIRED or
CANCELLED, carries them with what was still open. A post-only order never comes here.
"""

from connectors.model.events import BUY, EXPIRED, REDUCE_ONLY, TAKER
from connectors.model.kernel import kernel
from connectors.model.orders import SLOTS
from connectors.sim.compat import take_in_full
from connectors.sim.exchange_state import (
    EXPIRE_BOTH,
    EXPIRE_MAKER,
    EXPIRE_TAKER,
    REDUCE,
    Exchange,
    Line,
    has,
)
from connectors.sim.line import leave
from connectors.sim.matching import reducible_lots, take
from connectors.sim.wire import report


@kernel
def take_arriving(
    x: Exchange, client_id: int, side: int, ticks: int, lots: int, flags: int, now_ns: int
) -> int:
    """Take what stands between the touch and the limit; return the lots that are left open."""
    most = lots
    if has(flags, REDUCE_ONLY):
        most = min(lots, reducible_lots(x, side))
    beyond = lots - most
    if x.compat:
        return beyond + _take_at_touch(x, client_id, side, ticks, most, now_ns)
    if side == BUY:
        return _take_past(x, x.asks, client_id, side, ticks, most, beyond, now_ns)
    return _take_past(x, x.bids, client_id, side, ticks, most, beyond, now_ns)


@kernel
def _take_past(
    x: Exchange,
    own: Line,
    client_id: int,
    side: int,
    ticks: int,
    lots: int,
    beyond_lots: int,
    now_ns: int,
) -> int:
    """Take up to each order of ours in the way, which is then met; return what is left open."""
    sign = 1 - 2 * side
    left = lots
    beyond = beyond_lots
    while left > 0:
        if sign * (ticks - own.best_ticks) < 0:
            return beyond + _take_to(x, client_id, side, ticks, left, now_ns)
        left = _take_to(x, client_id, side, own.best_ticks - sign, left, now_ns)
        if left == 0:
            break
        struck = _meet(x, own, 1 - side, left, now_ns)
        x.resting.struck_lots[client_id % SLOTS] += struck
        left -= struck
        if left == 0 and x.self_trade != REDUCE:
            x.resting.struck_lots[client_id % SLOTS] += beyond
            beyond = 0
    return beyond + left


@kernel
def _meet(x: Exchange, own: Line, own_side: int, lots: int, now_ns: int) -> int:
    """Let an arriving order of `lots` meet our first resting one; return what it loses."""
    if x.self_trade == EXPIRE_TAKER:
        return lots
    slot = own.slots[0]
    struck = min(lots, x.resting.open_lots[slot])
    if x.self_trade == EXPIRE_MAKER or x.self_trade == EXPIRE_BOTH:
        struck = x.resting.open_lots[slot]
    x.resting.open_lots[slot] -= struck
    x.resting.struck_lots[slot] += struck
    if x.resting.open_lots[slot] == 0:
        client_id = x.resting.client_id[slot]
        ticks = x.resting.ticks[slot]
        leave(x, own, 0, own_side)
        ended = x.resting.struck_lots[slot]
        report(x, EXPIRED, client_id, own_side, ticks, ended, 0, 0, now_ns)
    if x.self_trade == EXPIRE_MAKER:
        return 0
    return lots if x.self_trade == EXPIRE_BOTH else struck


@kernel
def _take_to(
    x: Exchange, client_id: int, side: int, limit_ticks: int, lots: int, now_ns: int
) -> int:
    """Take displayed lots of the other side up to a limit; return what is left."""
    book = x.book
    far = limit_ticks
    if side == BUY:
        ring, levels, best = book.ask_lots, book.ask_levels, book.best_ask_ticks
        return take(x, ring, levels, best, x.asks_used, client_id, side, far, lots, TAKER, now_ns)
    ring, levels, best = book.bid_lots, book.bid_levels, book.best_bid_ticks
    return take(x, ring, levels, best, x.bids_used, client_id, side, far, lots, TAKER, now_ns)


@kernel
def _take_at_touch(
    x: Exchange, client_id: int, side: int, limit_ticks: int, lots: int, now_ns: int
) -> int:
    """Take all lots at the other side's touch if the limit reaches it; return what is left."""
    best = x.book.best_ask_ticks if side == BUY else x.book.best_bid_ticks
    return take_in_full(x, best, client_id, side, limit_ticks, lots, now_ns)
