"""Hold what each gate was told: its switch and its numbers, in the units of the kernels."""

from typing import Annotated

from connectors.model.kernel import Floats, Ints, state

RUNGS = 4
"""Steps of the inventory ladder."""
WINDOWS = 16
"""Most windows of quoting hours."""


@state
class Economics:
    """Cover `maker_fee_bps + adverse_bps + min_edge_bps / 2` on a side that adds to inventory."""

    on: bool
    adverse_bps: float
    min_edge_bps: float


@state
class Cooldown:
    """Pause a filled side for the least time, or longer by toxicity up to the most."""

    on: bool
    least_ns: int
    most_ns: int


@state
class SideFills:
    """Pause a side that was filled `most` times within the window."""

    on: bool
    most: int
    window_ns: int
    pause_ns: int


@state
class Ladder:
    """Shrink and widen the heavy side by rungs of |position| / limit; offsets in U and in ticks."""

    on: bool
    at_frac: Annotated[Floats, RUNGS]
    size_frac: Annotated[Floats, RUNGS]
    wider_units: Annotated[Floats, RUNGS]
    wider_ticks: Annotated[Floats, RUNGS]


@state
class FlipRate:
    """Pull both sides after `most` flips within the flip window, for the pause."""

    on: bool
    most: int
    pause_ns: int


@state
class Guard:
    """Pull the heavy side over `max_frac` of the limit, until under `release_frac`."""

    on: bool
    max_frac: float
    release_frac: float


@state
class BookSpread:
    """Pull both sides while the book's own spread is out of these bounds (`most_bps` 0: none)."""

    on: bool
    least_bps: float
    most_bps: float


@state
class NetLoss:
    """Pull both sides for good once the net result per volume is this bad beyond chance."""

    on: bool
    floor_bps: float
    errors: float
    min_volume_tick_lots: float


@state
class FundingPause:
    """Pull both sides around each funding timestamp, a multiple of `every_ns` since the epoch."""

    on: bool
    every_ns: int
    before_ns: int
    after_ns: int


@state
class Hours:
    """Quote only inside these windows: minutes of the week from Monday 00:00 UTC, end excluded."""

    on: bool
    count: int
    first_min: Annotated[Ints, WINDOWS]
    until_min: Annotated[Ints, WINDOWS]


@state
class Toxicity:
    """Follow the excitement of market orders: 0 at a score of `calm`, 1 at `toxic`."""

    on: bool
    calm: float
    toxic: float
    wider_units: float


@state
class Regime:
    """Pull both sides from an ADX of `most` until it is under `release`."""

    on: bool
    most: float
    release: float


@state
class BadFills:
    """Pause a side whose markouts are bad by a rule, then probe it."""

    on: bool
    rule: int
    threshold_units: float
    t: float
    min_fills: int
    median_bps: float
    pause_ns: int
    probe_frac: float
    probe_fills: int
    release_units: float


@state
class Leave:
    """How a position is taken out: which share at once, and how far beyond the touch at most.

    `retry_ns` lie between two takes at least; both sides stay away for `pause_ns` after one.
    """

    share_frac: float
    slippage_bps: float
    retry_ns: int
    pause_ns: int


@state
class StopLoss:
    """Leave a position that is so far under its entry, at mid."""

    on: bool
    loss_bps: float
    leave: Leave


@state
class TakeProfit:
    """Leave a position that is so far over its entry, at the touch, until it no longer is."""

    on: bool
    profit_bps: float
    release_bps: float
    leave: Leave


@state
class Timeout:
    """Leave a position that has been open for so long."""

    on: bool
    after_ns: int
    leave: Leave


@state
class AgeExit:
    """Leave part of an old position that lost, when it is expected to lose more than taking costs.

    What it has lost is in U and in ticks; both have to be reached.
    """

    on: bool
    after_ns: int
    loss_units: float
    loss_ticks: float
    leave: Leave


@state
class GateKnobs:
    """Every gate of one market. `on` is whether any is, `leaves` whether one of the last four, and
    `scheduled` whether the schedule may ask for pauses and moves.

    `most_take_lots` is the largest order that may take.
    """

    on: bool
    leaves: bool
    scheduled: bool
    most_take_lots: int
    hours: Hours
    funding: FundingPause
    book_spread: BookSpread
    flip_rate: FlipRate
    regime: Regime
    net_loss: NetLoss
    guard: Guard
    side_fills: SideFills
    toxicity: Toxicity
    cooldown: Cooldown
    bad_fills: BadFills
    ladder: Ladder
    economics: Economics
    stop_loss: StopLoss
    take_profit: TakeProfit
    timeout: Timeout
    age_exit: AgeExit
