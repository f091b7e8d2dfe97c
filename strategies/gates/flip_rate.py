"""Pull while the weighted mid keeps crossing mid: nobody knows the next tick, so neither do we.

A crossing counts from an amplitude that `strategies.signals.imbalance` names.
"""

from connectors.model.kernel import kernel
from strategies import reasons as why
from strategies.desk import FLIPS, Desk
from strategies.gates.effect import pull_both
from strategies.signals.imbalance import FLIP_WINDOW_NS


@kernel
def look(desk: Desk, now_ns: int) -> None:
    """Pull both sides until a pause after the last decision with too many flips in its window."""
    knobs = desk.params.gates.flip_rate
    signals = desk.signals
    if signals.flips >= knobs.most and 0 < knobs.most <= FLIPS:
        if now_ns - signals.flip_ns[(signals.flips - knobs.most) % FLIPS] <= FLIP_WINDOW_NS:
            desk.gates.flips_until_ns = now_ns + knobs.pause_ns
    if now_ns < desk.gates.flips_until_ns:
        pull_both(desk.quotes, why.FLIPPING)
