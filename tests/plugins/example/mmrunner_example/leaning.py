"""Price at a fixed half spread around a mid that leans with the queues at the touch.

reservation = lean * imbalance - q * skew, skew = gamma * half spread, all in bps, q in clips.
"""

from collections.abc import Sequence
from typing import Annotated

from connectors.model.kernel import kernel
from runner.settings import Quoting
from runner.settings.fields import Real
from strategies.desk import Params, Quotes, Signals

HALF_SPREAD = 0
LEAN = 1
"""Places in `params.own`."""


class Settings(Quoting):
    """Everything that a quoting strategy has, and two keys more."""

    half_spread_bps: Annotated[float, Real(0, 100, above=True)]
    lean_bps: Annotated[float, Real(0, 100)]


def own(settings: Settings) -> Sequence[float]:
    """Return the numbers that `price` finds in `params.own`."""
    return settings.half_spread_bps, settings.lean_bps


@kernel
def price(params: Params, signals: Signals, quotes: Quotes, now_ns: int) -> None:
    """Write reservation offset, half spread and skew [bps] for `quotes.inventory_clips`."""
    half = params.own[HALF_SPREAD]
    skew = params.gamma * half
    quotes.half_spread_bps = half
    quotes.skew_bps = skew
    quotes.reservation_bps = params.own[LEAN] * signals.imbalance - quotes.inventory_clips * skew
