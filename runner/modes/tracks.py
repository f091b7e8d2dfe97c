"""Find a market's columns by its number, in a loop that is compiled once for any count of markets.

Interpreted, `tracks` is a list of each market's columns. Compiled, it is a table of their addresses
and lengths: no row is copied, and no type depends on how many markets there are. Whoever makes
the table keeps the columns.
"""

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

from connectors.model.events import IntColumn

KIND = 0
TICKS = 1
LOTS = 2
RECV_NS = 3
VENUE_KIND = 4
VENUE_TICKS = 5
VENUE_LOTS = 6
VENUE_NS = 7
"""Columns of a market, in the order in which every loop takes them."""
COLUMNS = 8

Tracks = Any
"""Lists of columns, or a table with a row a market: 8 addresses, then 8 lengths."""

WIDTHS = ("u1", "i4", "i8", "i8", "u1", "i4", "i8", "i8")


def kinds_at(tracks: Tracks, market: int, column: int) -> IntColumn:
    """Return a column of one byte a row."""
    found: IntColumn = tracks[market][column]
    return found


def ticks_at(tracks: Tracks, market: int, column: int) -> IntColumn:
    """Return a column of four bytes a row."""
    found: IntColumn = tracks[market][column]
    return found


def longs_at(tracks: Tracks, market: int, column: int) -> IntColumn:
    """Return a column of eight bytes a row."""
    found: IntColumn = tracks[market][column]
    return found


def table_of(markets: Sequence[Sequence[Any]]) -> Tracks:
    """Return the table of every market's columns; raise ValueError for one of another width."""
    import numpy as np

    table = np.zeros((len(markets), 2 * COLUMNS), np.int64)
    for row, columns in zip(table, markets, strict=True):
        for k, (column, width) in enumerate(zip(columns, WIDTHS, strict=True)):
            if column.dtype != np.dtype(width) or not column.flags.c_contiguous:
                raise ValueError(f"column {k}: expected {width} in one piece, was {column.dtype}")
            row[k] = column.ctypes.data
            row[COLUMNS + k] = len(column)
    return table


@cache
def teach_numba() -> None:
    """Let compiled code find columns by their addresses."""
    import numba
    import numpy as np
    from numba import types
    from numba.extending import intrinsic, overload

    carray: Any = numba.carray  # type: ignore[attr-defined]

    def pointer(typing: Any, address: Any) -> Any:
        def cast(context: Any, builder: Any, signature: Any, given: Any) -> Any:
            return builder.inttoptr(given[0], context.get_value_type(types.voidptr))

        return types.voidptr(types.int64), cast

    to_pointer: Any = intrinsic(pointer)

    def view(kind: Any) -> Callable[..., Any]:
        def found(tracks: Any, market: Any, column: Any) -> Any:
            def at(tracks: Any, market: Any, column: Any) -> Any:
                row = tracks[market]
                return carray(to_pointer(row[column]), row[COLUMNS + column], kind)

            return at

        return found

    counted: Any = {"_nrt": True}  # only then may a function return an array; these own nothing
    overload(kinds_at, jit_options=counted)(view(np.uint8))
    overload(ticks_at, jit_options=counted)(view(np.int32))
    overload(longs_at, jit_options=counted)(view(np.int64))
