"""Take one number that a person has given a running market: the same call live and in replay.

A number is a field of the market's parameters or limits, or its pause. It reaches the market
between two batches, as a STEERED row of its journal, so a replay sets the same fields at the same
place. What is not in `STEERED` cannot be changed while a market runs.
"""

from collections.abc import Mapping
from types import MappingProxyType

from connectors.model.kernel import kernel
from runner.engine.risk import Limits
from strategies.desk import Desk, Params
from strategies.gates.effect import begin
from strategies.quoting import renew

PAUSED = 0
"""Above 0: nothing is quoted until it is set back."""
REALS = (
    "params.gamma",
    "params.kappa",
    "params.intensity_per_s",
    "params.unit_horizon_s",
    "params.unit_bps",
    "params.risk_horizon_s",
    "params.skew_at_limit_half_spreads",
    "params.execution_gamma",
    "params.running_penalty_bps_per_s",
    "params.terminal_penalty_bps",
    "params.adverse_bps",
    "params.adverse_frac_of_unit",
    "params.min_spread_bps",
    "params.max_spread_bps",
    "params.min_edge_bps",
    "params.level_step_bps",
    "params.level_size_frac",
    "params.size_skew_frac",
    "params.tolerance_bps",
    "limits.collar_bps",
    "limits.rate_per_s",
    "limits.burst",
)
WHOLES = (
    "params.levels",
    "params.refresh_ns",
    "params.order_lots",
    "params.max_position_lots",
    "params.min_position_lots",
    "params.gates.most_take_lots",
    "limits.max_position_lots",
    "limits.min_position_lots",
    "limits.max_order_lots",
    "limits.brakes.fills_per_min",
    "limits.brakes.day_notional_tick_lots",
    "limits.brakes.day_loss_half_tick_lots",
    "limits.brakes.drawdown_half_tick_lots",
)
FIRST_REAL = 1
FIRST_WHOLE = 101
"""Numbers of the first field of each kind; a row has the value of its own kind."""

STEERED: Mapping[str, int] = MappingProxyType(
    {name: FIRST_REAL + k for k, name in enumerate(REALS)}
    | {name: FIRST_WHOLE + k for k, name in enumerate(WHOLES)}
)
"""Every field that can be steered, with its number."""


@kernel
def steer(desk: Desk, limits: Limits, number: int, whole: int, real: float) -> None:
    """Set one field, and decide with the next batch; a number that is not known is passed over."""
    if number == PAUSED:
        desk.is_paused = whole > 0
        begin(desk.quotes)
        desk.orders.changed = True
        return
    if number >= FIRST_WHOLE:
        _set_size(desk.params, limits, number - FIRST_WHOLE, whole)
        _set_limit(limits, number - FIRST_WHOLE, whole)
    else:
        _set_model(desk, number - FIRST_REAL, real)
        _set_width(desk.params, number - FIRST_REAL, real)
        _set_pace(limits, number - FIRST_REAL, real)
    renew(desk)


@kernel
def _set_model(desk: Desk, field: int, real: float) -> None:
    params = desk.params
    if field == 0:
        params.gamma = real
    elif field == 1:
        params.kappa = real
        desk.learning.kappa = real
    elif field == 2:
        params.intensity_per_s = real
        desk.learning.intensity_per_s = real
    elif field == 3:
        params.unit_horizon_s = real
    elif field == 4:
        params.unit_bps = real
    elif field == 5:
        params.risk_horizon_s = real
    elif field == 6:
        params.skew_at_limit_half_spreads = real
    elif field == 7:
        params.execution_gamma = real
    elif field == 8:
        params.running_penalty_bps_per_s = real
    elif field == 9:
        params.terminal_penalty_bps = real


@kernel
def _set_width(params: Params, field: int, real: float) -> None:
    if field == 10:
        params.adverse_bps = real
    elif field == 11:
        params.adverse_frac_of_unit = real
    elif field == 12:
        params.min_spread_bps = real
    elif field == 13:
        params.max_spread_bps = real
    elif field == 14:
        params.min_edge_bps = real
    elif field == 15:
        params.level_step_bps = real
    elif field == 16:
        params.level_size_frac = real
    elif field == 17:
        params.size_skew_frac = real
    elif field == 18:
        params.tolerance_bps = real


@kernel
def _set_pace(limits: Limits, field: int, real: float) -> None:
    if field == 19:
        limits.collar_bps = real
    elif field == 20:
        limits.rate_per_s = real
    elif field == 21:
        limits.burst = real


@kernel
def _set_size(params: Params, limits: Limits, field: int, whole: int) -> None:
    if field == 0:
        params.levels = whole
    elif field == 1:
        params.refresh_ns = whole
    elif field == 2:
        params.order_lots = whole
    elif field == 3:
        params.max_position_lots = whole
    elif field == 4:
        params.min_position_lots = whole
    elif field == 5:
        params.gates.most_take_lots = whole
    elif field == 6:
        limits.max_position_lots = whole
    elif field == 7:
        limits.min_position_lots = whole
    elif field == 8:
        limits.max_order_lots = whole


@kernel
def _set_limit(limits: Limits, field: int, whole: int) -> None:
    if field == 9:
        limits.brakes.fills_per_min = whole
    elif field == 10:
        limits.brakes.day_notional_tick_lots = whole
    elif field == 11:
        limits.brakes.day_loss_half_tick_lots = whole
    elif field == 12:
        limits.brakes.drawdown_half_tick_lots = whole
