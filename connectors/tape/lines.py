"""Read the lines of a plain, gzipped or zipped text file, and tell a torn end from garbage."""

from __future__ import annotations

import gzip
import zipfile
import zlib
from typing import TYPE_CHECKING, BinaryIO, cast

from connectors.model.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

GZIP_MAGIC = b"\x1f\x8b"
ZIP_MAGIC = b"PK"


class Torn(Exception):
    """The text ends inside a record; what precedes is good."""


def open_bytes(path: Path) -> BinaryIO:
    """Open a file for reading, through gzip or zip where its first bytes say so."""
    try:
        plain = path.open("rb")
    except OSError as error:
        raise DataError(f"{path}: cannot be read: {error.strerror}") from error
    magic = plain.read(len(GZIP_MAGIC))
    if magic == GZIP_MAGIC:
        plain.close()
        return cast("BinaryIO", gzip.open(path))
    if magic == ZIP_MAGIC:
        plain.close()
        return _open_zip(path)
    plain.seek(0)
    return plain


def _open_zip(path: Path) -> BinaryIO:
    """Open the one file in a zip archive."""
    try:
        archive = zipfile.ZipFile(path)
        names = archive.namelist()
        if len(names) != 1:
            raise DataError(f"{path}: expected one file in the archive, was {len(names)}")
        return cast("BinaryIO", archive.open(names[0]))
    except zipfile.BadZipFile as error:
        raise DataError(f"{path}: expected a whole zip archive: {error}; get it again") from error


def read_lines(path: Path) -> Iterator[tuple[int, bytes]]:
    """Yield the number (from 1) and bytes of each line that is not blank.

    A line without its newline is the last one, and may have been cut: the caller decides by
    decoding it. Raises Torn where gzip data ends too early or is damaged, DataError where nothing
    is readable.
    """
    number = 0
    with open_bytes(path) as stream:
        try:
            for number, line in enumerate(stream, start=1):
                if not line.isspace():
                    yield number, line
        except (EOFError, zlib.error, gzip.BadGzipFile, zipfile.BadZipFile) as error:
            packing = "zip" if isinstance(error, zipfile.BadZipFile) else "gzip"
            if not number:
                raise DataError(f"{path}: expected {packing}ped rows, none can be read") from error
            raise Torn(f"{path}: the {packing} data ends or breaks after line {number}") from error
        except OSError as error:
            raise DataError(f"{path}: cannot be read: {error.strerror}") from error
    if number == 0:
        raise DataError(f"{path}: expected recorded rows, the file is empty")
