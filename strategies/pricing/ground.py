"""Solve for an endless horizon: the ground state of the linear system.

v is the eigenvector of the smallest eigenvalue of the symmetric tridiagonal matrix with diagonal
a q^2 - pull q and -e beside it (Gueant, Lehalle and Fernandez-Tapia 2013, section 4). Its ratios
are the pivots of two eliminations that meet at its peak, the twisted factorisation of Parlett and
Dhillon (1997); the eigenvalue is where they fit. No vector is stored, and none underflows.
"""

import math

from connectors.model.kernel import kernel
from strategies.pricing.value import MOST_CLIPS, ValueFunction

MOST_ROUNDS = 100
ROUNDING = 4e-15


@kernel
def solve_ground(value: ValueFunction) -> None:
    """Write the falls of the ground state for the terms in `value`."""
    curve = value.risk / value.arrivals
    tilt = value.pull / value.arrivals
    peak = peak_clips(curve, tilt, value.clips)
    write_falls(value, curve, tilt, peak, ground_level(curve, tilt, value.clips, peak))


@kernel
def peak_clips(curve: float, tilt: float, clips: int) -> int:
    """Return the whole clip at which the diagonal, and so the ground state, is best."""
    if not curve > 0.0:
        return 0
    best = 0.5 * tilt / curve
    return int(math.floor(min(max(best, -1.0 * clips), 1.0 * clips) + 0.5))


@kernel
def diagonal(curve: float, tilt: float, q: int) -> float:
    """Return the diagonal at inventory q, over e."""
    return (curve * q - tilt) * q


@kernel
def ground_level(curve: float, tilt: float, clips: int, peak: int) -> float:
    """Return the smallest eigenvalue, over e: Newton's steps, kept inside a bracket."""
    high = diagonal(curve, tilt, peak)
    low = high - 2.0
    level = min(low + math.sqrt(curve), high)
    for _ in range(MOST_ROUNDS):
        gap, weight = mismatch(curve, tilt, clips, peak, level)
        if gap > 0.0:
            low = level
        else:
            high = level
        better = level + gap / weight
        if abs(better - level) <= ROUNDING * (2.0 + abs(level)):
            break
        if not low < better < high:
            better = 0.5 * (low + high)
        level = better
    return level


@kernel
def mismatch(curve: float, tilt: float, clips: int, peak: int, level: float) -> tuple[float, float]:
    """Return by how much both eliminations fail to meet at the peak, and |v|^2 / v_peak^2.

    Their quotient is the change of level that Newton's method asks for. A level above an eigenvalue
    of either half, where a pivot is not positive, counts as too high by one: (-1, 1).
    """
    meet = diagonal(curve, tilt, peak) - level
    weight = 1.0
    for side in range(2):
        step = 1 - 2 * side
        q = -step * clips
        pivot, tail = 0.0, 0.0
        while q != peak:
            pivot = diagonal(curve, tilt, q) - level - pivot
            if not pivot > 0.0:
                return -1.0, 1.0
            pivot = 1.0 / pivot
            tail = (1.0 + tail) * pivot * pivot
            q += step
        meet -= pivot
        weight += tail
    return meet, weight


@kernel
def write_falls(value: ValueFunction, curve: float, tilt: float, peak: int, level: float) -> None:
    """Write ln(v_q / v_{q+1}) on both sides of the peak; NaN where the level was no eigenvalue."""
    pivot = 0.0
    for q in range(-value.clips, peak):
        pivot = diagonal(curve, tilt, q) - level - pivot
        value.fall[MOST_CLIPS + q] = -math.log(pivot) if pivot > 0.0 else math.nan
        pivot = 1.0 / pivot if pivot > 0.0 else math.nan
    pivot = 0.0
    for q in range(value.clips, peak, -1):
        pivot = diagonal(curve, tilt, q) - level - pivot
        value.fall[MOST_CLIPS + q - 1] = math.log(pivot) if pivot > 0.0 else math.nan
        pivot = 1.0 / pivot if pivot > 0.0 else math.nan
