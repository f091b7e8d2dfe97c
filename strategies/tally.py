"""Count what was decided, for how long each reason held, and for how long orders rested."""

from connectors.model.events import BUY, SELL
from connectors.model.kernel import kernel
from connectors.model.orders import LIVE, PARTIAL, SIDE_SLOTS, Orders
from strategies.desk import Quotes, Tally
from strategies.hedge_reasons import HEDGE_REASONS
from strategies.reasons import REASONS
from strategies.signals import uptime

CREDIT_NS = 1_000_000_000
"""How long time in which nothing changes may wait for its credit."""


@kernel
def account_reasons(tally: Tally, quotes: Quotes, now_ns: int) -> None:
    """Take the reasons that hold from now on; credit the former ones until now if they changed."""
    is_same = quotes.reasons[BUY] == tally.masks[BUY] and quotes.reasons[SELL] == tally.masks[SELL]
    if is_same and quotes.hedge_reasons == tally.hedge_mask:
        return
    close_reasons(tally, now_ns)
    tally.hedge_mask = quotes.hedge_reasons
    tally.masks[BUY] = quotes.reasons[BUY]
    tally.masks[SELL] = quotes.reasons[SELL]


@kernel
def close_reasons(tally: Tally, now_ns: int) -> None:
    """Credit the time since the last change to the reasons that held."""
    elapsed = now_ns - tally.since_ns
    if tally.since_ns > 0 and elapsed > 0:
        for side in range(2):
            bits = tally.masks[side]
            k = side * REASONS
            while bits > 0:
                if bits & 0xFF == 0:
                    bits >>= 8
                    k += 8
                    continue
                if bits & 1:
                    tally.reason_ns[k] += elapsed
                bits >>= 1
                k += 1
        for bit in range(HEDGE_REASONS):
            if tally.hedge_mask & (1 << bit) != 0:
                tally.hedge_reason_ns[bit] += elapsed
    tally.since_ns = now_ns


@kernel
def account_resting(tally: Tally, orders: Orders, now_ns: int) -> None:
    """Credit the time with proven orders at the venue; take which sides have one from now on.

    Time in which nothing changes is credited now and then.
    """
    bids = _rests(orders, BUY)
    asks = _rests(orders, SELL)
    up = tally.uptime
    is_new = bids != up.quoting[BUY] or asks != up.quoting[SELL] or up.last_ns == 0
    if is_new or now_ns - up.last_ns >= CREDIT_NS:
        uptime.observe(up, bids, asks, now_ns)


@kernel
def close_tally(tally: Tally, now_ns: int) -> None:
    """Credit everything up to the end; nothing rests or holds from then on."""
    close_reasons(tally, now_ns)
    tally.masks[BUY] = 0
    tally.masks[SELL] = 0
    tally.hedge_mask = 0
    uptime.observe(tally.uptime, 0, 0, now_ns)


@kernel
def _rests(orders: Orders, side: int) -> int:
    """Return 1 if the venue has said that an order of a side rests which nobody has cancelled."""
    statuses = orders.status
    first = side * SIDE_SLOTS
    for slot in range(first, first + 2 * (orders.deepest_level + 1)):
        status = statuses[slot]
        if status == LIVE or status == PARTIAL:
            return 1
    return 0
