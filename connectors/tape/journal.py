"""Write and read what a worker consumed and sent, row by row, for exact replay.

The meaning of a row is the caller's: ten integers of 64 bits. So is the header, which carries what
the rows need to be replayed: market, configuration hash, parameters, opening state.
"""

from __future__ import annotations

from struct import Struct
from typing import TYPE_CHECKING, Any

from connectors.tape.chunks import ChunkWriter, read_chunks

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

MAGIC = b"mmrjrnl1"
WHAT = "a journal that mmrunner wrote"
FIELDS = (
    "kind",
    "now_ns",
    "client_id",
    "side",
    "ticks",
    "lots",
    "code",
    "trade_id",
    "venue_ns",
    "extra",
)
"""Columns of a journal row."""

_ROW = Struct("<10q")
_PACK = _ROW.pack


class JournalWriter:
    """Append rows to a new journal file. They wait in memory until `flush`, the owner's duty."""

    __slots__ = ("_buffer", "_chunks")

    def __init__(self, path: Path, header: Mapping[str, object]) -> None:
        self._buffer = bytearray()
        self._chunks = ChunkWriter(path, MAGIC, _ROW.size, header)

    def row(
        self,
        kind: int,
        now_ns: int,
        client_id: int,
        side: int,
        ticks: int,
        lots: int,
        code: int,
        trade_id: int,
        venue_ns: int,
        extra: int,
    ) -> None:
        """Append one row."""
        self._buffer += _PACK(
            kind, now_ns, client_id, side, ticks, lots, code, trade_id, venue_ns, extra
        )

    def flush(self) -> None:
        """Write the rows that wait; they survive the end of this process."""
        if self._buffer:
            self._chunks.write(self._buffer)
            self._buffer.clear()

    def close(self) -> None:
        """Write the rows that wait, force the file to the disk and close it."""
        self.flush()
        self._chunks.close()


def read_journal(path: Path, allow_torn: bool) -> tuple[dict[str, Any], NDArray[np.int64]]:
    """Return the header and the rows, shape (n, 10), columns as in FIELDS.

    Raises DataError for another file, TornTape for one that ends inside a chunk unless
    `allow_torn`.
    """
    import numpy as np

    journal = read_chunks(path, MAGIC, _ROW.size, WHAT, allow_torn)
    rows = np.frombuffer(journal.rows, "<i8").reshape(-1, len(FIELDS))
    return journal.header, rows
