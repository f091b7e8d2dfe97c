"""Measure how one-sided traded volume is: VPIN with known taker sides.

Volume is cut into buckets of `bucket_lots`; of each, Vb lots were bought by takers. Over the last
`BUCKETS` of them (Easley, Lopez de Prado and O'Hara 2012)::

    VPIN = sum |2 Vb - V| / (n V)   in [0, 1]

Where a feed does not say who took, `bought_frac` guesses Vb / V from a bucket's price change.

There is no reading before `BUCKETS` have filled: `is_ready`.
"""

import math
from typing import Annotated

from connectors.model.events import BUY
from connectors.model.kernel import Ints, kernel, state

BUCKETS = 50
ROOT_HALF = 0.7071067811865476


@state
class Vpin:
    """Setting `bucket_lots` (0: off), the open bucket, and |2 Vb - V| of the last buckets."""

    bucket_lots: int
    bought: int
    filled: int
    closed: int
    total: int
    apart: Annotated[Ints, BUCKETS]


@kernel
def add_trade(vpin: Vpin, side: int, lots: int) -> None:
    """Take a trade of the taker's side; what exceeds the open bucket goes into the next ones."""
    if vpin.bucket_lots <= 0:
        return
    left = _fill(vpin, side, lots)
    whole = left // vpin.bucket_lots
    for _ in range(min(whole, BUCKETS)):
        _push(vpin, vpin.bucket_lots)
    vpin.closed += max(whole - BUCKETS, 0)
    _fill(vpin, side, left - whole * vpin.bucket_lots)


@kernel
def is_ready(vpin: Vpin) -> bool:
    """Tell whether as many buckets have filled as are remembered."""
    return vpin.closed >= BUCKETS


@kernel
def read(vpin: Vpin) -> float:
    """Return VPIN over the closed buckets that are remembered; 0 while there is none."""
    n = min(vpin.closed, BUCKETS)
    return vpin.total / (n * vpin.bucket_lots) if n > 0 else 0.0


@kernel
def bought_frac(change: float, deviation: float) -> float:
    """Return Phi(change / deviation), the bulk classification; 1/2 without deviation."""
    if not deviation > 0.0:
        return 0.5
    return 0.5 * math.erfc(-change / deviation * ROOT_HALF)


@kernel
def _fill(vpin: Vpin, side: int, lots: int) -> int:
    """Fill the open bucket, and close it when full; return the lots left over."""
    taken = min(lots, vpin.bucket_lots - vpin.filled)
    vpin.filled += taken
    if side == BUY:
        vpin.bought += taken
    if vpin.filled == vpin.bucket_lots:
        _push(vpin, abs(2 * vpin.bought - vpin.bucket_lots))
        vpin.filled = 0
        vpin.bought = 0
    return lots - taken


@kernel
def _push(vpin: Vpin, apart: int) -> None:
    k = vpin.closed % BUCKETS
    vpin.total += apart - vpin.apart[k]
    vpin.apart[k] = apart
    vpin.closed += 1
