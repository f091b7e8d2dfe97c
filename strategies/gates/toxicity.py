"""Say how toxic the flow against a side is, from 0 to 1, and stand back from it.

Market orders that excite more of their kind are informed ones, or run from them. The score of the
orders that would fill a side (how many deviations above its usual rate: `signals.hawkes`) is taken
linearly from `calm` (0) to `toxic` (1).
"""

from connectors.model.kernel import kernel
from strategies import reasons as why
from strategies.desk import Desk
from strategies.gates.effect import widen
from strategies.signals import hawkes
from strategies.units import unit_bps

UNKNOWN = 1.0
"""What is not known is taken for the worst."""


@kernel
def toxicity_of(desk: Desk, side: int) -> float:
    """Return the toxicity of the flow that fills `side`."""
    knobs = desk.params.gates.toxicity
    if not knobs.on or not hawkes.is_ready(desk.senses.hawkes):
        return UNKNOWN
    above = hawkes.score_when_ready(desk.senses.hawkes, 1 - side) - knobs.calm
    if not above > 0.0:
        return 0.0 if above <= 0.0 else UNKNOWN
    share = above / (knobs.toxic - knobs.calm)
    return share if share < 1.0 else 1.0


@kernel
def look(desk: Desk, side: int, toxicity: float) -> None:
    """Widen the side by the toxicity's share of `wider_units` of U."""
    units = desk.params.gates.toxicity.wider_units * toxicity
    if units > 0.0:
        widen(desk.quotes, side, units * unit_bps(desk.params, desk.signals), why.TOXIC_FLOW)
