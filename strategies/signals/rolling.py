"""Keep the last values of several series with their median, mean and t-statistic.

The median needs order: each series keeps its last `LENGTH` values sorted, and a new value takes the
place of the one that leaves by moving what lies between them. That is O(`LENGTH`) moves at worst
and a third of it on average, for values that come with fills; every reading is O(1).

Values that come together move together: those of one stretch of `cluster_ns` are one observation
of the error. With S the sum and n the number of each of the C clusters and m the mean over N::

    Var(m) = C / (C - 1) * sum (S - n m)^2 / N^2 ,   t = m / sqrt(Var(m))

(one-way cluster-robust error of a mean: Cameron and Miller 2015, eq. 11). The sums S^2, S n and n^2
are kept, and computed afresh from what is stored each `LENGTH` values, so that nothing drifts.
"""

import math
from typing import Annotated

from connectors.model.kernel import Floats, Ints, kernel, state

LENGTH = 200
"""Values remembered of each series."""
SERIES = 8
SLOTS = SERIES * LENGTH
MOST_T = 1e6
"""What t says at most, where every cluster says the same."""


@state
class Rolling:
    """Windows of `SERIES` series. `cluster_ns` is a setting; `count` is of all values ever taken.

    The clusters of series s are numbers ``cluster_first[s]`` to ``cluster_next[s]`` - 1.
    """

    cluster_ns: int
    count: Annotated[Ints, SERIES]
    values: Annotated[Floats, SLOTS]
    ordered: Annotated[Floats, SLOTS]
    total: Annotated[Floats, SERIES]
    cluster_first: Annotated[Ints, SERIES]
    cluster_next: Annotated[Ints, SERIES]
    cluster_start_ns: Annotated[Ints, SLOTS]
    cluster_sum: Annotated[Floats, SLOTS]
    cluster_count: Annotated[Ints, SLOTS]
    sum_squares: Annotated[Floats, SERIES]
    sum_products: Annotated[Floats, SERIES]
    count_squares: Annotated[Floats, SERIES]


@kernel
def add(rolling: Rolling, s: int, value: float, stamp_ns: int) -> None:
    """Take a finite value of series `s`; one that is not finite is left out."""
    if not math.isfinite(value):
        return
    base = s * LENGTH
    count = rolling.count[s]
    at = base + count % LENGTH
    hole = base + count
    last = hole
    if count >= LENGTH:
        hole = _place(rolling, base, rolling.values[at])
        last = base + LENGTH - 1
        _leave(rolling, s, rolling.values[at])
    _fill_hole(rolling, base, hole, last, value)
    rolling.values[at] = value
    rolling.count[s] = count + 1
    _join(rolling, s, value, stamp_ns)
    if (count + 1) % LENGTH == 0:
        _sum_afresh(rolling, s)


@kernel
def forget(rolling: Rolling, s: int) -> None:
    """Let series `s` begin anew."""
    rolling.count[s] = 0
    rolling.total[s] = 0.0
    rolling.cluster_first[s] = 0
    rolling.cluster_next[s] = 0
    rolling.sum_squares[s] = 0.0
    rolling.sum_products[s] = 0.0
    rolling.count_squares[s] = 0.0


@kernel
def size(rolling: Rolling, s: int) -> int:
    """Return how many values series `s` holds."""
    return min(rolling.count[s], LENGTH)


@kernel
def clusters(rolling: Rolling, s: int) -> int:
    """Return how many clusters the values of series `s` make."""
    return rolling.cluster_next[s] - rolling.cluster_first[s]


@kernel
def median(rolling: Rolling, s: int) -> float:
    """Return the median of series `s`; 0 while `size` is 0."""
    n = size(rolling, s)
    if n == 0:
        return 0.0
    base = s * LENGTH
    above = rolling.ordered[base + n // 2]
    if n % 2 == 1:
        return above
    return 0.5 * (rolling.ordered[base + n // 2 - 1] + above)


@kernel
def mean(rolling: Rolling, s: int) -> float:
    """Return the mean of series `s`; 0 while `size` is 0."""
    n = size(rolling, s)
    return rolling.total[s] / n if n > 0 else 0.0


@kernel
def error(rolling: Rolling, s: int) -> float:
    """Return the standard error of the mean; infinite while there are under two clusters."""
    c = clusters(rolling, s)
    if c < 2:
        return math.inf
    m = mean(rolling, s)
    n = size(rolling, s)
    spread = (
        rolling.sum_squares[s]
        - 2.0 * m * rolling.sum_products[s]
        + m * m * rolling.count_squares[s]
    )
    return math.sqrt(max(spread, 0.0) * c / (c - 1)) / n


@kernel
def t_statistic(rolling: Rolling, s: int) -> float:
    """Return the mean in standard errors, within +-`MOST_T`; 0 while there is no error."""
    m = mean(rolling, s)
    e = error(rolling, s)
    if abs(m) >= MOST_T * e:
        return 0.0 if m == 0.0 else math.copysign(MOST_T, m)
    return m / e


@kernel
def _place(rolling: Rolling, base: int, value: float) -> int:
    """Return where a value of a full series stands in its order."""
    low = base
    high = base + LENGTH - 1
    while low < high:
        middle = (low + high) // 2
        if rolling.ordered[middle] < value:
            low = middle + 1
        else:
            high = middle
    return low


@kernel
def _fill_hole(rolling: Rolling, base: int, hole: int, last: int, value: float) -> None:
    """Move the hole to where `value` belongs and put it there."""
    ordered = rolling.ordered
    at = hole
    while at > base and ordered[at - 1] > value:
        ordered[at] = ordered[at - 1]
        at -= 1
    while at < last and ordered[at + 1] < value:
        ordered[at] = ordered[at + 1]
        at += 1
    ordered[at] = value


@kernel
def _join(rolling: Rolling, s: int, value: float, stamp_ns: int) -> None:
    """Add a value to the newest cluster, or begin one."""
    rolling.total[s] += value
    newest = rolling.cluster_next[s] - 1
    k = s * LENGTH + newest % LENGTH
    if clusters(rolling, s) == 0 or stamp_ns - rolling.cluster_start_ns[k] >= rolling.cluster_ns:
        newest += 1
        k = s * LENGTH + newest % LENGTH
        rolling.cluster_next[s] = newest + 1
        rolling.cluster_start_ns[k] = stamp_ns
        rolling.cluster_sum[k] = 0.0
        rolling.cluster_count[k] = 0
    _count_cluster(rolling, s, k, -1.0)
    rolling.cluster_sum[k] += value
    rolling.cluster_count[k] += 1
    _count_cluster(rolling, s, k, 1.0)


@kernel
def _leave(rolling: Rolling, s: int, value: float) -> None:
    """Take the oldest value from the oldest cluster."""
    rolling.total[s] -= value
    k = s * LENGTH + rolling.cluster_first[s] % LENGTH
    _count_cluster(rolling, s, k, -1.0)
    rolling.cluster_sum[k] -= value
    rolling.cluster_count[k] -= 1
    if rolling.cluster_count[k] == 0:
        rolling.cluster_first[s] += 1
    else:
        _count_cluster(rolling, s, k, 1.0)


@kernel
def _count_cluster(rolling: Rolling, s: int, k: int, sign: float) -> None:
    """Add a cluster to the sums over clusters, or take it away."""
    total = rolling.cluster_sum[k]
    n = rolling.cluster_count[k]
    rolling.sum_squares[s] += sign * total * total
    rolling.sum_products[s] += sign * total * n
    rolling.count_squares[s] += sign * n * n


@kernel
def _sum_afresh(rolling: Rolling, s: int) -> None:
    """Compute every sum of series `s` from its values and clusters."""
    rolling.total[s] = 0.0
    for k in range(s * LENGTH, s * LENGTH + size(rolling, s)):
        rolling.total[s] += rolling.values[k]
    rolling.sum_squares[s] = 0.0
    rolling.sum_products[s] = 0.0
    rolling.count_squares[s] = 0.0
    for cluster in range(rolling.cluster_first[s], rolling.cluster_next[s]):
        _count_cluster(rolling, s, s * LENGTH + cluster % LENGTH, 1.0)
