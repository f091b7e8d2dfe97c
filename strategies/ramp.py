"""Begin with small orders: their size grows to full over time and over fills, whichever is later.

Each of the two grows linearly from ``start_frac`` to 1; the smaller counts. It begins with the
first decision of a desk, so a market that is made anew after a fault begins again.
"""

from connectors.model.kernel import kernel, state
from strategies.trades import Trades


@state
class RampKnobs:
    """The share of a full size to begin with, and after what it is full (0: at once)."""

    on: bool
    start_frac: float
    full_after_ns: int
    full_after_fills: int


@state
class Ramp:
    """When it began, after how many fills, and the share of a full size that it leaves now."""

    begun: bool
    since_ns: int
    fills_before: int
    size_frac: float


@kernel
def grow(ramp: Ramp, knobs: RampKnobs, trades: Trades, now_ns: int) -> None:
    """Write the share of a full size at `now_ns`."""
    if not ramp.begun:
        ramp.begun = True
        ramp.since_ns = now_ns
        ramp.fills_before = trades.count
    by_time = _share(now_ns - ramp.since_ns, knobs.full_after_ns)
    by_fills = _share(trades.count - ramp.fills_before, knobs.full_after_fills)
    done = min(by_time, by_fills)
    ramp.size_frac = knobs.start_frac + (1.0 - knobs.start_frac) * done
    if done >= 1.0:
        ramp.size_frac = 1.0


@kernel
def _share(done: int, whole: int) -> float:
    """Return how much of the way is gone, 0 to 1; there is no way to nothing."""
    if done >= whole:
        return 1.0
    if done <= 0:
        return 0.0
    return done / whole
