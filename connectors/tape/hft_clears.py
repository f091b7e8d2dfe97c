"""Write out what hftbacktest's clear rows remove.

Its clear row takes the levels from the touch up to a price and leaves those beyond; ours takes a
whole side. A clear that leaves nothing stays one row, any other becomes one emptied level a row.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from connectors.model.events import ASK, BID, CLEAR_ASKS, CLEAR_BIDS
from connectors.tape.ordering import take
from connectors.tape.tape import Columns

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Removed = dict[int, list[int]]
    """By the row of a clear: the ticks that it empties. A clear of the whole side is not in it."""


def write_out_clears(rows: Columns) -> tuple[Columns, NDArray[np.int64]]:
    """Replace partial clears; return the rows and, for each, the number of the row it came from.

    The tick of a clear row is its limit on the way in and 0 on the way out.
    """
    import numpy as np

    is_clear = np.isin(rows.kind, (CLEAR_BIDS, CLEAR_ASKS))
    removed = _removed(rows, BID, CLEAR_BIDS) | _removed(rows, ASK, CLEAR_ASKS)
    ticks = np.where(is_clear, 0, rows.ticks).astype(np.int32)
    plain = Columns(rows.kind, ticks, rows.lots, rows.venue_ns, rows.recv_ns)
    return _expand(plain, removed) if removed else (plain, np.arange(len(rows)))


def _removed(rows: Columns, level: int, clear: int) -> Removed:
    """Follow the levels of a side from clear to clear."""
    import numpy as np

    removed: Removed = {}
    levels: dict[int, int] = {}
    start = 0
    for row in np.flatnonzero(rows.kind == clear).tolist():
        mine = rows.kind[start:row] == level
        ticks = rows.ticks[start:row][mine].tolist()
        levels.update(zip(ticks, rows.lots[start:row][mine].tolist(), strict=True))
        levels = {tick: lots for tick, lots in levels.items() if lots > 0}
        limit = int(rows.ticks[row])
        gone = [tick for tick in levels if (tick >= limit if level == BID else tick <= limit)]
        if len(gone) == len(levels):
            levels = {}
        else:
            removed[row] = gone
            for tick in gone:
                del levels[tick]
        start = row + 1
    return removed


def _expand(rows: Columns, removed: Removed) -> tuple[Columns, NDArray[np.int64]]:
    """Give each partial clear as many rows as it empties levels."""
    import numpy as np

    count = np.ones(len(rows), np.int64)
    where: NDArray[np.int64] = np.fromiter(removed, np.int64)
    count[where] = [len(ticks) for ticks in removed.values()]
    first = np.cumsum(count) - count
    origin = np.repeat(np.arange(len(rows)), count)
    wide = take(rows, origin)
    for row, ticks in removed.items():
        level = BID if rows.kind[row] == CLEAR_BIDS else ASK
        emptied = slice(first[row], first[row] + len(ticks))
        wide.kind[emptied] = level
        wide.ticks[emptied] = ticks
        wide.lots[emptied] = 0
    return wide, origin
