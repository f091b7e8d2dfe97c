"""Leave a position that has earned enough, as long as it can be had for that."""

from connectors.model.events import BUY, SELL
from connectors.model.kernel import kernel
from strategies import reasons as why
from strategies.desk import Desk
from strategies.gates.leaving import leave, touch_ticks
from strategies.holding import result_bps


@kernel
def look(desk: Desk, now_ns: int) -> None:
    """Leave from a profit of `profit_bps` at the touch until flat, or until under `release_bps`."""
    knobs = desk.params.gates.take_profit
    memory = desk.gates.leaving
    side = SELL if desk.holding.lots > 0 else BUY
    profit_bps = result_bps(desk.holding, touch_ticks(desk, side))
    if profit_bps >= knobs.profit_bps:
        memory.held_for |= why.TAKE_PROFIT
    elif not profit_bps >= knobs.release_bps:
        memory.held_for &= ~why.TAKE_PROFIT
    if memory.held_for & why.TAKE_PROFIT:
        leave(desk, knobs.leave, why.TAKE_PROFIT, now_ns)
