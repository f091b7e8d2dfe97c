"""Let a replayed market hear where its simulated venue would liquidate it, before each turn."""

from connectors.model.kernel import kernel
from connectors.sim.brink import brink_of
from connectors.sim.exchange_state import Exchange
from strategies.desk import Desk
from strategies.liquidation_guard import hear_liquidation


@kernel
def tell_brink(desk: Desk, x: Exchange, now_ns: int) -> None:
    """Tell it, once every fill of the exchange has come: nothing is known before it is heard."""
    if not desk.params.liquidation.on or not x.margin.is_on:
        return
    if x.position_lots != desk.orders.position_lots:
        return
    known, price, full = brink_of(x)
    mark = x.margin.mark_half_ticks
    hear_liquidation(desk, known, x.position_lots, price, full, mark, now_ns)
