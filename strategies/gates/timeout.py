"""Leave a position that has been open for too long, whatever it has earned."""

from connectors.model.kernel import kernel
from strategies import reasons as why
from strategies.desk import Desk
from strategies.gates.leaving import leave


@kernel
def look(desk: Desk, now_ns: int) -> None:
    """Leave from `after_ns` on until flat; another position begins anew."""
    knobs = desk.params.gates.timeout
    if now_ns - desk.holding.since_ns >= knobs.after_ns:
        leave(desk, knobs.leave, why.TIMEOUT, now_ns)
