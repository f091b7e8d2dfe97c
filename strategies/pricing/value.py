"""Hold how a solved value function falls with inventory, and read it between whole clips.

With v_q the solution of Gueant, Lehalle and Fernandez-Tapia's linear system (2013, theorem 1),
fall_q = ln(v_q / v_{q+1}). Optimal distances from mid are, in bps and for |q| <= Q clips::

    bid = liquidity + U/kappa * fall_q            ask = liquidity - U/kappa * fall_{q-1}
"""

import math
from typing import Annotated

from connectors.model.kernel import Floats, kernel, state

MOST_CLIPS = 32
"""Largest position limit, in clips, that a value function is solved for."""
FALLS = 2 * MOST_CLIPS
POINTS = 2 * MOST_CLIPS + 1

EMPTY = 0
SOLVED = 1
UNDER_WAY = 2
TOO_LONG = 3
"""Whether the value function of the terms below is known; `ready` tells whether any is."""


@state
class ValueFunction:
    """Falls of ln v for -clips <= q < clips (index q + MOST_CLIPS), and the terms they belong to.

    `risk`, `arrivals` and `horizon` are a, e and x of `pricing.terms`; `pull` is k mu h and
    `penalty` k alpha_T, both without unit. `weights` and `term` are the work of a solution under
    way, of which `horizon_left` is still to come.
    """

    ready: bool
    status: int
    started_ns: int
    clips: int
    risk: float
    arrivals: float
    pull: float
    penalty: float
    horizon: float
    horizon_left: float
    fall: Annotated[Floats, FALLS]
    weights: Annotated[Floats, POINTS]
    term: Annotated[Floats, POINTS]


@kernel
def fall_at(value: ValueFunction, clips: float) -> float:
    """Return ln(v_q / v_{q+1}) at q `clips`: linear between whole clips and beyond the limit."""
    if not math.isfinite(clips):
        return math.nan
    place = min(max(clips, -1e6), 1e6) + MOST_CLIPS
    low = int(math.floor(place))
    low = min(max(low, MOST_CLIPS - value.clips), MOST_CLIPS + value.clips - 2)
    share = place - low
    return (1.0 - share) * value.fall[low] + share * value.fall[low + 1]
