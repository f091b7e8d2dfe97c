"""Bring dimensionless knobs, seconds, bps and clips together, here and nowhere else.

`gamma` and `kappa` mean the same on every market because prices are measured in one market-specific
scale U = sigma_ref * sqrt(h), in bps of mid, and inventory in clips (order sizes).
"""

import math

from connectors.model.events import BUY
from connectors.model.kernel import kernel
from strategies.desk import Params, Signals

BPS = 1e-4
"""One basis point as a fraction."""


@kernel
def unit_bps(params: Params, signals: Signals) -> float:
    """Return U [bps]: the configured unit, or sigma_ref [bps/sqrt(s)] * sqrt(unit_horizon_s)."""
    if params.unit_bps > 0.0:
        return params.unit_bps
    return signals.sigma_reference_bps * math.sqrt(params.unit_horizon_s)


@kernel
def volatility_ratio(params: Params, signals: Signals) -> float:
    """Return rho = sigma_live / sigma_ref, capped to [1/max_ratio, max_ratio]."""
    rho = signals.sigma_live_bps / signals.sigma_reference_bps
    least = 1.0 / params.max_ratio
    if rho < least:
        rho = least
    return params.max_ratio if rho > params.max_ratio else rho


@kernel
def nameable_ticks(params: Params, side: int, ticks: int) -> int:
    """Return the nearest tick whose price an order may name: of a buy at or below, of a sell at
    or above. Where only so many digits of a price may count, unless it is whole, steps grow with
    it."""
    step = 1
    if params.digits_end > 0:
        while ticks >= step * params.digits_end and step < params.whole_ticks:
            step *= 10
    if step == 1:
        return ticks
    if side == BUY:
        return ticks // step * step
    return -(-ticks // step) * step


@kernel
def price_ticks(mid_ticks: float, offset_bps: float) -> float:
    """Return the price, in ticks and not yet rounded, at an offset from mid."""
    return mid_ticks * (1.0 + offset_bps * BPS)


@kernel
def tick_bps(signals: Signals) -> float:
    """Return one tick in bps of mid."""
    return 1.0 / (BPS * signals.mid_ticks)
