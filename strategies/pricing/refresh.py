"""Keep the value function of a market up to date with what it depends on.

It is solved anew when a term has moved by more than a tolerance, at most once in a while, and in
slices: no decision pays for more than one. Until the first is ready the closed form stands in, and
for good where the horizon would take too many.
The value function is part of the desk, so that a session replays to the same bits.
"""

import math

from connectors.model.kernel import kernel
from strategies.desk import Params
from strategies.pricing.evolve import begin, go_on
from strategies.pricing.ground import solve_ground
from strategies.pricing.value import EMPTY, SOLVED, UNDER_WAY, ValueFunction

FORGOTTEN = 20.0
"""Relaxation times after which the end of the horizon has no weight left (e^-20)."""


@kernel
def limit_clips(params: Params) -> int:
    """Return the position limit in clips, rounded up."""
    return (params.max_position_lots + params.order_lots - 1) // params.order_lots


@kernel
def refresh(
    params: Params,
    value: ValueFunction,
    a: float,
    e: float,
    pull: float,
    penalty: float,
    horizon: float,
    now_ns: int,
) -> None:
    """Go on with a solution under way, or begin one if the terms have moved enough."""
    if value.status == UNDER_WAY:
        go_on(value)
        value.ready = value.ready or value.status == SOLVED
        return
    if value.status != EMPTY and now_ns - value.started_ns < params.value_refresh_ns:
        return
    x = relaxed(a, e, pull, horizon)
    if value.status != EMPTY and not has_moved(params, value, a, e, pull, penalty, x):
        return
    if not math.isfinite(a + e + pull + penalty) or e <= 0.0:
        return
    value.started_ns = now_ns
    value.clips = limit_clips(params)
    value.risk = a
    value.arrivals = e
    value.pull = pull
    value.penalty = penalty
    value.horizon = x
    if x == math.inf:
        solve_ground(value)
        value.status = SOLVED
        value.ready = True
    else:
        begin(value)


@kernel
def relaxed(a: float, e: float, pull: float, horizon: float) -> float:
    """Return the horizon, or infinity when it is longer than anything remembers.

    Two bounds of the gap above the smallest eigenvalue: an oscillator's level spacing 2 sqrt(a e),
    twice that for the symmetric states which a market without drift stays in, and a - 4 e.
    """
    spacing = 2.0 * math.sqrt(a * e)
    if pull == 0.0:
        spacing = 2.0 * spacing
    return math.inf if max(0.9 * spacing, a - 4.0 * e) * horizon > FORGOTTEN else horizon


@kernel
def has_moved(
    params: Params,
    value: ValueFunction,
    a: float,
    e: float,
    pull: float,
    penalty: float,
    horizon: float,
) -> bool:
    """Tell whether any term is further than the tolerance from what was solved for."""
    if value.clips != limit_clips(params):
        return True
    share = params.value_tolerance_frac
    return (
        apart(a, value.risk, share)
        or apart(e, value.arrivals, share)
        or apart(pull, value.pull, share)
        or apart(penalty, value.penalty, share)
        or apart(horizon, value.horizon, share)
    )


@kernel
def apart(now: float, then: float, share: float) -> bool:
    """Tell whether two values differ by more than a share of the earlier one."""
    if now == then:
        return False
    return not abs(now - then) <= share * abs(then)
