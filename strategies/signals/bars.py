"""Cut the mid into bars of equal length by the clock.

Bar n covers [n, n + 1) * `length_ns` since the epoch, so that bars do not depend on when a run
began; the bar in which it began is not whole and never closed. A quiet market keeps its mid: bars
in which nothing arrived are flat. After more than `MOST_FLAT` of them the past is not continued:
`restarted` is set and counting begins again.
"""

import math

from connectors.model.kernel import kernel, state

MOST_FLAT = 14


@state
class Bars:
    """The open bar, number `number`. `length_ns` is a setting; 0 cuts no bars.

    After `roll`, `high`, `low` and `close` are of the bar that it closed, or of the open one.
    """

    length_ns: int
    number: int
    whole: bool
    restarted: bool
    high: float
    low: float
    close: float


@kernel
def pending(bars: Bars, now_ns: int) -> int:
    """Return how many whole bars have ended by now: call `roll` as often, then `take`.

    0 also after a gap that is too long, which sets `restarted`.
    """
    bars.restarted = False
    if bars.length_ns <= 0 or bars.close <= 0.0:
        return 0
    ended = now_ns // bars.length_ns - bars.number
    if ended <= 0:
        return 0
    if ended > MOST_FLAT + 1:
        bars.restarted = True
        bars.close = 0.0
        return 0
    if not bars.whole:
        _open(bars, bars.number + 1)
        return ended - 1
    return ended


@kernel
def roll(bars: Bars) -> None:
    """Open the next bar at the last close. Read the bar that ends before this."""
    _open(bars, bars.number + 1)


@kernel
def take(bars: Bars, mid: float, now_ns: int) -> None:
    """Take a mid into the open bar."""
    if bars.length_ns <= 0 or not 0.0 < mid < math.inf:
        return
    if bars.close <= 0.0:
        bars.number = now_ns // bars.length_ns
        bars.whole = False
        bars.high = mid
        bars.low = mid
    if mid > bars.high:
        bars.high = mid
    elif mid < bars.low:
        bars.low = mid
    bars.close = mid


@kernel
def _open(bars: Bars, number: int) -> None:
    bars.number = number
    bars.whole = True
    bars.high = bars.close
    bars.low = bars.close
