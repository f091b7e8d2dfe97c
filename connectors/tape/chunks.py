"""Store rows of a fixed size in compressed chunks; a killed writer loses its last chunk at most.

A file is a prefix (magic, row size, header size, header checksum), a JSON header, then chunks. A
chunk is its row count, compressed size and checksum, then zlib. The checksum covers the two numbers
as well: a run of zeros, which a power cut may leave at the end, is not taken for an empty chunk.
"""

from __future__ import annotations

import json
import os
import zlib
from dataclasses import dataclass
from struct import Struct
from typing import TYPE_CHECKING, Any, BinaryIO

from connectors.model.errors import DataError, TornTape

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

_PREFIX = Struct("<8sIII")
_SIZES = Struct("<II")
_CHECKSUM = Struct("<I")
_CHUNK_BYTES = _SIZES.size + _CHECKSUM.size
_LEVEL = 1


class ChunkWriter:
    """Append chunks to a new file. Each chunk goes to the kernel in one write, unbuffered.

    Raises DataError when the file exists already or cannot be made. A write that fails is undone,
    so that the file stays readable, and raises OSError: the rows are still the caller's.
    """

    __slots__ = ("_end", "_file", "_row_bytes")

    def __init__(
        self, path: Path, magic: bytes, row_bytes: int, header: Mapping[str, object]
    ) -> None:
        text = json.dumps(header, allow_nan=False).encode()
        self._row_bytes = row_bytes
        self._end = 0
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file = path.open("xb", buffering=0)
        except OSError as error:
            raise DataError(
                f"{path}: expected a new file to record into: {error.strerror}"
            ) from error
        try:
            self._append(_PREFIX.pack(magic, row_bytes, len(text), zlib.crc32(text)) + text)
        except OSError as error:
            self._file.close()
            path.unlink()
            raise DataError(f"{path}: cannot be written: {error.strerror}") from error

    @property
    def written_bytes(self) -> int:
        """How many bytes the file has."""
        return self._end

    def fileno(self) -> int:
        """Return the file's descriptor."""
        return self._file.fileno()

    def write(self, rows: bytes | bytearray) -> None:
        """Append whole rows as one chunk."""
        payload = zlib.compress(rows, _LEVEL)
        sizes = _SIZES.pack(len(rows) // self._row_bytes, len(payload))
        self._append(sizes + _CHECKSUM.pack(zlib.crc32(payload, zlib.crc32(sizes))) + payload)

    def close(self) -> None:
        """Bring everything to the disk and close; a second call does nothing."""
        if not self._file.closed:
            os.fsync(self._file.fileno())
            self._file.close()

    def _append(self, data: bytes) -> None:
        left = memoryview(data)
        try:
            while left:
                left = left[self._file.write(left) :]
        except OSError:
            self._file.seek(self._end)
            self._file.truncate()
            raise
        self._end += len(data)


@dataclass(frozen=True, slots=True)
class Chunked:
    """What a chunked file holds. `torn` says what was cut off its end."""

    header: dict[str, Any]
    rows: bytearray
    torn: str | None


def read_header(path: Path, magic: bytes, what: str) -> dict[str, Any]:
    """Return the header of a chunked file; raise DataError when it is not one of `what`."""
    with _opened(path) as stream:
        return _header(path, stream, magic, None, what)


def read_chunks(path: Path, magic: bytes, row_bytes: int, what: str, allow_torn: bool) -> Chunked:
    """Return the header and all rows.

    Raises DataError when the file is not one of `what`, TornTape when it ends inside a chunk or one
    is damaged, unless `allow_torn` takes the chunks before.
    """
    with _opened(path) as stream:
        header = _header(path, stream, magic, row_bytes, what)
        start = stream.tell()
        chunks = _Chunks(memoryview(stream.read()), start)
    rows = _unpacked(path, list(chunks), row_bytes)
    if chunks.torn is None:
        return Chunked(header, rows, None)
    torn = f"{path}: {chunks.torn}; {len(rows) // row_bytes} good rows precede"
    if not allow_torn:
        raise TornTape(f"{torn}; set tape.allow_torn=true to use them")
    return Chunked(header, rows, torn)


def _unpacked(path: Path, chunks: list[tuple[int, memoryview]], row_bytes: int) -> bytearray:
    rows = bytearray(sum(count for count, _ in chunks) * row_bytes)
    end = 0
    for count, payload in chunks:
        size = count * row_bytes
        unpacked = zlib.decompress(payload, bufsize=max(size, 1))
        if len(unpacked) != size:
            raise DataError(f"{path}: expected {size} bytes in a chunk, was {len(unpacked)}")
        rows[end : end + size] = unpacked
        end += size
    return rows


class _Chunks:
    """Walk over (row count, payload) of whole chunks; afterwards `torn` says why it ended early."""

    def __init__(self, content: memoryview, start: int) -> None:
        self.torn: str | None = None
        self._content = content
        self._start = start

    def __iter__(self) -> Iterator[tuple[int, memoryview]]:
        at = 0
        while at < len(self._content):
            body = at + _CHUNK_BYTES
            place = f"byte {self._start + at}"
            if body > len(self._content):
                self.torn = f"the file ends inside a chunk's head at {place}"
                return
            count, size = _SIZES.unpack_from(self._content, at)
            (checksum,) = _CHECKSUM.unpack_from(self._content, at + _SIZES.size)
            payload = self._content[body : body + size]
            if len(payload) < size:
                self.torn = f"the file ends inside the chunk at {place}"
                return
            head = zlib.crc32(self._content[at : at + _SIZES.size])
            if zlib.crc32(payload, head) != checksum:
                self.torn = f"the chunk at {place} is damaged"
                return
            yield count, payload
            at = body + size


def _opened(path: Path) -> BinaryIO:
    try:
        return path.open("rb")
    except OSError as error:
        raise DataError(f"{path}: cannot be read: {error.strerror}") from error


def _header(
    path: Path, stream: BinaryIO, magic: bytes, row_bytes: int | None, what: str
) -> dict[str, Any]:
    """Read the prefix and the header; the chunks follow in the stream."""
    prefix = stream.read(_PREFIX.size)
    if not prefix:
        raise DataError(f"{path}: expected {what}, the file is empty")
    if prefix[: len(magic)] != magic[: len(prefix)]:
        raise DataError(f"{path}: expected {what}, it starts with {prefix[: len(magic)]!r}")
    cut = TornTape(f"{path}: the header is cut off or damaged; no good rows precede")
    if len(prefix) < _PREFIX.size:
        raise cut
    _, recorded_bytes, size, checksum = _PREFIX.unpack(prefix)
    text = stream.read(size)
    if len(text) < size or zlib.crc32(text) != checksum:
        raise cut
    if row_bytes not in (None, recorded_bytes):
        raise DataError(f"{path}: expected rows of {row_bytes} bytes, was {recorded_bytes}")
    header: dict[str, Any] = json.loads(text)
    return header
