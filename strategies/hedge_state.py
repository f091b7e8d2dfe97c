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
    """What was told from outside. In a market that hedges: the `grains` that others hold, whether
    all of it is `known`, whether it `is_part` of what others hedge too, who keep the band, and
    whether one `is_waiting` for what it has open, without which the net exposure were beyond it.
    In one that is hedged: whether too much `is_unhedged`."""

    known: bool
    is_part: bool
    is_waiting: bool
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


@state
class Part:
    """One market's part in what a group of them hedges.

    It `is_shared` where it goes to `target_grains` for the group, and `is_spent` where it was tried
    since the net exposure went beyond the band and did not do it. It is to hear `told_grains`
    and `told_code`. The rest is of a plan that is being made.
    """

    target_grains: int
    told_grains: int
    told_code: int
    is_shared: bool
    is_spent: bool
    is_candidate: bool
    is_left_out: bool
    most_lots: int
    closing_lots: int


@state
class HedgeGroup:
    """What a group of markets that hedge together remembers.

    `way` is how places are compared. The `anchor`, counted from one, has the band, and takes what
    no other has. `planned_ns` is when the exposure was shared out last (0: it is inside the band).
    """

    way: int
    anchor: int
    planned_ns: int
    is_long: bool
    known: bool
    grains: int
