"""Measure realised variance, and how much of it is noise or jumps.

Of log prices p_0..p_n at equal steps, with returns r_i (sums are over the whole stretch, so they
are variances, not rates)::

    RV     sum r^2                                   noise adds 2 n w^2
    TSRV   mean of RV on K sub-grids - nbar/n RV     noise cancels (Zhang, Mykland et al. 2005)
    BV     pi/2 n/(n-1) sum |r| |r'|                 jumps hardly count
    MedRV, MinRV                                     nor here (Andersen, Dobrev, Schaumburg 2012)
    w^2    RV / 2n                                   variance of the noise of one price
"""

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

MED_SCALE = math.pi / (6.0 - 4.0 * math.sqrt(3.0) + math.pi)
MIN_SCALE = math.pi / (math.pi - 2.0)


@dataclass(frozen=True, slots=True)
class Realised:
    """Realised measures of one stretch, in squared log price."""

    rv: float
    sparse_rv: float
    sparse_count: float
    tsrv: float
    tsrv_adjusted: float
    noise: float
    bipower: float
    med_rv: float
    min_rv: float


def realised(log_prices: Sequence[float], grids: int) -> Realised:
    """Measure a stretch of at least four log prices; TSRV averages over two sub-grids or more.

    Raises:
        ValueError: there are too few prices for that.
    """
    returns = [after - before for before, after in pairwise(log_prices)]
    n = len(returns)
    if n < max(3, grids + 1) or grids < 2:
        raise ValueError(
            f"expected at least {max(3, grids + 1)} returns and two grids, was {n} and {grids}"
        )
    sizes = [abs(r) for r in returns]
    rv = math.fsum(r * r for r in returns)
    sparse = math.fsum(_squares(log_prices[k::grids]) for k in range(grids)) / grids
    nbar = (n - grids + 1) / grids
    tsrv = sparse - nbar / n * rv
    bipower = math.fsum(a * b for a, b in pairwise(sizes))
    medians = (statistics.median(sizes[k - 1 : k + 2]) for k in range(1, n - 1))
    smallest = (min(pair) for pair in pairwise(sizes))
    return Realised(
        rv=rv,
        sparse_rv=sparse,
        sparse_count=nbar,
        tsrv=tsrv,
        tsrv_adjusted=tsrv / (1.0 - nbar / n),
        noise=rv / (2 * n),
        bipower=math.pi / 2 * n / (n - 1) * bipower,
        med_rv=MED_SCALE * n / (n - 2) * math.fsum(x * x for x in medians),
        min_rv=MIN_SCALE * n / (n - 1) * math.fsum(x * x for x in smallest),
    )


def _squares(prices: Sequence[float]) -> float:
    return math.fsum((after - before) ** 2 for before, after in pairwise(prices))
