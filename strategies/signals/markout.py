"""Measure what our fills were worth 1, 5, 10 and 60 seconds later, side by side.

With s = +1 for a buy and -1 for a sell, in bps of the mid at the fill::

    effective  = s (mid_0 - price)      what the fill earned against mid
    mid-to-mid = s (mid_h - mid_0)      what the market then did to it: adverse selection
    realised   = s (mid_h - price)      the sum of both, before fees: what is kept here

The mid of a horizon is the one in force at that moment, which is known with the first batch after.
A fill waits in a queue of `PENDING`. A fill that finds it full, or no mid, is not followed and
counted in `dropped`; a horizon that passes while there is no mid is counted in `unknown`. Nothing
is guessed. Readings come from the last `rolling.LENGTH` fills of a side; ask `rolling.size` first.
"""

import math
from typing import Annotated

from connectors.model.events import BUY
from connectors.model.kernel import Floats, Ints, kernel, state
from strategies.signals import rolling
from strategies.signals.rolling import Rolling

HORIZONS_NS = (1_000_000_000, 5_000_000_000, 10_000_000_000, 60_000_000_000)
HORIZONS = 4
PENDING = 512
NEVER_NS = (1 << 63) - 1


@state
class Markouts:
    """Fills that wait and windows of what they became. Call `start` first.

    Horizon h of side s is series ``s * HORIZONS + h`` of `windows`. `due_ns` is when the next
    horizon of any waiting fill passes.
    """

    due_ns: int
    mid_ticks: float
    followed: int
    dropped: int
    settled: Annotated[Ints, HORIZONS]
    unknown: Annotated[Ints, HORIZONS]
    fill_ns: Annotated[Ints, PENDING]
    fill_side: Annotated[Ints, PENDING]
    fill_ticks: Annotated[Ints, PENDING]
    fill_mid_ticks: Annotated[Floats, PENDING]
    windows: Rolling


@kernel
def start(markouts: Markouts, cluster_ns: int) -> None:
    """Make a fresh state wait for its first fill; fills within `cluster_ns` are one observation."""
    markouts.due_ns = NEVER_NS
    markouts.windows.cluster_ns = cluster_ns


@kernel
def series(side: int, horizon: int) -> int:
    """Return the number of a side's and horizon's window."""
    return side * HORIZONS + horizon


@kernel
def add_fill(markouts: Markouts, side: int, ticks: int, now_ns: int) -> None:
    """Follow a fill of ours from now on."""
    waiting = markouts.followed - markouts.settled[HORIZONS - 1]
    if waiting >= PENDING or markouts.mid_ticks <= 0.0:
        markouts.dropped += 1
        return
    k = markouts.followed % PENDING
    markouts.fill_ns[k] = now_ns
    markouts.fill_side[k] = side
    markouts.fill_ticks[k] = ticks
    markouts.fill_mid_ticks[k] = markouts.mid_ticks
    markouts.followed += 1
    markouts.due_ns = min(markouts.due_ns, now_ns + HORIZONS_NS[0])


@kernel
def observe(markouts: Markouts, mid_ticks: float, now_ns: int) -> None:
    """Settle the horizons that have passed; from now on this mid is in force (0: there is none)."""
    if now_ns > markouts.due_ns:
        _settle(markouts, now_ns)
    markouts.mid_ticks = mid_ticks if 0.0 < mid_ticks < math.inf else 0.0


@kernel
def _settle(markouts: Markouts, now_ns: int) -> None:
    """Value every fill whose horizon has passed at the mid that was in force."""
    markouts.due_ns = NEVER_NS
    for h in range(HORIZONS):
        while markouts.settled[h] < markouts.followed:
            k = markouts.settled[h] % PENDING
            due_ns = markouts.fill_ns[k] + HORIZONS_NS[h]
            if due_ns >= now_ns:
                markouts.due_ns = min(markouts.due_ns, due_ns)
                break
            _value(markouts, k, h)
            markouts.settled[h] += 1


@kernel
def _value(markouts: Markouts, k: int, h: int) -> None:
    if markouts.mid_ticks <= 0.0:
        markouts.unknown[h] += 1
        return
    side = markouts.fill_side[k]
    price = float(markouts.fill_ticks[k])
    value = realised_bps(side, price, markouts.fill_mid_ticks[k], markouts.mid_ticks)
    rolling.add(markouts.windows, series(side, h), value, markouts.fill_ns[k])


@kernel
def realised_bps(side: int, price: float, mid_0: float, mid_h: float) -> float:
    """Return the later mid against the fill price, in bps of the mid at the fill."""
    return _signed_bps(side, mid_h - price, mid_0)


@kernel
def effective_bps(side: int, price: float, mid_0: float) -> float:
    """Return the mid at the fill against the fill price, in bps of it."""
    return _signed_bps(side, mid_0 - price, mid_0)


@kernel
def mid_to_mid_bps(side: int, mid_0: float, mid_h: float) -> float:
    """Return the later mid against the mid at the fill, in bps of it."""
    return _signed_bps(side, mid_h - mid_0, mid_0)


@kernel
def _signed_bps(side: int, difference: float, mid: float) -> float:
    bps = 1e4 * difference / mid
    return bps if side == BUY else -bps
