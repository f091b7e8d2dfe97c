"""Leave a position that has lost too much, and do not stop before it is gone."""

from connectors.model.kernel import kernel
from strategies import reasons as why
from strategies.desk import Desk
from strategies.gates.leaving import leave
from strategies.holding import result_bps


@kernel
def look(desk: Desk, now_ns: int) -> None:
    """Leave from a loss of `loss_bps` at mid until flat; a result that is no number has lost."""
    knobs = desk.params.gates.stop_loss
    memory = desk.gates.leaving
    if not result_bps(desk.holding, desk.signals.mid_ticks) > -knobs.loss_bps:
        memory.held_for |= why.STOP_LOSS
    if memory.held_for & why.STOP_LOSS:
        leave(desk, knobs.leave, why.STOP_LOSS, now_ns)
