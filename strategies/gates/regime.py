"""Quote in ranges and stay out of trends, by the ADX of mid bars, with hysteresis.

Until the ADX has forgotten its seed (a hundred bars) it says nothing, and the gate is open.
"""

from connectors.model.kernel import kernel
from strategies import reasons as why
from strategies.desk import Desk
from strategies.gates.effect import pull_both
from strategies.signals import adx


@kernel
def look(desk: Desk) -> None:
    """Pull both sides from an ADX of `most` until it is under `release`."""
    knobs = desk.params.gates.regime
    value = desk.senses.adx.value
    if not adx.is_ready(desk.senses.adx):
        desk.gates.trending = False
    elif value >= knobs.most:
        desk.gates.trending = True
    elif value < knobs.release:
        desk.gates.trending = False
    if desk.gates.trending:
        pull_both(desk.quotes, why.TRENDING)
