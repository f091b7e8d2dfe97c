"""Sum squared returns over two windows of time that end now, in one ring of samples.

A window of 2 tau has the relative error of an exponential average of memory tau (half-life
tau ln 2), so one knob serves both. The sums move with what enters and what leaves: O(1) a sample,
amortised. The ring holds `SAMPLES`; a longer window is cut to what it holds.
"""

from typing import Annotated

from connectors.model.kernel import SPARSE, Floats, kernel, state

SAMPLES = 8192
MASK = SAMPLES - 1


@state
class Window:
    """The ring, and of each window its first sample and its sums."""

    count: int
    squared: Annotated[Floats, SAMPLES, SPARSE]
    seconds: Annotated[Floats, SAMPLES, SPARSE]
    live_first: int
    live_num: float
    live_den: float
    reference_first: int
    reference_num: float
    reference_den: float


@kernel
def add(window: Window, squared: float, seconds: float, live_s: float, reference_s: float) -> None:
    """Take a squared return over some seconds; windows reach back over `live_s`, `reference_s`."""
    if window.count - window.reference_first >= SAMPLES:
        _drop_reference(window)
    if window.count - window.live_first >= SAMPLES:
        _drop_live(window)
    k = window.count & MASK
    window.squared[k] = squared
    window.seconds[k] = seconds
    window.count += 1
    window.live_num += squared
    window.live_den += seconds
    window.reference_num += squared
    window.reference_den += seconds
    while window.live_den > live_s and window.count - window.live_first > 1:
        _drop_live(window)
    while window.reference_den > reference_s and window.count - window.reference_first > 1:
        _drop_reference(window)


@kernel
def _drop_live(window: Window) -> None:
    k = window.live_first & MASK
    window.live_first += 1
    window.live_num = max(window.live_num - window.squared[k], 0.0)
    window.live_den = max(window.live_den - window.seconds[k], 0.0)


@kernel
def _drop_reference(window: Window) -> None:
    k = window.reference_first & MASK
    window.reference_first += 1
    window.reference_num = max(window.reference_num - window.squared[k], 0.0)
    window.reference_den = max(window.reference_den - window.seconds[k], 0.0)
