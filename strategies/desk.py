"""Hold everything that one market's decisions read and write.

A `Desk` is the whole memory of a strategy: what it was told (`params`), what it saw (`book`,
`volatility`, `signals`), what it holds (`orders`) and what it wants (`quotes`). Nothing else is
kept anywhere, so a desk and the rows it consumes determine every decision.
"""

from typing import Annotated

from connectors.model.book import Book
from connectors.model.kernel import Floats, Ints, state
from connectors.model.orders import LEVELS, SLOTS, Orders
from strategies.gates.knobs import GateKnobs
from strategies.gates.memory import GateMemory
from strategies.hedge_reasons import HEDGE_REASONS
from strategies.hedge_state import HEDGES, Exposure, HedgeKnobs, Hedging
from strategies.holding import Holding
from strategies.liquidation_state import Liquidation, LiquidationGuard, LiquidationKnobs
from strategies.pricing.solved import Solved
from strategies.pricing.value import ValueFunction
from strategies.ramp import Ramp, RampKnobs
from strategies.reasons import REASONS
from strategies.scheduled import Scheduled
from strategies.senses import SenseKnobs, Senses
from strategies.signals.smoothing import Smoothing
from strategies.signals.uptime import Uptime
from strategies.signals.window import Window
from strategies.trades import Trades

FLIPS = 32
"""Flip times remembered."""


ASKED = 6
"""Gates remembered of each side that asked for width or for a smaller size."""

OWN = 16
"""Numbers that a strategy from another package may keep in `Params.own`."""


@state
class Reference:
    """How the fair value is made (`on` unless it is mid alone), with caps of each part and all."""

    on: bool
    price: int
    imbalance_bps: float
    imbalance_cap_bps: float
    flow_bps: float
    flow_cap_bps: float
    lead_cap_bps: float
    most_bps: float


@state
class LearningKnobs:
    """How often kappa and the arrival rate are fitted anew (0: never), and how far they may go."""

    every_ns: int
    most_step_frac: float
    most_factor: float
    most_age_ns: int
    least_kappa: float
    most_kappa: float


@state
class Learning:
    """What was configured, and the fits since. `status` is of the last one.

    What was told from outside is remembered in millionths, so that it is taken up once.
    """

    begun: bool
    kappa: float
    intensity_per_s: float
    tried_ns: int
    accepted_ns: int
    accepted: int
    refused: int
    status: int
    told_kappa_micro: int
    told_intensity_micro: int


@state
class Params:
    """Strategy settings of one market in the units of the kernels."""

    model: int
    form: int
    gamma: float
    kappa: float
    intensity_per_s: float
    unit_horizon_s: float
    unit_bps: float
    risk_horizon_s: float
    session_ns: int
    session_start_ns: int
    session_rolls: bool
    min_time_left_frac: float
    skew: int
    skew_at_limit_half_spreads: float
    method: int
    execution_gamma: float
    drift_bps_per_s: float
    impact_bps: float
    running_penalty_bps_per_s: float
    terminal_penalty_bps: float
    value_refresh_ns: int
    value_tolerance_frac: float
    adverse_bps: float
    adverse_frac_of_unit: float
    min_spread_bps: float
    max_spread_bps: float
    min_edge_bps: float
    maker_fee_bps: float
    taker_fee_bps: float
    levels: int
    level_step_bps: float
    level_size_frac: float
    size_skew_frac: float
    order_lots: int
    min_lots: int
    min_notional_tick_lots: float
    digits_end: int
    whole_ticks: int
    min_position_lots: int
    max_position_lots: int
    target_base_frac: float
    is_spot: bool
    only_leads: bool
    tolerance_bps: float
    scarce_tolerance_bps: float
    refresh_ns: int
    fill_lockout_ns: int
    place_lockout_ns: int
    reject_lockout_ns: int
    slots_per_level: int
    amends: bool
    estimator: int
    smoothing_tau_s: float
    live_tau_s: float
    reference_tau_s: float
    sample_ns: int
    prior_bps: float
    floor_bps: float
    warmup_s: float
    max_ratio: float
    jump_span: float
    own: Annotated[Floats, OWN]
    gates: GateKnobs
    senses: SenseKnobs
    reference: Reference
    ramp: RampKnobs
    learning: LearningKnobs
    hedge: HedgeKnobs
    liquidation: LiquidationKnobs


@state
class Volatility:
    """Two variances of log mid per second, from one sampling: `num` over `den`.

    `before` is the size of the last return, over `before_s` seconds (0: none yet).
    """

    last_ns: int
    last_mid_ticks: float
    seen_s: float
    live_num: float
    live_den: float
    reference_num: float
    reference_den: float
    before: float
    before_s: float
    smoothing: Smoothing
    window: Window


@state
class Signals:
    """What the last batch says. `sound` is false while there is nothing to price from.

    `seen_ns` is the stamp of the last batch with market rows.
    """

    sound: bool
    seen_ns: int
    mid_half_ticks: int
    mid_ticks: float
    imbalance: float
    sigma_live_bps: float
    sigma_reference_bps: float
    prior_in_use: bool
    lean: int
    flips: int
    flip_ns: Annotated[Ints, FLIPS]


@state
class Quotes:
    """What is wanted, by side and level (index ``side * LEVELS + level``; 0 lots: nothing).

    `reservation_bps` is from mid: the fair value (made of its parts) and the shift by inventory.
    `half_spread_bps` is the model's half, its adverse part, and what bounds made of both.

    `hedge_reasons` are of both sides, in the words of `strategies.hedge_reasons`.

    By side, what gates did, where there are any: the reasons for which they pulled it, how much
    wider they made it, and which share of a full size they left. `asked` counts those that asked
    for width or a smaller size; what each asked for stands at ``side * ASKED + k``, by its reason.

    `take_lots` are wanted at once from the other side of the book, at `take_ticks` or better (above
    0: bought, under 0: sold, 0: none). After that order both sides stay away for `take_pause_ns`.
    """

    ticks: Annotated[Ints, 2 * LEVELS]
    lots: Annotated[Ints, 2 * LEVELS]
    reasons: Annotated[Ints, 2]
    hedge_reasons: int
    reservation_bps: float
    half_spread_bps: float
    model_half_bps: float
    adverse_bps: float
    skew_bps: float
    fair_bps: float
    fair_price_bps: float
    fair_imbalance_bps: float
    fair_flow_bps: float
    fair_lead_bps: float
    inventory_clips: float
    target_lots: float
    pulled: Annotated[Ints, 2]
    wider_bps: Annotated[Floats, 2]
    size_frac: Annotated[Floats, 2]
    asked: Annotated[Ints, 2]
    asked_reason: Annotated[Ints, 2 * ASKED]
    asked_bps: Annotated[Floats, 2 * ASKED]
    asked_frac: Annotated[Floats, 2 * ASKED]
    take_lots: int
    take_ticks: int
    take_pause_ns: int
    take_reasons: int
    solved: Solved


@state
class Tally:
    """How long each reason has held, in ns (index ``side * REASONS + bit``), and what was done.

    `uptime` is of orders that rest at the venue. Each of the `hedges` is an exposure that an order
    has answered; how long the last of them waited for it stands in `hedge_wait_ns`, in turn.
    """

    since_ns: int
    masks: Annotated[Ints, 2]
    reason_ns: Annotated[Ints, 2 * REASONS]
    hedge_mask: int
    hedge_reason_ns: Annotated[Ints, HEDGE_REASONS]
    hedges: int
    hedge_wait_ns: Annotated[Ints, HEDGES]
    events: int
    decisions: int
    places: int
    takes: int
    cancels: int
    amends: int
    refused: int
    rejected: int
    uptime: Uptime


@state
class Desk:
    """One market's whole strategy state.

    A person has it stand still while `is_paused`. `held` are the reasons, given from outside, for
    which nothing is wanted for now. `scarcity` says
    how scarce new orders are: 0 plenty, SCARCE all but spent, more than that: none is placed.
    """

    params: Params
    signals: Signals
    volatility: Volatility
    value: ValueFunction
    quotes: Quotes
    orders: Orders
    tally: Tally
    trades: Trades
    holding: Holding
    senses: Senses
    gates: GateMemory
    ramp: Ramp
    learning: Learning
    scheduled: Scheduled
    exposure: Exposure
    hedging: Hedging
    liquidation: Liquidation
    guard: LiquidationGuard
    plan: Annotated[Ints, SLOTS]
    decided_ns: int
    decided_half_ticks: int
    stopping: bool
    is_paused: bool
    held: int
    scarcity: int
    book: Book
