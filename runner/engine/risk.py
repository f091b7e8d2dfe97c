"""Review every command at the sender, outside strategy code: approved + refused == asked.

Cancels always pass. A place passes when the worst case stays inside the position limit (everything
open on its side fills), and size, price and message rate are inside theirs. A reducing order
therefore always passes the position check. An order that takes has to reduce: together with all
that is open on its side it may bring the position to flat and no further. That of a market that
hedges may open one, inside the position limit like any other. One that saves a position from its
liquidation passes the message rate as cancels do.

An amend is reviewed as a place of what it adds to the order. One that is refused becomes a cancel:
what was to move is not left where it is.
"""

from connectors.model.events import AMEND, BUY, CANCEL, PLACE
from connectors.model.kernel import kernel, state
from connectors.model.orders import (
    SETTLED,
    SLOTS,
    Commands,
    Orders,
    begin,
    begin_amend,
    begin_cancel,
    is_taking,
    reducible_lots,
)
from runner.engine.brakes import Brakes
from strategies import reasons as why
from strategies.desk import Desk
from strategies.liquidation_guard import saves


@state
class Limits:
    """Pre-trade limits of one market, the message budget's bucket, and the brakes."""

    max_position_lots: int
    min_position_lots: int
    max_order_lots: int
    collar_bps: float
    rate_per_s: float
    burst: float
    tokens: float
    refilled_ns: int
    is_spot: bool
    brakes: Brakes


@kernel
def review(desk: Desk, limits: Limits, commands: Commands, now_ns: int) -> int:
    """Mark each refused command with its reasons, occupy the slots of the others; count those."""
    if commands.count == 0:
        return 0
    _refill(limits, now_ns)
    approved = 0
    for k in range(commands.count):
        if commands.kind[k] == AMEND and _amend(desk, limits, commands, k, now_ns):
            approved += 1
            continue
        if commands.kind[k] != PLACE:
            begin_cancel(desk.orders, commands.client_id[k])
            desk.tally.cancels += 1
            limits.tokens -= 1.0
            approved += 1
            continue
        reason = _refusal(desk, limits, commands, k)
        commands.refused[k] = reason
        if reason != 0:
            desk.quotes.reasons[commands.side[k]] |= reason
            desk.tally.refused += 1
            continue
        limits.tokens -= 1.0
        desk.tally.places += 1
        approved += 1
        begin(
            desk.orders,
            commands.client_id[k],
            commands.side[k],
            commands.ticks[k],
            commands.lots[k],
            now_ns,
        )
    return approved


@kernel
def _amend(desk: Desk, limits: Limits, commands: Commands, k: int, now_ns: int) -> bool:
    """Let an amend pass, or make a cancel of it; tell which."""
    client_id = commands.client_id[k]
    reason = _refusal(desk, limits, commands, k)
    if reason == 0:
        limits.tokens -= 1.0
        desk.tally.amends += 1
        begin_amend(desk.orders, client_id, commands.ticks[k], commands.lots[k], now_ns)
        return True
    desk.quotes.reasons[commands.side[k]] |= reason
    commands.kind[k] = CANCEL
    commands.ticks[k] = desk.orders.ticks[client_id % SLOTS]
    commands.lots[k] = 0
    return False


@kernel
def _refusal(desk: Desk, limits: Limits, commands: Commands, k: int) -> int:
    """Return the reasons to refuse a place or an amend (0: it passes)."""
    side = commands.side[k]
    lots = commands.lots[k]
    more = lots
    if commands.kind[k] == AMEND:
        slot = commands.client_id[k] % SLOTS
        lots -= desk.orders.filled_lots[slot]
        more = max(0, lots - desk.orders.open_lots[slot])
    reason = 0
    if lots <= 0 or lots > limits.max_order_lots:
        reason |= why.REFUSED_SIZE
    if _worst_case_lots(desk.orders, side, more) > _room(limits, side):
        reason |= why.REFUSED_POSITION
    only_reduces = is_taking(commands.client_id[k]) and not desk.orders.hedges
    if only_reduces and lots > reducible_lots(desk.orders, side):
        reason |= why.REFUSED_POSITION
    if (
        limits.is_spot
        and side == BUY
        and _cost(desk.orders, more, commands.ticks[k]) > (desk.orders.cash_tick_lots)
    ):
        reason |= why.REFUSED_POSITION
    mid = desk.signals.mid_ticks
    if not desk.signals.sound or abs(commands.ticks[k] - mid) * 1e4 > limits.collar_bps * mid:
        reason |= why.REFUSED_COLLAR
    if limits.tokens < 1.0 and not (is_taking(commands.client_id[k]) and saves(desk)):
        reason |= why.REFUSED_RATE
    return reason


@kernel
def _worst_case_lots(orders: Orders, side: int, lots: int) -> int:
    """Return the signed position towards `side` if everything open there and this order fill."""
    signed = orders.position_lots if side == BUY else -orders.position_lots
    return signed + orders.exposed_lots[side] + lots


@kernel
def _cost(orders: Orders, lots: int, ticks: int) -> int:
    """Return what a buy and every open buy would cost, in ticks times lots.

    Open buys are taken at the new order's price or their own, whichever is more.
    """
    cost = lots * ticks
    for k in range(SLOTS // 2):
        most_ticks = max(orders.ticks[k], ticks)
        if orders.terms[k] != SETTLED:
            most_ticks = max(most_ticks, orders.amend_ticks[k])
        cost += orders.open_lots[k] * most_ticks
    return cost


@kernel
def _room(limits: Limits, side: int) -> int:
    """Return the largest position allowed towards a side."""
    return limits.max_position_lots if side == BUY else -limits.min_position_lots


@kernel
def _refill(limits: Limits, now_ns: int) -> None:
    """Refill the token bucket; cancels may overdraw it, places may not."""
    elapsed_s = (now_ns - limits.refilled_ns) * 1e-9
    limits.refilled_ns = now_ns
    if elapsed_s > 0.0:
        limits.tokens = min(limits.burst, limits.tokens + elapsed_s * limits.rate_per_s)
