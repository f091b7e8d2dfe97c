"""Read hftbacktest's own files, .npz (array `data`) or .npy of 64-byte events, in name order."""

from __future__ import annotations

import zipfile
import zlib
from collections import Counter
from tokenize import TokenError
from typing import TYPE_CHECKING, Any

from connectors.model.errors import DataError
from connectors.tape import hft_events as hft
from connectors.tape.hft_clears import write_out_clears
from connectors.tape.hft_decode import Decoded, decode
from connectors.tape.ordering import assemble, join, take
from connectors.tape.source import Reader, TapeSource
from connectors.tape.tape import Columns, Tape

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np
    from numpy.lib.npyio import NpzFile
    from numpy.typing import NDArray

    from connectors.model.instrument import Instrument

ZIP_MAGIC = b"PK"
ROW_BITS = 40
"""A place is the file's number above this many bits and the event's row below."""

_UNREADABLE = (
    *(OSError, EOFError, ValueError, KeyError, TypeError, MemoryError, RuntimeError),
    *(SyntaxError, TokenError, zipfile.BadZipFile, zlib.error),
)
"""What numpy and zipfile raise for files that are none of theirs, or damaged."""


def read(paths: tuple[Path, ...], instrument: Instrument, source: TapeSource) -> Tape:
    """Read the files; a row flagged for one order only appears in that order only.

    Raises DataError for anything but arrays of events, and what decoding raises.
    """
    notes: Counter[str] = Counter()
    parts = [_read_file(path, instrument, notes, source.repair) for path in paths]
    received, places = _joined(parts, [part.is_received for part in parts])
    happened = None
    if not all((part.is_received & part.has_happened).all() for part in parts):
        happened, _ = _joined(parts, [part.has_happened for part in parts])
    if not len(received) or (happened is not None and not len(happened)):
        raise DataError(
            f"{source.path}: expected events flagged for our side (1 << 30) and for the venue "
            "(1 << 31), one flag is missing; write the file after hftbacktest's correct_event_order"
        )

    def place(row: int) -> str:
        where = int(places[row])
        return f"{paths[where >> ROW_BITS]}: row {where & ((1 << ROW_BITS) - 1)}"

    return assemble(instrument, source, received, place, happened=happened, notes=notes)


def _read_file(path: Path, instrument: Instrument, notes: Counter[str], repair: bool) -> Decoded:
    events = load_events(path)
    return decode(events, instrument, lambda row: f"{path}: row {row}", notes, repair=repair)


def load_events(path: Path) -> NDArray[Any]:
    """Return the events of one file; those of an .npy file are mapped, not read."""
    import numpy as np

    try:
        with path.open("rb") as file:
            if file.read(len(ZIP_MAGIC)) == ZIP_MAGIC:
                file.seek(0)
                events = _only_array(path, np.load(file))
            else:
                events = np.load(path, mmap_mode="r")
    except _UNREADABLE as error:
        reason = " ".join(str(error).split())
        raise DataError(f"{path}: expected hftbacktest's .npz or .npy: {reason}") from error
    needed = [name for name, _ in hft.FIELDS]
    if events.ndim != 1 or events.dtype.names is None or not set(needed) <= set(events.dtype.names):
        raise DataError(
            f"{path}: expected an array of events with the fields {', '.join(needed)}, was "
            f"{events.ndim}-dimensional of {events.dtype}; convert older files with hftbacktest"
        )
    return events


def _only_array(path: Path, archive: NpzFile[Any]) -> NDArray[Any]:
    names = archive.files
    if "data" in names:
        return archive["data"]
    if len(names) == 1:
        return archive[names[0]]
    raise DataError(f"{path}: expected one array called data, found {', '.join(names) or 'none'}")


def _joined(
    parts: list[Decoded], masks: list[NDArray[np.bool_]]
) -> tuple[Columns, NDArray[np.int64]]:
    """Join the rows under the masks and write out their clears; return each row's place too."""
    import numpy as np

    chosen = [
        part.rows if mask.all() else take(part.rows, mask)
        for part, mask in zip(parts, masks, strict=True)
    ]
    places = np.concatenate(
        [
            part.event[mask] + (number << ROW_BITS)
            for number, (part, mask) in enumerate(zip(parts, masks, strict=True))
        ]
    )
    rows, origin = write_out_clears(join(chosen))
    return rows, places[origin]


READER = Reader("hftbacktest", 1, "{symbol}[!a-z0-9]*np[yz]", read)
