"""Stop adding to a position that is large, until it is clearly smaller."""

from connectors.model.kernel import kernel
from strategies import reasons as why
from strategies.desk import Desk
from strategies.gates.effect import pull


@kernel
def look(desk: Desk, side: int, heavy: float) -> None:
    """Pull the side while it is `heavy`, from over `max_frac` of the limit to `release_frac`."""
    knobs = desk.params.gates.guard
    if heavy > knobs.max_frac:
        desk.gates.heavy[side] = 1
    elif heavy <= knobs.release_frac:
        desk.gates.heavy[side] = 0
    if desk.gates.heavy[side]:
        pull(desk.quotes, side, why.HEAVY)
