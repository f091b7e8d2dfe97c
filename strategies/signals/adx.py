"""Tell trend from range: Wilder's average directional index of bars of mid.

::

    +DM = up if up > down and up > 0 else 0      up = high - high', down = low' - low
    TR  = max(high, close') - min(low, close')
    S   = S - S/n + x                            Wilder's sum of +DM, -DM and TR
    DI  = 100 S+ / S(TR), 100 S- / S(TR)         DX = 100 |S+ - S-| / (S+ + S-)
    ADX = ADX (n - 1)/n + DX/n

Seeds are TA-Lib's: first sums over n - 1 changes, the first DI with bar n, the first ADX the mean
of the first n DX. Other seeds differ by .9 at first and by .03 after 32 bars; `is_ready` waits for
`WARM_BARS`. (Wilder 1978, New Concepts in Technical Trading Systems.)
"""

from connectors.model.events import BUY
from connectors.model.kernel import kernel, state
from strategies.signals import bars as cut
from strategies.signals.bars import Bars

PERIOD = 14
WARM_BARS = 100


@state
class Adx:
    """ADX of mid bars; `count` bars since the last start. `bars.length_ns` is its one setting."""

    bars: Bars
    count: int
    high: float
    low: float
    close: float
    plus: float
    minus: float
    true_range: float
    dx_sum: float
    dx_count: int
    value: float


@kernel
def observe(adx: Adx, mid: float, now_ns: int) -> int:
    """Take the mid, in any unit; return how many bars it ended."""
    ended = cut.pending(adx.bars, now_ns)
    if adx.bars.restarted:
        _restart(adx)
    for _ in range(ended):
        add_bar(adx, adx.bars.high, adx.bars.low, adx.bars.close)
        cut.roll(adx.bars)
    cut.take(adx.bars, mid, now_ns)
    return ended


@kernel
def is_ready(adx: Adx) -> bool:
    """Tell whether `value` has forgotten its seed."""
    return adx.count >= WARM_BARS


@kernel
def directional_index(adx: Adx, side: int) -> float:
    """Return +DI (side BUY) or -DI in [0, 100]; 0 before bar `PERIOD` + 1 or without any range."""
    if adx.count <= PERIOD or adx.true_range <= 0.0:
        return 0.0
    return 100.0 * (adx.plus if side == BUY else adx.minus) / adx.true_range


@kernel
def add_bar(adx: Adx, high: float, low: float, close: float) -> None:
    """Take one whole bar."""
    up = high - adx.high
    down = adx.low - low
    reach = max(high, adx.close) - min(low, adx.close)
    adx.high = high
    adx.low = low
    adx.close = close
    adx.count += 1
    if adx.count == 1:
        return
    if adx.count > PERIOD:
        adx.plus -= adx.plus / PERIOD
        adx.minus -= adx.minus / PERIOD
        adx.true_range -= adx.true_range / PERIOD
    adx.true_range += reach
    if up > down and up > 0.0:
        adx.plus += up
    elif down > up and down > 0.0:
        adx.minus += down
    if adx.count > PERIOD:
        _average(adx)


@kernel
def _average(adx: Adx) -> None:
    """Fold the bar's DX into the average; a bar without any movement repeats the average."""
    moved = adx.plus + adx.minus
    dx = 100.0 * abs(adx.plus - adx.minus) / moved if moved > 0.0 else adx.value
    adx.dx_count += 1
    if adx.dx_count <= PERIOD:
        adx.dx_sum += dx
        adx.value = adx.dx_sum / PERIOD if adx.dx_count == PERIOD else 0.0
    else:
        adx.value = (adx.value * (PERIOD - 1) + dx) / PERIOD


@kernel
def _restart(adx: Adx) -> None:
    adx.count = 0
    adx.plus = 0.0
    adx.minus = 0.0
    adx.true_range = 0.0
    adx.dx_sum = 0.0
    adx.dx_count = 0
    adx.value = 0.0
