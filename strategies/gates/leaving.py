"""Take a position out of the market: the one word of gates that asks for an order which takes.

A gate that leaves pulls both sides, so that what rests is cancelled first, and asks for a share of
the position at the touch or a little beyond. Several do not add up: the largest share counts, the
farthest limit and the longest pause. Two takes are `retry` apart at least, whatever came of the
first, and both sides stay away for a pause after the last.

What is under the smallest order is no position to leave, nor is one that fills do not explain yet.
"""

from connectors.model.events import BUY, SELL
from connectors.model.kernel import kernel
from strategies.desk import Desk
from strategies.gates.effect import pull_both
from strategies.gates.knobs import Leave
from strategies.units import BPS, nameable_ticks


@kernel
def begin_leaving(desk: Desk, now_ns: int) -> bool:
    """Keep both sides away after a take, forget what is over; tell whether there is a position."""
    memory = desk.gates.leaving
    if now_ns < memory.away_until_ns:
        pull_both(desk.quotes, memory.away_for)
    lots = desk.orders.position_lots
    if lots == 0 and memory.held_for == 0:
        return False
    is_there = desk.holding.lots == lots and abs(lots) >= max(1, desk.params.min_lots)
    if not is_there or desk.holding.since_ns != memory.since_ns:
        memory.held_for = 0
        memory.since_ns = desk.holding.since_ns
    return is_there


@kernel
def leave(desk: Desk, by: Leave, reason: int, now_ns: int) -> None:
    """Pull both sides, and want the position taken out as far as `by` says."""
    quotes = desk.quotes
    pull_both(quotes, reason)
    if now_ns - desk.gates.leaving.took_ns < by.retry_ns:
        return
    quotes.take_reasons |= reason
    quotes.take_pause_ns = max(quotes.take_pause_ns, by.pause_ns)
    lots = _lots(desk, by.share_frac)
    side = SELL if desk.holding.lots > 0 else BUY
    ticks = limit_ticks(desk, side, by.slippage_bps)
    if quotes.take_lots == 0:
        quotes.take_ticks = ticks
    elif side == BUY:
        quotes.take_ticks = max(quotes.take_ticks, ticks)
    else:
        quotes.take_ticks = min(quotes.take_ticks, ticks)
    lots = max(lots, abs(quotes.take_lots))
    quotes.take_lots = lots if side == BUY else -lots


@kernel
def touch_ticks(desk: Desk, side: int) -> int:
    """Return the price at which an order of a side takes first."""
    return desk.book.best_ask_ticks if side == BUY else desk.book.best_bid_ticks


@kernel
def limit_ticks(desk: Desk, side: int, slippage_bps: float) -> int:
    """Return the worst price to take at: no farther beyond the touch than the slippage."""
    touch = touch_ticks(desk, side)
    beyond = int(touch * slippage_bps * BPS)
    ticks = touch + beyond if side == BUY else max(1, touch - beyond)
    return nameable_ticks(desk.params, side, ticks)


@kernel
def _lots(desk: Desk, share_frac: float) -> int:
    """Return a share of the position, no less than the smallest order and no more than the most."""
    held = abs(desk.holding.lots)
    lots = max(int(held * share_frac), 1, desk.params.min_lots)
    return min(lots, held, desk.params.gates.most_take_lots)
