"""Collect decoded rows in runs of one kind, stamp and place; turn them into columns at the end.

Prices and sizes stay the floats that the decoder gave. Converting them all at once is many times
cheaper than one by one, and a run remembers its line for the error message.
"""

from __future__ import annotations

from array import array
from itertools import chain
from typing import TYPE_CHECKING

from connectors.model.events import CLEAR_ASKS, CLEAR_BIDS, GAP
from connectors.tape.gaps import put_gaps
from connectors.tape.grid import MAX_LOTS, MAX_TICKS, misfits, to_lots, to_ticks
from connectors.tape.tape import Columns

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Callable, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from connectors.model.instrument import Instrument

    Level = tuple[float, float]


class RowRuns:
    """Grow market rows run by run. `place` is any number that the reader can turn into a line."""

    __slots__ = ("_count", "_kind", "_place", "_recv_ns", "_values", "_venue_ns", "rows")

    def __init__(self) -> None:
        self.rows = 0
        self._values = array("d")
        self._kind = array("B")
        self._count = array("q")
        self._venue_ns = array("q")
        self._recv_ns = array("q")
        self._place = array("q")

    def add(
        self, kind: int, levels: Sequence[Level], venue_ns: int, recv_ns: int, place: int
    ) -> None:
        """Append a row for each (price, size in base units)."""
        count = len(levels)
        if count:
            self._values.extend(chain.from_iterable(levels))
            self._append(kind, count, venue_ns, recv_ns, place)

    def mark(self, kind: int, venue_ns: int, recv_ns: int, place: int) -> None:
        """Append a row that has neither price nor size."""
        self._values.extend((0.0, 0.0))
        self._append(kind, 1, venue_ns, recv_ns, place)

    def columns(
        self,
        instrument: Instrument,
        text: Callable[[int], str],
        repaired: Counter[str] | None = None,
    ) -> Columns:
        """Return the rows as columns; `text` names a place for a price that is off the grid.

        With `repaired` such a row becomes a GAP instead, and is counted there.
        """
        import numpy as np

        count = np.frombuffer(self._count, np.int64)
        values = np.frombuffer(self._values, np.float64).reshape(-1, 2)
        kind = np.repeat(np.frombuffer(self._kind, np.uint8), count)
        ticks = np.zeros(self.rows, np.int32)
        lots = np.zeros(self.rows, np.int64)
        if repaired is not None:
            is_bad = misfits(values[:, 0], instrument.tick_size, MAX_TICKS, least=1)
            is_bad |= misfits(values[:, 1], instrument.lot_size_base, MAX_LOTS, least=0)
            kind = put_gaps(kind, is_bad & _is_priced(kind), repaired)
        priced = np.flatnonzero(_is_priced(kind))

        def where(k: int) -> str:
            return text(self.place_of(int(priced[k])))

        ticks[priced] = to_ticks(values[priced, 0], instrument.tick_size, where)
        lots[priced] = to_lots(values[priced, 1], instrument.lot_size_base, where)
        return Columns(kind, ticks, lots, self._spread(self._venue_ns), self._spread(self._recv_ns))

    def place_of(self, row: int) -> int:
        """Return the place of a row."""
        import numpy as np

        ends = np.cumsum(np.frombuffer(self._count, np.int64))
        return self._place[int(np.searchsorted(ends, row, side="right"))]

    def places(self) -> NDArray[np.int64]:
        """Return the place of every row."""
        return self._spread(self._place)

    def _append(self, kind: int, count: int, venue_ns: int, recv_ns: int, place: int) -> None:
        self._kind.append(kind)
        self._count.append(count)
        self._venue_ns.append(venue_ns)
        self._recv_ns.append(recv_ns)
        self._place.append(place)
        self.rows += count

    def _spread(self, runs: array[int]) -> NDArray[np.int64]:
        import numpy as np

        return np.repeat(np.frombuffer(runs, np.int64), np.frombuffer(self._count, np.int64))


def _is_priced(kind: NDArray[np.uint8]) -> NDArray[np.bool_]:
    import numpy as np

    return ~np.isin(kind, (CLEAR_BIDS, CLEAR_ASKS, GAP))
