"""Read the tapes that mmrunner itself records, live or on paper.

Every row is kept, in its order: row k of a tape of one file is the k-th row appended. Segments of
one recording that follow each other are joined without a seam; other files get a GAP row between
them.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from connectors.model.errors import DataError
from connectors.model.events import CLEAR_ASKS, CLEAR_BIDS, GAP
from connectors.tape.chunks import read_chunks
from connectors.tape.gaps import hold_until_snapshot
from connectors.tape.hft_decode import decode
from connectors.tape.hft_events import EVENT, event_dtype
from connectors.tape.ordering import assemble, join, take, with_venue_stamps
from connectors.tape.source import Reader, TapeSource
from connectors.tape.tape import Columns, Tape
from connectors.tape.writer import MAGIC, WHAT, TapeHeader, parse_header

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from connectors.model.instrument import Instrument


def read(paths: tuple[Path, ...], instrument: Instrument, source: TapeSource) -> Tape:
    """Read the files of one symbol, joined in their order.

    Raises DataError for other files and for another market or other steps than the instrument's,
    TornTape for a file that ends inside a chunk unless `allow_torn`.
    """
    import numpy as np

    parts: list[Columns] = []
    torn: list[str] = []
    venues: set[str] = set()
    notes: Counter[str] = Counter()
    before: tuple[TapeHeader, int | None] | None = None
    for path in paths:
        header, events, cut = read_events(path, source.takes_torn)
        _check_market(path, header, instrument)
        venues.add(header.venue)
        if cut is not None:
            torn.append(cut)
        rows = decode(events, instrument, _rows_of(path), notes, repair=source.repair).rows
        rows.ticks[_clears(rows)] = 0
        if parts and len(rows) and not _continues(header, before):
            parts += [_gap_after(parts[-1]), _from_snapshot(rows)]
        elif len(rows):
            repeated = header.segment.repeats_rows if parts else 0
            parts.append(take(rows, np.arange(repeated, len(rows))))
        before = header, len(rows) if cut is None else None
    if len(venues) > 1:
        raise DataError(
            f"{source.path}: expected tapes of one venue, found {', '.join(sorted(venues))}; "
            "set tape.pattern"
        )
    if not parts:
        raise DataError(f"{source.path}: expected market rows of {instrument.symbol}, found none")

    def place(row: int) -> str:
        return f"{source.path}: row {row}"

    return assemble(
        instrument,
        source,
        with_venue_stamps(join(parts)),
        place,
        torn="; ".join(torn) or None,
        notes=notes,
    )


def read_events(path: Path, allow_torn: bool) -> tuple[TapeHeader, NDArray[Any], str | None]:
    """Return the header, the events as they were written and what was cut off."""
    import numpy as np

    chunked = read_chunks(path, MAGIC, EVENT.size, WHAT, allow_torn)
    header = parse_header(path, chunked.header)
    return header, np.frombuffer(chunked.rows, event_dtype()), chunked.torn


def _check_market(path: Path, header: TapeHeader, instrument: Instrument) -> None:
    recorded = (header.symbol, header.tick_size, header.lot_size_base)
    expected = (instrument.symbol, instrument.tick_size, instrument.lot_size_base)
    if recorded != expected:
        raise DataError(
            f"{path}: expected {expected[0]} with tick {expected[1]} and lot {expected[2]}, was "
            f"{recorded[0]} with tick {recorded[1]} and lot {recorded[2]}; "
            "set the market's instrument"
        )


def _rows_of(path: Path) -> Any:
    return lambda row: f"{path}: row {row}"


def _clears(rows: Columns) -> Any:
    import numpy as np

    return np.isin(rows.kind, (CLEAR_BIDS, CLEAR_ASKS))


def _continues(header: TapeHeader, before: tuple[TapeHeader, int | None] | None) -> bool:
    """Tell whether a file begins where the one before, its header and its rows, ends."""
    if before is None or not header.recording_ns:
        return False
    former, rows = before
    expected = former.recording_ns, former.segment.number + 1, rows
    return (header.recording_ns, header.segment.number, header.segment.follows_rows) == expected


def _gap_after(rows: Columns) -> Columns:
    """Return one GAP row with the stamps of the last row: nothing is known from there on."""
    import numpy as np

    nothing = np.zeros(1, np.int64)
    return Columns(
        np.array([GAP], np.uint8),
        nothing.astype(np.int32),
        nothing,
        rows.venue_ns[-1:],
        rows.recv_ns[-1:],
    )


def _from_snapshot(rows: Columns) -> Columns:
    """Return the rows after a gap, with no book until the next snapshot."""
    import numpy as np

    kind = hold_until_snapshot(np.concatenate(([np.uint8(GAP)], rows.kind)))[1:]
    is_lost = kind != rows.kind
    ticks = np.where(is_lost, np.int32(0), rows.ticks)
    return replace(rows, kind=kind, ticks=ticks, lots=np.where(is_lost, 0, rows.lots))


READER = Reader("mmrunner", 2, "{symbol}.*tape", read)
