"""Process what arrives at the exchange: place, cancel or amend, each answered by a report or more.

An order that is not refused is reported ACCEPTED first, then filled as far as it takes, then it
rests or is reported EXPIRED. An order ends once: REJECTED, filled in full, CANCELLED or EXPIRED.

REJECTED are: an id used before or on a slot where an order rests, no lots, a price outside the
book's window, a reduce-only order that would not reduce, a post-only order that would meet
displayed lots or an order of ours, an order that opens more than the margin carries, and anything
while the book is unknown (before the first snapshot, after a gap). CANCELLED and EXPIRED carry the
lots that did not trade.

Faults, for tests: a refused order is REJECTED as INJECTED, an amend AMEND_REJECTED; a request that
is dropped has no effect at all and is reported OUTCOME_UNKNOWN, or AMEND_UNKNOWN.
"""

from connectors.model.errors import Refusal
from connectors.model.events import (
    ACCEPTED,
    AMEND,
    AMEND_REJECTED,
    AMEND_UNKNOWN,
    BUY,
    CANCEL,
    CANCEL_REJECTED,
    CANCELLED,
    EXPIRED,
    IOC,
    OUTCOME_UNKNOWN,
    POST_ONLY,
    REDUCE_ONLY,
    REJECTED,
    SELL,
)
from connectors.model.kernel import kernel
from connectors.model.orders import SLOTS
from connectors.sim.amending import amend
from connectors.sim.entering import is_outside, is_unknown, meets_anything, meets_own, stand
from connectors.sim.exchange_state import Exchange, has
from connectors.sim.funding import settle
from connectors.sim.line import leave, place_of
from connectors.sim.liquidation import look_at_margin
from connectors.sim.margin import is_beyond_margin
from connectors.sim.matching import reducible_lots
from connectors.sim.random import uniform
from connectors.sim.taking import take_arriving
from connectors.sim.wire import report, request_row

_NOT_REFUSED = -1
_OTHER = int(Refusal.OTHER)
_POST_ONLY = int(Refusal.POST_ONLY)
_MARGIN = int(Refusal.INSUFFICIENT_MARGIN)
_MIN_SIZE = int(Refusal.MIN_SIZE)
_PRICE_BAND = int(Refusal.PRICE_BAND)
_REDUCE_ONLY = int(Refusal.REDUCE_ONLY)
_DUPLICATE_ID = int(Refusal.DUPLICATE_ID)
_INJECTED = int(Refusal.INJECTED)


@kernel
def deliver_request(x: Exchange) -> bool:
    """Process the request that arrives next, at its time of arrival; True when reports were added.

    Market rows up to and at that time come first.
    """
    if x.request_head == x.request_tail:
        return False
    before = x.report_tail
    k = request_row(x)
    kind = x.requests.kind[k]
    client_id = x.requests.client_id[k]
    side = x.requests.side[k]
    ticks = x.requests.ticks[k]
    lots = x.requests.lots[k]
    flags = x.requests.flags[k]
    now_ns = x.requests.arrive_ns[k]
    settle(x, now_ns)
    if x.margin.is_on:
        look_at_margin(x, now_ns)
        x.margin.is_stale = True
    chance = 1.0
    if x.drop_frac > 0.0 or x.reject_frac > 0.0:
        chance = uniform(x.random)
    if chance < x.drop_frac:
        lost = AMEND_UNKNOWN if kind == AMEND else OUTCOME_UNKNOWN
        report(x, lost, client_id, side, ticks, lots, 0, 0, now_ns)
    elif kind == CANCEL:
        _cancel(x, client_id, side, now_ns)
    elif chance < x.drop_frac + x.reject_frac:
        refused = AMEND_REJECTED if kind == AMEND else REJECTED
        report(x, refused, client_id, side, ticks, lots, _INJECTED, 0, now_ns)
    elif kind == AMEND:
        amend(x, client_id, side, ticks, lots, now_ns)
    else:
        _place(x, client_id, side, ticks, lots, flags, now_ns)
    return x.report_tail != before


@kernel
def _cancel(x: Exchange, client_id: int, side: int, now_ns: int) -> None:
    """End a resting order, or say that it is not there."""
    slot = client_id % SLOTS
    if x.resting.open_lots[slot] == 0 or x.resting.client_id[slot] != client_id:
        report(x, CANCEL_REJECTED, client_id, side, 0, 0, 0, 0, now_ns)
        return
    ticks = x.resting.ticks[slot]
    open_lots = x.resting.open_lots[slot] + x.resting.struck_lots[slot]
    bid_place = place_of(x.bids, slot)
    if bid_place >= 0:
        leave(x, x.bids, bid_place, BUY)
        report(x, CANCELLED, client_id, BUY, ticks, open_lots, 0, 0, now_ns)
    else:
        leave(x, x.asks, place_of(x.asks, slot), SELL)
        report(x, CANCELLED, client_id, SELL, ticks, open_lots, 0, 0, now_ns)


@kernel
def _place(
    x: Exchange, client_id: int, side: int, ticks: int, lots: int, flags: int, now_ns: int
) -> None:
    """Refuse an order, or accept it, let it take what it may, and rest or end what is left."""
    code = _refusal(x, client_id, side, ticks, lots, flags)
    slot = client_id % SLOTS
    x.resting.last_id[slot] = max(x.resting.last_id[slot], client_id)
    if code != _NOT_REFUSED:
        report(x, REJECTED, client_id, side, ticks, lots, code, 0, now_ns)
        return
    report(x, ACCEPTED, client_id, side, ticks, lots, 0, 0, now_ns)
    x.resting.struck_lots[slot] = 0
    left = lots
    if not has(flags, POST_ONLY):
        left = take_arriving(x, client_id, side, ticks, lots, flags, now_ns)
    flat = has(flags, REDUCE_ONLY) and reducible_lots(x, side) == 0
    if left == 0 or has(flags, IOC) or flat or meets_own(x, side, ticks):
        ended = left + x.resting.struck_lots[slot]
        if ended > 0:
            report(x, EXPIRED, client_id, side, ticks, ended, 0, 0, now_ns)
        return
    x.resting.client_id[slot] = client_id
    x.resting.ticks[slot] = ticks
    x.resting.lots[slot] = lots
    x.resting.open_lots[slot] = left
    x.resting.flags[slot] = flags
    stand(x, slot, side)


@kernel
def _refusal(x: Exchange, client_id: int, side: int, ticks: int, lots: int, flags: int) -> int:
    """Return why an order is refused, or _NOT_REFUSED."""
    slot = client_id % SLOTS
    code = _NOT_REFUSED
    if client_id <= x.resting.last_id[slot]:
        code = _DUPLICATE_ID
    elif lots <= 0:
        code = _MIN_SIZE
    elif x.resting.open_lots[slot] > 0 or is_unknown(x):
        code = _OTHER
    elif is_outside(x, ticks):
        code = _PRICE_BAND
    elif has(flags, REDUCE_ONLY) and reducible_lots(x, side) == 0:
        code = _REDUCE_ONLY
    elif has(flags, POST_ONLY) and meets_anything(x, side, ticks):
        code = _POST_ONLY
    elif x.margin.is_on and is_beyond_margin(x, side, lots, flags):
        code = _MARGIN
    return code
