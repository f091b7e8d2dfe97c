"""Hold what the synthetic market knows: parameters, hidden price and displayed levels."""

from typing import Annotated, Protocol

from connectors.model.kernel import Ints, state
from connectors.sim.random import Random

LEVELS = 20
"""Displayed levels a side."""
MESSAGE_ROWS = 128
"""Room that one message needs at most in the caller's columns."""


class RowColumn(Protocol):
    """A column of integers that rows are written into: a list or a numpy array."""

    def __getitem__(self, index: int, /) -> int: ...
    def __setitem__(self, index: int, value: int, /) -> None: ...


@state
class FlowParams:
    """Parameters of a market, described in `connectors.sim.flow_market.FlowMarket`."""

    sigma_bps_per_sqrt_s: float
    news_variance_frac: float
    news_per_s: float
    news_orders: float
    news_s: float
    reach_frac_min: float
    reach_frac_max: float
    taker_per_s: float
    informed_frac: float
    child_orders: float
    excitation_s: float
    activity_sd: float
    activity_s: float
    depth_per_s: float
    requote_frac: float
    follow_up_ms: float
    lean_gain: float
    lean_noise_sd: float
    lean_noise_s: float
    taker_lean: float
    depth_bps: float
    touch_lots: float
    level_lots: float
    taker_lots: float


@state
class Flow:
    """One synthetic market. `next_ns` is the stamp of the message that `next_message` will write.

    Level `j` of side ``s`` (BID or ASK, 0 is the touch) is at index ``s * LEVELS + j``.
    """

    params: FlowParams
    random: Random
    now_ns: int
    next_ns: int
    efficient_ticks: float
    activity_drift: float
    activity: float
    excited_per_s: float
    follower_per_s: float
    lean_noise: float
    base_taker_per_s: float
    diffusion_bps_per_sqrt_s: float
    news_bps: float
    usual_stale_bps: float
    total_per_s: float
    touch_total_lots: float
    following_up: bool
    follow_up_bid_ticks: int
    ticks: Annotated[Ints, 2 * LEVELS]
    lots: Annotated[Ints, 2 * LEVELS]
    old_ticks: Annotated[Ints, LEVELS]
    old_lots: Annotated[Ints, LEVELS]
    offset_ticks: Annotated[Ints, LEVELS]
    step_ticks: Annotated[Ints, LEVELS]
    highest_ticks: float
    lowest_ticks: float
