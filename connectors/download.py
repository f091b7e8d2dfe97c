"""Fetch files of public archives: resumed, checked, and in their place only when whole.

Nothing but the given address is contacted: no redirect is followed, no proxy variable obeyed. What
has come of a file waits in ``.partial/`` beside its place, for the next try.
"""

from __future__ import annotations

import gzip
import hashlib
import os
import zipfile
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from connectors.model.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    from aiohttp import ClientResponse, ClientSession

PARTIAL = ".partial"
TRIES = 5
"""How often a file is asked for when connections break; each goes on where the last one ended."""
FIRST_PAUSE_S = 1.0
SILENCE_S = 60.0
"""A connection that says nothing for longer is taken for lost."""
MOST_CHECKSUM_BYTES = 4_096
_OK, _PART, _NO_RANGE, _NOT_FOUND = 200, 206, 416, 404


@dataclass(frozen=True, slots=True)
class Wanted:
    """One file: where it is, what it is called here, and where its SHA-256 is told, if anywhere."""

    url: str
    name: str
    checksum_url: str | None = None


class _Broken(Exception):
    """The connection broke; what has come is good."""


def new_session() -> ClientSession:
    """Return a session for `fetch`; it has to be closed. Needs a running loop."""
    import aiohttp

    return aiohttp.ClientSession(
        timeout=aiohttp.ClientTimeout(total=None, sock_connect=10.0, sock_read=SILENCE_S),
        trust_env=False,
        auto_decompress=False,
        cookie_jar=aiohttp.DummyCookieJar(),
        headers={"Accept-Encoding": "identity"},
    )


async def fetch(
    session: ClientSession, wanted: Wanted, folder: Path, pause: Callable[[float], Awaitable[None]]
) -> bool:
    """Bring a file into a folder; return False where it was there already.

    Raises DataError for an answer that is no file, a file that does not fit its checksum or cannot
    be unpacked, and after too many broken connections.
    """
    place = folder / wanted.name
    if place.exists():
        return False
    (folder / PARTIAL).mkdir(parents=True, exist_ok=True)
    partial = folder / PARTIAL / wanted.name
    expected = None
    for attempt in range(1, TRIES + 1):
        try:
            await _receive(session, wanted.url, partial)
            expected = await _checksum(session, wanted)
            break
        except _Broken as error:
            if attempt == TRIES:
                raise DataError(
                    f"{wanted.url}: the connection broke {TRIES} times: {error}; ask again later,"
                    " what has come is kept"
                ) from error
            await pause(FIRST_PAUSE_S * 2 ** (attempt - 1))
    _check(partial, wanted, expected)
    partial.replace(place)
    return True


async def _receive(session: ClientSession, url: str, partial: Path) -> None:
    """Append what lacks of a file; raise _Broken where the connection ends too early."""
    import aiohttp

    had = _size(partial)
    headers = {"Range": f"bytes={had}-"} if had else {}
    try:
        async with session.get(url, headers=headers, allow_redirects=False) as response:
            if response.status == _NO_RANGE and _total(response) == had:
                return
            if response.status == _NO_RANGE:
                os.unlink(partial)
                raise _Broken("the file there is another now")
            _require_file(response, url)
            begins = had if response.status == _PART else 0
            with partial.open("r+b" if begins else "wb") as file:
                file.seek(begins)
                async for chunk in response.content.iter_any():
                    file.write(chunk)
                file.truncate()
                file.flush()
                os.fsync(file.fileno())
                _require_whole(response, begins, file.tell())
    except (aiohttp.ClientError, TimeoutError) as error:
        raise _Broken(f"{type(error).__name__} {error}") from error


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _require_file(response: ClientResponse, url: str) -> None:
    status = response.status
    if status == _NOT_FOUND:
        raise DataError(f"{url}: is not there (404); the archive has no such day, or not yet")
    if 300 <= status < 400:
        where = response.headers.get("Location", "nowhere")
        raise DataError(f"{url}: expected a file, was sent on to {where}, which is not asked")
    if status >= 500:
        raise _Broken(f"status {status}")
    if status not in (_OK, _PART):
        raise DataError(f"{url}: expected a file, was status {status}")


def _require_whole(response: ClientResponse, begins: int, size: int) -> None:
    """Raise _Broken where fewer or more bytes came than were announced."""
    told = response.headers.get("Content-Length")
    expected = _total(response) if response.status == _PART else None
    if expected is None and told is not None:
        expected = begins + int(told)
    if expected is not None and size != expected:
        raise _Broken(f"{size} of {expected} bytes came")


def _total(response: ClientResponse) -> int | None:
    """Return the size of the whole file that a partial answer tells."""
    total = response.headers.get("Content-Range", "").rpartition("/")[2]
    return int(total) if total.isdigit() else None


async def _checksum(session: ClientSession, wanted: Wanted) -> str | None:
    """Return the SHA-256 that the archive tells of a file, in hex."""
    import aiohttp

    if wanted.checksum_url is None:
        return None
    try:
        async with session.get(wanted.checksum_url, allow_redirects=False) as response:
            _require_file(response, wanted.checksum_url)
            text = (await response.content.read(MOST_CHECKSUM_BYTES)).decode("ascii", "replace")
    except (aiohttp.ClientError, TimeoutError) as error:
        raise _Broken(f"{type(error).__name__} {error}") from error
    word = text.split()[0].lower() if text.split() else ""
    if len(word) != 64 or set(word) - set("0123456789abcdef"):
        raise DataError(f"{wanted.checksum_url}: expected a SHA-256 in hex, was {text[:80]!r}")
    return word


def _check(partial: Path, wanted: Wanted, expected: str | None) -> None:
    """Remove a file that is not what was meant, and raise DataError."""
    fault = _fault(partial, expected)
    if fault is not None:
        partial.unlink()
        raise DataError(f"{wanted.url}: {fault}; it was thrown away, ask again")


def _fault(path: Path, expected: str | None) -> str | None:
    if expected is not None:
        with path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
        return None if found == expected else f"expected SHA-256 {expected}, was {found}"
    try:
        if path.suffix == ".zip":
            with zipfile.ZipFile(path) as archive:
                bad = archive.testzip()
            return None if bad is None else f"expected a whole archive, {bad} in it is damaged"
        with gzip.open(path) as packed:
            while packed.read(1 << 20):
                pass
    except (OSError, EOFError, zlib.error, zipfile.BadZipFile) as error:
        return f"expected a whole archive: {error}"
    return None
