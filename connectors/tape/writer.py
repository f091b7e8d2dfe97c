"""Write the market rows that a worker receives to a tape, in hftbacktest's event rows.

Runs live, so it needs no numpy. A price is written as the float nearest to its exact decimal.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from connectors.model.errors import DataError
from connectors.tape.chunks import ChunkWriter, read_header
from connectors.tape.hft_events import EV_OF_KIND, EVENT, IS_PRICED, OURS

if TYPE_CHECKING:
    from pathlib import Path

    from connectors.model.events import MarketRows
    from connectors.model.instrument import Instrument

MAGIC = b"mmrtape1"
WHAT = "a tape that mmrunner wrote"
CHUNK_ROWS = 4096
_CHUNK_BYTES = CHUNK_ROWS * EVENT.size
_NAN = float("nan")
_OUR_KIND = tuple(0 if ev & 0xFF != OURS else kind for kind, ev in enumerate(EV_OF_KIND))


@dataclass(frozen=True, slots=True)
class Segment:
    """Which part of a recording a tape is.

    Its first `repeats_rows` rows say again what the segment before, of `follows_rows` rows, has
    said.
    """

    number: int = 1
    follows_rows: int = 0
    repeats_rows: int = 0


@dataclass(frozen=True, slots=True)
class TapeHeader:
    """What a tape is of. `started_ns` is our clock, UTC; `recording_ns` that of its recording's
    first segment (0: it was not recorded in segments)."""

    symbol: str
    base: str
    quote: str
    tick_size: Decimal
    lot_size_base: Decimal
    venue: str
    started_ns: int
    recording_ns: int = 0
    segment: Segment = Segment()

    @classmethod
    def of(cls, instrument: Instrument, venue: str, started_ns: int) -> TapeHeader:
        """Return the header of a recording that starts now."""
        return cls(
            instrument.symbol,
            instrument.base,
            instrument.quote,
            instrument.tick_size,
            instrument.lot_size_base,
            venue,
            started_ns,
        )

    def to_json(self) -> dict[str, object]:
        """Return the header's fields, decimals as text."""
        return {
            "symbol": self.symbol,
            "base": self.base,
            "quote": self.quote,
            "tick_size": str(self.tick_size),
            "lot_size": str(self.lot_size_base),
            "venue": self.venue,
            "started_ns": self.started_ns,
            "recording_ns": self.recording_ns,
            "segment": asdict(self.segment),
        }


def parse_header(path: Path, fields: dict[str, Any]) -> TapeHeader:
    """Return the header that a file's JSON says; raise DataError when a field is missing or bad."""
    try:
        return TapeHeader(
            fields["symbol"],
            fields["base"],
            fields["quote"],
            Decimal(fields["tick_size"]),
            Decimal(fields["lot_size"]),
            fields["venue"],
            fields["started_ns"],
            fields.get("recording_ns", 0),
            Segment(**fields.get("segment", {})),
        )
    except (KeyError, TypeError, ArithmeticError) as error:
        raise DataError(f"{path}: expected a tape's header, it lacks or spoils {error}") from error


def read_tape_header(path: Path) -> TapeHeader:
    """Return what a tape is of, without reading its rows."""
    return parse_header(path, read_header(path, MAGIC, WHAT))


class TapeWriter:
    """Append market rows to a new tape file.

    Rows wait in memory until there are 4096 or `flush` is called; only `close` forces them to the
    disk. Begin a file with CLEAR rows and the book, so that it stands on its own. Raises what
    ChunkWriter raises; after an OSError the rows wait for the next try.
    """

    __slots__ = ("_buffer", "_chunks", "_lot", "_tick")

    def __init__(self, path: Path, header: TapeHeader) -> None:
        self._buffer = bytearray()
        self._tick = header.tick_size.as_integer_ratio()
        self._lot = header.lot_size_base.as_integer_ratio()
        self._chunks = ChunkWriter(path, MAGIC, EVENT.size, header.to_json())

    @property
    def written_bytes(self) -> int:
        """How many bytes the file has."""
        return self._chunks.written_bytes

    def fileno(self) -> int:
        """Return the file's descriptor."""
        return self._chunks.fileno()

    def append(self, rows: MarketRows, i: int, j: int) -> None:
        """Append the rows [i, j)."""
        buffer = self._buffer
        pack = EVENT.pack
        tick_up, tick_down = self._tick
        lot_up, lot_down = self._lot
        for kind, ticks, lots, venue_ns, recv_ns in zip(
            rows.kind[i:j],
            rows.ticks[i:j],
            rows.lots[i:j],
            rows.venue_ns[i:j],
            rows.recv_ns[i:j],
            strict=True,
        ):
            px = ticks * tick_up / tick_down if IS_PRICED[kind] else _NAN
            qty = lots * lot_up / lot_down
            ours = _OUR_KIND[kind]
            told = ticks if ours else 0
            fval = float(lots) if ours else 0.0
            buffer += pack(EV_OF_KIND[kind], venue_ns, recv_ns, px, qty, told, ours, fval)
        if len(buffer) >= _CHUNK_BYTES:
            self._write_full()

    def flush(self) -> None:
        """Write the rows that wait; they survive the end of this process."""
        self._write_full()
        if self._buffer:
            self._chunks.write(self._buffer)
            self._buffer.clear()

    def close(self) -> None:
        """Write the rows that wait, force the file to the disk and close it."""
        self.flush()
        self._chunks.close()

    def _write_full(self) -> None:
        while len(self._buffer) >= _CHUNK_BYTES:
            self._chunks.write(self._buffer[:_CHUNK_BYTES])
            del self._buffer[:_CHUNK_BYTES]
