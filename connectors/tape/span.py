"""Cut a stretch of time out of a tape. The cut begins with the book as it stood, and knows no more.

What came before is in the cut as one snapshot for each clock: the one of what we had received, the
other of what had happened at the venue. What comes after is not in it at all.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from connectors.model.errors import DataError
from connectors.model.events import ASK, BID, CLEAR_ASKS, CLEAR_BIDS, GAP
from connectors.tape.ordering import join
from connectors.tape.tape import Columns, DepthEnds, Tape, read_only

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import ArrayLike, NDArray

    Stamps = NDArray[np.int64]


def cut(tape: Tape, begin_ns: int | None, end_ns: int | None) -> Tape:
    """Return the part of a tape from `begin_ns` to before `end_ns`; None is the tape's own end.

    Raises DataError where nothing lies in between.
    """
    if begin_ns is None and end_ns is None:
        return tape
    rows = tape.local
    first, stop = _between(rows.recv_ns, begin_ns, end_ns)
    if first >= stop:
        raise DataError(
            f"replay.begin, replay.end: expected a part of the tape of {tape.symbol}, which is from"
            f" {_told(rows.recv_ns[0])} to {_told(rows.recv_ns[-1])}, was nothing of it"
        )
    local, known = _part(rows, first, stop, begin_ns)
    if tape.venue is rows and (first, stop) == _between(rows.venue_ns, begin_ns, end_ns):
        venue = local
    else:
        venue, _ = _part(tape.venue, *_between(tape.venue.venue_ns, begin_ns, end_ns), begin_ns)
    ends = tape.depth_end
    inside = (ends.row > first) & (ends.row <= stop)
    depth_end = DepthEnds(ends.row[inside] - first + known, ends.update_id[inside])
    return replace(
        tape,
        local=read_only(local),
        venue=read_only(venue),
        depth_end=read_only(depth_end),
    )


def _between(stamps: Stamps, begin_ns: int | None, end_ns: int | None) -> tuple[int, int]:
    """Return the first row after `begin_ns` and the first not before `end_ns`."""
    import numpy as np

    first = 0 if begin_ns is None else int(np.searchsorted(stamps, begin_ns, side="right"))
    stop = len(stamps) if end_ns is None else int(np.searchsorted(stamps, end_ns, side="left"))
    return first, stop


def _part(rows: Columns, first: int, stop: int, begin_ns: int | None) -> tuple[Columns, int]:
    """Return the rows [first, stop) behind a snapshot of what precedes, and how long that is."""
    inside = _slice(rows, first, stop)
    if not first or begin_ns is None:
        return inside, 0
    before = _book(rows, first, begin_ns)
    return join([before, inside]), len(before)


def _slice(rows: Columns, first: int, stop: int) -> Columns:
    return Columns(
        rows.kind[first:stop],
        rows.ticks[first:stop],
        rows.lots[first:stop],
        rows.venue_ns[first:stop],
        rows.recv_ns[first:stop],
    )


def _book(rows: Columns, stop: int, now_ns: int) -> Columns:
    """Return the book after the rows [0, stop) as the rows of a snapshot at `now_ns`.

    Where a gap left the book unknown it stays so: the snapshot is that gap.
    """
    import numpy as np

    kind = rows.kind[:stop]
    last_gap = _last(kind == GAP)
    clears = {side: _last(kind == what) for side, what in _CLEARS.items()}
    if last_gap > max(clears.values()):
        return _stamped([GAP], [0], [0], now_ns)
    parts = [_stamped([CLEAR_BIDS, CLEAR_ASKS], [0, 0], [0, 0], now_ns)]
    for side, cleared in clears.items():
        start = max(cleared, last_gap) + 1
        own = start + np.flatnonzero(kind[start:] == side)[::-1]
        _, latest = np.unique(rows.ticks[own], return_index=True)
        shown = own[latest]
        shown = shown[rows.lots[shown] > 0]
        sides = np.full(len(shown), side)
        parts.append(_stamped(sides, rows.ticks[shown], rows.lots[shown], now_ns))
    return join(parts)


_CLEARS = {BID: CLEAR_BIDS, ASK: CLEAR_ASKS}


def _last(mask: NDArray[np.bool_]) -> int:
    """Return the last place that a mask has, or -1."""
    import numpy as np

    places = np.flatnonzero(mask)
    return int(places[-1]) if len(places) else -1


def _stamped(kind: ArrayLike, ticks: ArrayLike, lots: ArrayLike, now_ns: int) -> Columns:
    import numpy as np

    kinds = np.asarray(kind, np.uint8)
    stamps = np.full(len(kinds), now_ns, np.int64)
    return Columns(
        kinds,
        np.asarray(ticks, np.int32),
        np.asarray(lots, np.int64),
        stamps,
        stamps,
    )


def _told(moment_ns: int) -> str:
    return f"{datetime.fromtimestamp(int(moment_ns) / 1e9, UTC):%Y-%m-%dT%H:%M:%S}"
