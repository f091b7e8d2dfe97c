"""Count how often the micro-price crosses mid with an amplitude.

A *flip* is a change of side of the micro-price around mid, each time by at least `least_ticks`:
smaller crossings are noise (on one-tick spreads they come many times within 200 ms). Times of the
last `REMEMBERED` flips are kept; the count of a window costs O(1) amortised.
"""

from typing import Annotated

from connectors.model.kernel import Ints, kernel, state

REMEMBERED = 64
"""Flips remembered: a window never counts more."""


@state
class Flips:
    """Settings `least_ticks` and `window_ns`; `lean` is the side last taken (-1, 0 none yet, 1).

    Flips ``expired`` to ``count`` - 1 lie in the window as of the last `observe`.
    """

    least_ticks: float
    window_ns: int
    lean: int
    count: int
    expired: int
    flip_ns: Annotated[Ints, REMEMBERED]


@kernel
def observe(flips: Flips, offset_ticks: float, now_ns: int) -> None:
    """Take the micro-price's offset from mid."""
    lean = 0
    if offset_ticks > 0.0 and offset_ticks >= flips.least_ticks:
        lean = 1
    elif offset_ticks < 0.0 and -offset_ticks >= flips.least_ticks:
        lean = -1
    if lean != 0 and lean != flips.lean:
        if flips.lean != 0:
            flips.flip_ns[flips.count % REMEMBERED] = now_ns
            flips.count += 1
        flips.lean = lean
    expire(flips, now_ns)


@kernel
def expire(flips: Flips, now_ns: int) -> None:
    """Forget the flips that have left the window by now."""
    flips.expired = max(flips.expired, flips.count - REMEMBERED)
    while (
        flips.expired < flips.count
        and now_ns - flips.flip_ns[flips.expired % REMEMBERED] > flips.window_ns
    ):
        flips.expired += 1


@kernel
def recent(flips: Flips) -> int:
    """Return how many flips lie in the window as of the last `observe` or `expire`."""
    return flips.count - flips.expired
