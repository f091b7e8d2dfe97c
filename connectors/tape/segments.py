"""Write one market's recording as segments, each a tape that stands on its own.

A segment after the first begins with a snapshot of the book. Its header says how many rows that
takes and how many the segment before has, so that a reader which has both joins them without a
seam: the same rows as if nothing had been rotated.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from connectors.tape.levels import Levels
from connectors.tape.writer import Segment, TapeHeader, TapeWriter

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from connectors.model.events import MarketRows


@dataclass(frozen=True, slots=True)
class Rotation:
    """When a segment is full: after so much time by our clock, or so many bytes on the disk."""

    most_ns: int
    most_bytes: int


class SegmentedTape:
    """Append batches; a new segment begins between two of them.

    `path_of` names the file of a segment by its number, from 1. Raises what TapeWriter raises;
    after an OSError the rows wait for the next try.
    """

    def __init__(
        self, path_of: Callable[[int], Path], header: TapeHeader, rotation: Rotation
    ) -> None:
        self.rows = 0
        self.segments = 0
        self._closed_bytes = 0
        self._path_of = path_of
        self._header = replace(header, recording_ns=header.started_ns)
        self._rotation = rotation
        self._levels = Levels()
        self._segment_rows = 0
        self._started_ns = header.started_ns
        self._writer = self._opened(header.started_ns, Segment())

    @property
    def written_bytes(self) -> int:
        """How many bytes all segments have on the disk."""
        return self._closed_bytes + self._writer.written_bytes

    def append(self, rows: MarketRows, now_ns: int) -> None:
        """Append a whole batch, to a new segment where the present one is full."""
        if self._is_full(now_ns):
            self._rotate(now_ns)
        self._levels.take(rows)
        self._write(rows)
        self.rows += len(rows)

    def flush(self) -> None:
        """Write the rows that wait; they survive the end of this process."""
        self._writer.flush()

    def fileno_to_sync(self) -> int:
        """Return a descriptor of the present segment, for `os.fsync` and then `os.close`."""
        return os.dup(self._writer.fileno())

    def close(self) -> None:
        """Bring everything to the disk and close."""
        self._writer.close()

    def _is_full(self, now_ns: int) -> bool:
        limit = self._rotation
        age_ns = now_ns - self._started_ns
        return age_ns >= limit.most_ns or self._writer.written_bytes >= limit.most_bytes

    def _rotate(self, now_ns: int) -> None:
        """Close the full segment, then begin the next with the book as it stands."""
        self._writer.close()
        self._closed_bytes += self._writer.written_bytes
        book = self._levels.snapshot()
        about = Segment(self.segments + 1, follows_rows=self._segment_rows, repeats_rows=len(book))
        self._writer = self._opened(now_ns, about)
        self._started_ns = now_ns
        self._segment_rows = 0
        self._write(book)

    def _write(self, rows: MarketRows) -> None:
        self._segment_rows += len(rows)
        self._writer.append(rows, 0, len(rows))

    def _opened(self, now_ns: int, about: Segment) -> TapeWriter:
        self.segments = about.number
        path = self._path_of(about.number)
        writer = TapeWriter(path, replace(self._header, started_ns=now_ns, segment=about))
        _sync_folder(path.parent)
        return writer


def _sync_folder(folder: Path) -> None:
    """Let a new file's name survive a power cut too."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
