"""Measure what taker volume does to mid: Kyle's lambda, online.

Time is cut into buckets of `bucket_ns`. In each, x is the signed taker volume (buys positive, in
millions of quote) and y the change of mid in bps; lambda is the slope of y on x in sums that fade
with every bucket (Kyle 1985; the regression of Hasbrouck 2007, ch. 5)::

    S_uv = sum w u v ,  with intercept  lambda = (S_w S_xy - S_x S_y) / (S_w S_xx - S_x^2)
                        without         lambda = S_xy / S_xx

Unit: bps per million of quote. A bucket without trades still says something of the intercept.
"""

import math

from connectors.model.events import BUY
from connectors.model.kernel import kernel, state

LEAST_BUCKETS = 30.0
"""Effective number of buckets, (sum w)^2 / sum w^2, under which there is no reading."""


@state
class Kyle:
    """Settings `bucket_ns`, `tau_s` and `millions_per_tick_lot`; the open bucket; fading sums."""

    bucket_ns: int
    tau_s: float
    millions_per_tick_lot: float
    start_ns: int
    start_mid_ticks: float
    volume: float
    w: float
    ww: float
    x: float
    y: float
    xx: float
    xy: float
    yy: float


@kernel
def add_trade(kyle: Kyle, side: int, ticks: int, lots: int) -> None:
    """Take a trade of the taker's side into the open bucket."""
    millions = ticks * lots * kyle.millions_per_tick_lot
    kyle.volume += millions if side == BUY else -millions


@kernel
def observe(kyle: Kyle, mid_ticks: float, now_ns: int) -> bool:
    """Close the open bucket if its time has passed; tell whether it was."""
    if not (math.isfinite(mid_ticks) and mid_ticks > 0.0):
        return False
    if kyle.start_mid_ticks <= 0.0:
        _begin(kyle, mid_ticks, now_ns)
        return False
    gone_ns = now_ns - kyle.start_ns
    if gone_ns < kyle.bucket_ns or gone_ns <= 0:
        return False
    y = (mid_ticks - kyle.start_mid_ticks) / kyle.start_mid_ticks * 1e4
    add_bucket(kyle, kyle.volume, y, math.exp(-gone_ns * 1e-9 / kyle.tau_s))
    _begin(kyle, mid_ticks, now_ns)
    return True


@kernel
def forget_bucket(kyle: Kyle) -> None:
    """Drop the open bucket: after a gap its volume is not the whole."""
    kyle.start_mid_ticks = 0.0


@kernel
def add_bucket(kyle: Kyle, x: float, y: float, keep: float) -> None:
    """Fade every sum by `keep` and take one bucket."""
    kyle.w = kyle.w * keep + 1.0
    kyle.ww = kyle.ww * keep * keep + 1.0
    kyle.x = kyle.x * keep + x
    kyle.y = kyle.y * keep + y
    kyle.xx = kyle.xx * keep + x * x
    kyle.xy = kyle.xy * keep + x * y
    kyle.yy = kyle.yy * keep + y * y


@kernel
def buckets(kyle: Kyle) -> float:
    """Return the effective number of buckets."""
    return kyle.w * kyle.w / kyle.ww if kyle.ww > 0.0 else 0.0


@kernel
def is_ready(kyle: Kyle) -> bool:
    """Tell whether there are buckets enough, and volume that differs between them."""
    return buckets(kyle) >= LEAST_BUCKETS and _spread_x(kyle) > 0.0


@kernel
def slope(kyle: Kyle) -> float:
    """Return lambda with an intercept [bps per million of quote]; 0 where volume never differs."""
    sxx = _spread_x(kyle)
    return (kyle.w * kyle.xy - kyle.x * kyle.y) / sxx if sxx > 0.0 else 0.0


@kernel
def slope_through_zero(kyle: Kyle) -> float:
    """Return lambda without an intercept [bps per million of quote]; 0 without volume."""
    return kyle.xy / kyle.xx if kyle.xx > 0.0 else 0.0


@kernel
def intercept(kyle: Kyle) -> float:
    """Return the mean move of a bucket without volume [bps]; 0 without buckets."""
    return (kyle.y - slope(kyle) * kyle.x) / kyle.w if kyle.w > 0.0 else 0.0


@kernel
def slope_error(kyle: Kyle) -> float:
    """Return the standard error of `slope`; infinite with two effective buckets or fewer."""
    n = buckets(kyle)
    sxx = _spread_x(kyle)
    if n <= 2.0 or sxx <= 0.0:
        return math.inf
    return math.sqrt(max(1.0 - fit_frac(kyle), 0.0) * _spread_y(kyle) / sxx / (n - 2.0))


@kernel
def fit_frac(kyle: Kyle) -> float:
    """Return R^2, the share of the moves that volume explains."""
    sxx = _spread_x(kyle)
    syy = _spread_y(kyle)
    if sxx <= 0.0 or syy <= 0.0:
        return 0.0
    sxy = kyle.w * kyle.xy - kyle.x * kyle.y
    return sxy * sxy / (sxx * syy)


@kernel
def _spread_x(kyle: Kyle) -> float:
    spread = kyle.w * kyle.xx - kyle.x * kyle.x
    return spread if spread > 1e-12 * kyle.w * kyle.xx else 0.0


@kernel
def _spread_y(kyle: Kyle) -> float:
    return max(kyle.w * kyle.yy - kyle.y * kyle.y, 0.0)


@kernel
def _begin(kyle: Kyle, mid_ticks: float, now_ns: int) -> None:
    kyle.start_ns = now_ns
    kyle.start_mid_ticks = mid_ticks
    kyle.volume = 0.0
