"""Put a GAP where a recording has something that cannot be used, and trust no book until its next
snapshot."""

from __future__ import annotations

from typing import TYPE_CHECKING

from connectors.model.events import ASK, BID, CLEAR_ASKS, CLEAR_BIDS, GAP

if TYPE_CHECKING:
    from collections import Counter

    import numpy as np
    from numpy.typing import NDArray

BAD_ROWS = "rows without a price or size on the grid, a gap instead"


def put_gaps(
    kind: NDArray[np.uint8], is_bad: NDArray[np.bool_], notes: Counter[str]
) -> NDArray[np.uint8]:
    """Return the kinds with a GAP for each bad row, nothing between it and the next snapshot.

    How many rows were bad is counted in `notes`.
    """
    import numpy as np

    count = int(np.count_nonzero(is_bad))
    if not count:
        return kind
    notes[BAD_ROWS] += count
    return hold_until_snapshot(np.where(is_bad, np.uint8(GAP), kind))


def hold_until_snapshot(kind: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return the kinds with a GAP for each change of a level that no CLEAR separates from one.

    Changes without the book that they change would make a book of some levels only.
    """
    import numpy as np

    row = np.arange(len(kind))
    last_gap = np.maximum.accumulate(np.where(kind == GAP, row, -1))
    is_clear = np.isin(kind, (CLEAR_BIDS, CLEAR_ASKS))
    last_clear = np.maximum.accumulate(np.where(is_clear, row, -1))
    is_lost = np.isin(kind, (BID, ASK)) & (last_gap > last_clear)
    return np.where(is_lost, np.uint8(GAP), kind)


def count_gaps(kind: NDArray[np.uint8]) -> int:
    """Return how often the book became unknown; GAP rows without another between count once."""
    import numpy as np

    is_gap = kind == GAP
    is_new = is_gap.copy()
    is_new[1:] &= ~is_gap[:-1]
    return int(np.count_nonzero(is_new))
