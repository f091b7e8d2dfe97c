"""Change a resting order in place: its price and its size in all, what has filled included.

What only shrinks keeps its place in the queue; a new price or a larger size stands behind all that
is displayed. A size that has filled already is the order's end: AMENDED tells what it has filled.
An amend is refused, and the order stays as it is, where an order like it would be, and where it
would take.
"""

from connectors.model.errors import Refusal
from connectors.model.events import AMEND_REJECTED, AMENDED, BUY, EXPIRED, SELL
from connectors.model.kernel import kernel
from connectors.model.orders import SLOTS
from connectors.sim.entering import is_outside, is_unknown, meets_anything, stand
from connectors.sim.exchange_state import Exchange
from connectors.sim.line import leave, place_of
from connectors.sim.margin import is_beyond_margin
from connectors.sim.wire import report

_NOT_REFUSED = -1
_OTHER = int(Refusal.OTHER)
_POST_ONLY = int(Refusal.POST_ONLY)
_MARGIN = int(Refusal.INSUFFICIENT_MARGIN)
_MIN_SIZE = int(Refusal.MIN_SIZE)
_PRICE_BAND = int(Refusal.PRICE_BAND)
_NOT_FOUND = int(Refusal.NOT_FOUND)


@kernel
def amend(x: Exchange, client_id: int, side: int, ticks: int, lots: int, now_ns: int) -> None:
    """Give a resting order new terms, or say why not."""
    slot = client_id % SLOTS
    code = _NOT_FOUND
    own_side = side
    if x.resting.open_lots[slot] > 0 and x.resting.client_id[slot] == client_id:
        own_side = BUY if place_of(x.bids, slot) >= 0 else SELL
        code = _refusal(x, slot, own_side, ticks, lots)
    if code != _NOT_REFUSED:
        report(x, AMEND_REJECTED, client_id, own_side, ticks, lots, code, 0, now_ns)
        return
    filled = _filled_lots(x, slot)
    left = lots - filled - x.resting.struck_lots[slot]
    report(x, AMENDED, client_id, own_side, ticks, max(lots, filled), 0, 0, now_ns)
    if left > 0:
        _change(x, slot, own_side, ticks, lots, left)
        return
    _step_out(x, slot, own_side)
    if lots > filled:
        report(x, EXPIRED, client_id, own_side, ticks, lots - filled, 0, 0, now_ns)


@kernel
def _refusal(x: Exchange, slot: int, side: int, ticks: int, lots: int) -> int:
    """Return why an order that rests is not amended, or _NOT_REFUSED."""
    left = lots - _filled_lots(x, slot) - x.resting.struck_lots[slot]
    more = left - x.resting.open_lots[slot]
    code = _NOT_REFUSED
    if lots <= 0:
        code = _MIN_SIZE
    elif left <= 0:
        code = _NOT_REFUSED
    elif is_unknown(x):
        code = _OTHER
    elif is_outside(x, ticks):
        code = _PRICE_BAND
    elif meets_anything(x, side, ticks):
        code = _POST_ONLY
    elif more > 0 and x.margin.is_on and is_beyond_margin(x, side, more, x.resting.flags[slot]):
        code = _MARGIN
    return code


@kernel
def _change(x: Exchange, slot: int, side: int, ticks: int, lots: int, left: int) -> None:
    """Set price and size; lose the place in the queue unless the order only shrinks."""
    keeps_place = ticks == x.resting.ticks[slot] and left <= x.resting.open_lots[slot]
    if not keeps_place:
        _step_out(x, slot, side)
    x.resting.ticks[slot] = ticks
    x.resting.lots[slot] = lots
    x.resting.open_lots[slot] = left
    if not keeps_place:
        stand(x, slot, side)


@kernel
def _step_out(x: Exchange, slot: int, side: int) -> None:
    """Take an order out of its line."""
    if side == BUY:
        leave(x, x.bids, place_of(x.bids, slot), side)
    else:
        leave(x, x.asks, place_of(x.asks, slot), side)


@kernel
def _filled_lots(x: Exchange, slot: int) -> int:
    """Return what a resting order has traded."""
    resting = x.resting
    return resting.lots[slot] - resting.open_lots[slot] - resting.struck_lots[slot]
