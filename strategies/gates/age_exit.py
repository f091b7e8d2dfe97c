"""Leave part of an old position that has lost, if staying is expected to cost more than leaving.

The drift that is expected is that of the fair value, plus what the model was told of drift over the
risk horizon. Taking costs the taker fee and the way from mid to the touch. Most old positions are
under their entry, and leaving them all pays the spread for nothing: a loss alone is no reason.
"""

from connectors.model.events import BUY, SELL
from connectors.model.kernel import kernel
from strategies import reasons as why
from strategies.desk import Desk
from strategies.gates.leaving import leave, touch_ticks
from strategies.holding import result_bps
from strategies.units import tick_bps, unit_bps


@kernel
def look(desk: Desk, now_ns: int) -> None:
    """Leave a share once age, loss and expected drift are all there."""
    knobs = desk.params.gates.age_exit
    if now_ns - desk.holding.since_ns < knobs.after_ns:
        return
    in_units = knobs.loss_units * unit_bps(desk.params, desk.signals)
    in_ticks = knobs.loss_ticks * tick_bps(desk.signals)
    loss_bps = -result_bps(desk.holding, desk.signals.mid_ticks)
    if loss_bps >= in_units and loss_bps >= in_ticks:
        if adverse_drift_bps(desk) > taking_cost_bps(desk):
            leave(desk, knobs.leave, why.AGE_EXIT, now_ns)


@kernel
def adverse_drift_bps(desk: Desk) -> float:
    """Return how far mid is expected to move against the position."""
    params = desk.params
    drift_bps = params.drift_bps_per_s * params.risk_horizon_s
    if params.reference.on:
        drift_bps += desk.quotes.fair_bps
    return -drift_bps if desk.holding.lots > 0 else drift_bps


@kernel
def taking_cost_bps(desk: Desk) -> float:
    """Return what it costs to take at the touch, against mid."""
    side = SELL if desk.holding.lots > 0 else BUY
    away_ticks = abs(touch_ticks(desk, side) - desk.signals.mid_ticks)
    return desk.params.taker_fee_bps + away_ticks * tick_bps(desk.signals)
