"""Decide at once, and not with the next refresh, when the market leaves where it was quoted.

Two alarms: mid has moved since the last decision by what the jump brake calls a jump, or one market
order has reached `sweep_sigmas` reference volatilities of a second beyond mid. The decision that
follows finds the brake on, so that what rests is cancelled with this batch.
"""

from connectors.model.kernel import kernel
from strategies.desk import Desk
from strategies.signals.sweeps import reach_bps

LEAST_JUMP_HALF_TICKS = 4
"""A mid that moves by two ticks or less has not jumped, however coarse the tick."""


@kernel
def look_for_sweep(desk: Desk, now_ns: int) -> None:
    """Note the moment of a market order that reaches too far; one under way counts as it grows."""
    under_way = desk.senses.sweeps
    if under_way.last_ns != now_ns or under_way.open_lots == 0:
        return
    most_bps = desk.params.senses.sweep_sigmas * desk.signals.sigma_reference_bps
    if not reach_bps(under_way) <= most_bps:
        desk.senses.swept_ns = now_ns


@kernel
def is_alarmed(desk: Desk) -> bool:
    """Tell whether the market has moved too far since the last decision to wait for the next."""
    if desk.senses.swept_ns > desk.decided_ns:
        return True
    sigmas = desk.params.jump_span
    if sigmas <= 0.0 or not desk.signals.sound or desk.decided_half_ticks == 0:
        return False
    mid = desk.signals.mid_half_ticks
    move = abs(mid - desk.decided_half_ticks)
    if move <= LEAST_JUMP_HALF_TICKS:
        return False
    return not move * 1e4 <= sigmas * desk.signals.sigma_reference_bps * mid
