"""Step the heavy side back and down as inventory climbs towards its limit.

The rung that counts is the highest whose `at_frac` is reached. Offsets are in U, in ticks, or both
(the larger counts), so that one ladder fits coarse and fine ticks.
"""

from connectors.model.kernel import kernel
from strategies import reasons as why
from strategies.desk import Desk
from strategies.gates.effect import shrink, widen
from strategies.gates.knobs import RUNGS
from strategies.units import tick_bps, unit_bps


@kernel
def look(desk: Desk, side: int, heavy: float) -> None:
    """Widen and shrink the side by the rung that its inventory, so `heavy`, has reached."""
    knobs = desk.params.gates.ladder
    rung = -1
    for k in range(RUNGS):
        if heavy >= knobs.at_frac[k]:
            rung = k
    if rung < 0:
        return
    in_units = knobs.wider_units[rung] * unit_bps(desk.params, desk.signals)
    in_ticks = knobs.wider_ticks[rung] * tick_bps(desk.signals)
    widen(desk.quotes, side, in_units if in_units > in_ticks else in_ticks, why.LADDER)
    shrink(desk.quotes, side, knobs.size_frac[rung], why.LADDER)
