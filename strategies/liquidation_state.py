"""Hold how near a position may come to its liquidation, what was told of that, and what is done.

Prices are in half ticks. The *buffer* is the way from the price at which a position is as safe as
its margin makes it (where it was entered, or where a venue says it is) to its liquidation price; 1
is all of it.
"""

from connectors.model.kernel import state

FAR = 0
WARNED = 1
"""A person is told, and nothing else changes."""
REDUCING = 2
"""Nothing is wanted that would make the position larger."""
URGENT = 3
"""Nothing is quoted; the position is taken down step by step."""


@state
class LiquidationKnobs:
    """At which share of the buffer, and within how many sigmas of a minute, each stage begins.

    A stage ends once both are `release_frac` better than where it began. A step takes `step_frac`
    of the position as it was at first; for `pause_ns` after the last moment of URGENT nothing is
    added. `initial_frac` (0: not known) and `maintenance_frac` are what our own reckoning takes an
    isolated position to be margined with, where the venue tells no price, or one that is older
    than `most_age_ns`.
    """

    on: bool
    warn_frac: float
    reduce_frac: float
    urgent_frac: float
    warn_sigmas: float
    reduce_sigmas: float
    urgent_sigmas: float
    release_frac: float
    step_frac: float
    step_ns: int
    pause_ns: int
    slippage_bps: float
    most_age_ns: int
    initial_frac: float
    maintenance_frac: float


@state
class Liquidation:
    """What was told from outside (`told_ns` 0: never), of a position of `lots`.

    `known`: with a price at which it is liquidated; at `full_half_ticks` the buffer is whole.
    `mark_half_ticks` is 0 where the venue told none.
    """

    told_ns: int
    known: bool
    lots: int
    price_half_ticks: int
    full_half_ticks: int
    mark_half_ticks: int


@state
class LiquidationGuard:
    """The stage that holds, whether it is for a price that is not known, and what is left.

    `until_ns`: up to when nothing is added, after a position was saved. `from_lots` is how large
    the position was that is taken down (0: none is).
    """

    stage: int
    is_blind: bool
    until_ns: int
    from_lots: int
    buffer_frac: float
    sigmas: float
