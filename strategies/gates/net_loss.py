"""Stop for good when the result per volume is worse than chance would have it.

The result is marked at mid and net of fees. It is cut into stretches of ten seconds, because
fills within one move together; the error of their sum is ``sqrt(n * var)``. The gate fires when::

    -result / volume > max(floor_bps, errors * error / volume)      volume >= min_volume

Luck alone is .12 to .43 bps over 45 minutes: a bare floor below that would fire on it.
"""

import math

from connectors.model.kernel import kernel
from strategies import reasons as why
from strategies.desk import Desk
from strategies.gates.effect import pull_both
from strategies.gates.memory import LossMemory
from strategies.units import BPS

BUCKET_NS = 10_000_000_000
LEAST_BUCKETS = 30
"""Fewer stretches do not tell an error."""


@kernel
def look(desk: Desk, now_ns: int) -> None:
    """Pull both sides once the loss has been beyond its limit."""
    memory = desk.gates.loss
    if not memory.killed:
        _judge(desk, memory, now_ns)
    if memory.killed:
        pull_both(desk.quotes, why.NET_LOSS)


@kernel
def _judge(desk: Desk, memory: LossMemory, now_ns: int) -> None:
    """Close a stretch that is over, and conclude once enough has traded in enough of them."""
    volume = desk.trades.notional_tick_lots
    knobs = desk.params.gates.net_loss
    is_under_way = memory.begun and now_ns - memory.bucket_ns < BUCKET_NS
    is_little = memory.buckets < LEAST_BUCKETS or volume < knobs.min_volume_tick_lots
    if is_under_way and is_little:
        return
    result = result_half_tick_lots(desk)
    _take(memory, result, now_ns)
    if memory.buckets >= LEAST_BUCKETS and volume >= knobs.min_volume_tick_lots:
        limit = 2.0 * knobs.floor_bps * BPS * volume
        chance = knobs.errors * error_half_tick_lots(memory)
        if not memory.opening - result <= (limit if limit > chance else chance):
            memory.killed = True


@kernel
def result_half_tick_lots(desk: Desk) -> float:
    """Return cash, position at mid and fees together, in half ticks times lots."""
    orders = desk.orders
    taken = desk.trades.taken_tick_lots
    made = desk.trades.notional_tick_lots - taken
    fees = (made * desk.params.maker_fee_bps + taken * desk.params.taker_fee_bps) * BPS
    marked = float(orders.position_lots * desk.signals.mid_half_ticks)
    return 2.0 * (orders.cash_tick_lots - fees) + marked


@kernel
def error_half_tick_lots(memory: LossMemory) -> float:
    """Return the standard error of the sum over all stretches."""
    n = memory.buckets
    spread = memory.squares - memory.total * memory.total / n
    return math.sqrt(n / (n - 1) * spread) if spread > 0.0 else 0.0


@kernel
def _take(memory: LossMemory, result: float, now_ns: int) -> None:
    """Close a stretch that is over; a longer pause between decisions counts as one."""
    if not memory.begun:
        memory.begun = True
        memory.opening = result
        memory.bucket_opening = result
        memory.bucket_ns = now_ns
    elif now_ns - memory.bucket_ns >= BUCKET_NS:
        change = result - memory.bucket_opening
        memory.buckets += 1
        memory.total += change
        memory.squares += change * change
        memory.bucket_opening = result
        memory.bucket_ns = now_ns
