"""Choose few rows of a long series so that its picture stays the same.

Time is cut into equal stretches. Of each, the rows with the lowest and highest value of every
column that must keep its extremes are taken, and the last row, which is where the next stretch
begins. Works on lists and on numpy arrays, without importing numpy.
"""

from bisect import bisect_right
from collections.abc import Sequence
from typing import Any

from connectors.model.events import IntColumn


def pick_rows(
    stamps: IntColumn, prices: Sequence[IntColumn], signed: Sequence[IntColumn], most: int
) -> list[int]:
    """Return at most `most` row numbers, ascending, that keep the extremes of each column.

    A price of 0 or less is unknown and never an extreme; every value of a signed column counts.
    """
    n = len(stamps)
    if n <= most:
        return list(range(n))
    columns = [(column, True) for column in prices] + [(column, False) for column in signed]
    stretches = max((most - 1) // (2 * len(columns) + 1), 1)
    chosen = {0}
    start = 0
    for edge in edges_ns(int(stamps[0]), int(stamps[n - 1]), stretches):
        stop = bisect_right(stamps, edge, start)
        if stop > start:
            chosen.add(stop - 1)
            for column, positive in columns:
                chosen.update(_extremes(column, start, stop, positive))
        start = stop
    return sorted(chosen)


def edges_ns(first_ns: int, last_ns: int, stretches: int) -> list[int]:
    """Return the end of each of so many equal stretches of time."""
    span = last_ns - first_ns
    return [first_ns + span * (k + 1) // stretches for k in range(stretches)]


def _extremes(column: Any, start: int, stop: int, positive: bool) -> tuple[int, ...]:
    """Return the rows of the lowest and the highest value in [start, stop)."""
    part = column[start:stop]
    if hasattr(part, "argmin"):
        rows = (part > 0).nonzero()[0] if positive else None
        if rows is None:
            return start + int(part.argmin()), start + int(part.argmax())
        known = part[rows]
        if not len(known):
            return ()
        return start + int(rows[known.argmin()]), start + int(rows[known.argmax()])
    values = [value for value in part if value > 0] if positive else list(part)
    if not values:
        return ()
    part = list(part)
    return start + part.index(min(values)), start + part.index(max(values))
