"""Solve for a finite horizon, a slice at a time: v(x) = exp(-M x) v(0).

M is tridiagonal with diagonal a q^2 - pull q and -e beside it, and ln v(0) = -penalty q^2 (Gueant,
Lehalle and Fernandez-Tapia 2013, theorem 1; Cartea, Jaimungal and Penalva 2015, section 10.3).
Uniformisation: with c the largest diagonal, exp(-M x) is exp(-c x) times a Taylor series in c - M,
none of whose terms is negative, so that every ratio keeps its digits however small v is
(Jensen 1953). A slice is as much horizon as bounds the work of one decision.
"""

import math

from connectors.model.kernel import kernel
from strategies.pricing.value import MOST_CLIPS, SOLVED, TOO_LONG, UNDER_WAY, ValueFunction

SLICE = 8.0
"""Largest (c - M) x, by norm, of one slice."""
MOST_SLICES = 3000.0
"""A horizon that takes more is left to the closed form."""
MOST_TERMS = 400
NEGLIGIBLE = 1e-17
LEAST_LOG = -600.0


@kernel
def begin(value: ValueFunction) -> None:
    """Start from the end of the horizon, unless it is too long a way."""
    if value.horizon > MOST_SLICES * most_of_a_slice(value):
        value.status = TOO_LONG
        value.ready = False
        return
    for q in range(-value.clips, value.clips + 1):
        value.weights[MOST_CLIPS + q] = math.exp(max(-value.penalty * q * q, LEAST_LOG))
    value.horizon_left = value.horizon
    value.status = UNDER_WAY


@kernel
def go_on(value: ValueFunction) -> None:
    """Work off one slice; write the falls when none is left."""
    slice_x = min(most_of_a_slice(value), value.horizon_left)
    add_series(value, extremes(value)[0], slice_x)
    value.horizon_left -= slice_x
    if value.horizon_left <= 0.0:
        for q in range(-value.clips, value.clips):
            here = MOST_CLIPS + q
            value.fall[here] = math.log(value.weights[here]) - math.log(value.weights[here + 1])
        value.status = SOLVED


@kernel
def most_of_a_slice(value: ValueFunction) -> float:
    """Return the longest horizon of one slice."""
    top, bottom = extremes(value)
    return SLICE / (top - bottom + 2.0 * value.arrivals)


@kernel
def extremes(value: ValueFunction) -> tuple[float, float]:
    """Return the largest and the smallest diagonal of M."""
    top = bottom = 0.0
    for q in range(-value.clips, value.clips + 1):
        diagonal = (value.risk * q - value.pull) * q
        top = max(top, diagonal)
        bottom = min(bottom, diagonal)
    return top, bottom


@kernel
def add_series(value: ValueFunction, top: float, x: float) -> None:
    """Turn the weights w into exp((top - M) x) w, divided by the largest."""
    first = MOST_CLIPS - value.clips
    last = MOST_CLIPS + value.clips
    for k in range(first, last + 1):
        value.term[k] = value.weights[k]
    for number in range(1, MOST_TERMS):
        if next_term(value, top, x / number) and number > SLICE:
            break
    largest = 0.0
    for k in range(first, last + 1):
        largest = max(largest, value.weights[k])
    for k in range(first, last + 1):
        value.weights[k] /= largest


@kernel
def next_term(value: ValueFunction, top: float, step: float) -> bool:
    """Add the next term of the series to the weights; tell whether it was negligible everywhere."""
    small = True
    before = 0.0
    for q in range(-value.clips, value.clips + 1):
        k = MOST_CLIPS + q
        here = value.term[k]
        after = value.term[k + 1] if q < value.clips else 0.0
        stay = top - (value.risk * q - value.pull) * q
        value.term[k] = step * (stay * here + value.arrivals * (before + after))
        value.weights[k] += value.term[k]
        if value.term[k] > NEGLIGIBLE * value.weights[k]:
            small = False
        before = here
    return small
