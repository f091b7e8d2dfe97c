"""Hold what a market that hedges is told, and what it remembers.

Markets that are hedged in one place have different lots. Exposure is therefore counted in *grains*,
the largest size of which every lot, times its hedge ratio, is a whole number: nothing is rounded.
"""

from connectors.model.kernel import state

HEDGES = 512
"""Waits remembered, from an exposure to its first order."""


@state
class HedgeKnobs:
    """How a market hedges others (`on`). A lot of its own is `lot_grains`.

    `most_unhedged_half_tick_grains` is the budget of what may be unhedged, in half ticks of this
    market times grains (0: none).
    """

    on: bool
    lot_grains: int
    band_grains: int
    patience_ns: int
    force_after_ns: int
    retry_ns: int
    slippage_bps: float
    forced_slippage_bps: float
    most_unhedged_half_tick_grains: int


@state
class Exposure:
    """What was told from outside. In a market that hedges: the `grains` that others hold, and
    whether all of it is `known`. In one that is hedged: whether too much `is_unhedged`."""

    known: bool
    grains: int
    told_ns: int
    is_unhedged: bool


@state
class Hedging:
    """Since when the net exposure has been beyond its band (0: it is not), and on which side.

    `is_answered`: an order has left for it.
    """

    since_ns: int
    is_long: bool
    is_answered: bool
