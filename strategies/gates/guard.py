"""Stop adding to a position that is large, until it is clearly smaller."""

from connectors.model.kernel import kernel
from strategies import reasons as why
from strategies.desk import Desk
from strategies.gates.effect import pull
from strategies.gates.heavy import heavy_frac


@kernel
def look(desk: Desk, side: int) -> None:
    """Pull the heavy side from over `max_frac` of the limit down to `release_frac`."""
    knobs = desk.params.gates.guard
    heavy = heavy_frac(desk, side)
    if heavy > knobs.max_frac:
        desk.gates.heavy[side] = 1
    elif heavy <= knobs.release_frac:
        desk.gates.heavy[side] = 0
    if desk.gates.heavy[side]:
        pull(desk.quotes, side, why.HEAVY)
