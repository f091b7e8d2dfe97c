"""Measure inventory in clips from its target."""

from connectors.model.events import BUY
from connectors.model.kernel import kernel
from connectors.model.orders import Orders
from strategies.desk import Params
from strategies.scheduled import TARGET_LOTS, TARGET_S, TARGET_TICK_LOTS, Scheduled


@kernel
def target_lots(params: Params, orders: Orders, mid_ticks: float) -> float:
    """Return the position to lean towards.

    A perpetual's target is flat. A spot wallet's is `target_base_frac` of its whole value, in base.
    """
    if params.target_base_frac <= 0.0:
        return 0.0
    whole = orders.position_lots + orders.cash_tick_lots / mid_ticks
    return params.target_base_frac * whole


@kernel
def aim_lots(scheduled: Scheduled, params: Params, orders: Orders, mid_ticks: float) -> float:
    """Return the schedule's target where it has set one, else the strategy's own."""
    if scheduled.asked[TARGET_S] == 0:
        return target_lots(params, orders, mid_ticks)
    return _scheduled_lots(scheduled, params, mid_ticks)


@kernel
def _scheduled_lots(scheduled: Scheduled, params: Params, mid_ticks: float) -> float:
    """Return the schedule's target, within the position's limits.

    What is told as a worth becomes lots at the first mid after its moment, and stays so many.
    """
    target = float(scheduled.asked[TARGET_LOTS])
    worth = scheduled.asked[TARGET_TICK_LOTS]
    if worth != 0:
        if scheduled.weighed_s != scheduled.asked[TARGET_S]:
            scheduled.weighed_s = scheduled.asked[TARGET_S]
            scheduled.weighed_lots = worth / mid_ticks
        target = scheduled.weighed_lots
    return min(max(target, float(params.min_position_lots)), float(params.max_position_lots))


@kernel
def inventory_clips(params: Params, orders: Orders, target: float) -> float:
    """Return q: the signed distance from target in order sizes."""
    return (orders.position_lots - target) / params.order_lots


@kernel
def room_lots(params: Params, orders: Orders, side: int, ticks: int) -> int:
    """Return how much a side may still add to the position at a price, open orders aside.

    A spot wallet sells no more than it holds and buys no more than it can pay.
    """
    if side == BUY:
        room = params.max_position_lots - orders.position_lots
        if params.is_spot:
            room = min(room, orders.cash_tick_lots // max(ticks, 1))
        return room
    return orders.position_lots - params.min_position_lots
