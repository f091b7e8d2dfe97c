"""Pause a side after its fill, the longer the more toxic the flow: the next one knows more."""

from connectors.model.kernel import kernel
from strategies import reasons as why
from strategies.desk import Desk
from strategies.gates.effect import pull


@kernel
def look(desk: Desk, side: int, toxicity: float, now_ns: int) -> None:
    """Pull the side until `least + toxicity * (most - least)` after its last fill.

    `toxicity` is within [0, 1]; one that is not a number counts as 1.
    """
    elapsed_ns = now_ns - desk.orders.last_fill_ns[side]
    knobs = desk.params.gates.cooldown
    if elapsed_ns >= knobs.most_ns:
        return
    share = 1.0
    if toxicity < 1.0:
        share = toxicity if toxicity > 0.0 else 0.0
    if elapsed_ns < knobs.least_ns + share * (knobs.most_ns - knobs.least_ns):
        pull(desk.quotes, side, why.COOLDOWN)
