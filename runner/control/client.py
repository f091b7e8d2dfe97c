"""Ask a running deploy, from another process: pictures, and commands with their answers."""

import asyncio
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec

from connectors.model.errors import MmrunnerError
from runner.control.address import address_of
from runner.control.words import (
    MOST_TOLD_BYTES,
    VERSION,
    Answer,
    Asked,
    Command,
    Look,
    Picture,
    Told,
    Watch,
    Welcome,
)

ANSWER_S = 5.0
"""How long an answer may take."""

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(Told).decode


class Gone(MmrunnerError):
    """Nobody answers: the deploy does not run, has ended, or hangs. What became of a command that
    was sent is not known."""


def deploys(ledgers: Path) -> list[str]:
    """Return the deploys that have a socket, by name; one may be stale."""
    return sorted(path.stem for path in ledgers.glob("*.socket") if path.is_socket())


def new_identity() -> str:
    """Return an identity for one command."""
    return secrets.token_hex(8)


async def watch(path: Path) -> AsyncIterator[Welcome | Picture]:
    """Yield the welcome and every picture; raise Gone once no more can come.

    Whoever reads too slowly is let go of by the deploy, and may ask again.
    """
    async with _connected(path) as (reader, writer):
        await _ask(path, writer, Watch())
        while True:
            told = await _told(path, reader)
            if isinstance(told, Answer):
                raise Gone(f"{path.stem}: {told.line}")
            yield told


async def look(path: Path, within_s: float = ANSWER_S) -> tuple[Welcome, Picture]:
    """Return the welcome and one picture; raise Gone where they do not come in time."""
    async with _in_time(path, within_s), _connected(path) as (reader, writer):
        await _ask(path, writer, Look())
        first, second = await _told(path, reader), await _told(path, reader)
    if not isinstance(first, Welcome) or not isinstance(second, Picture):
        raise Gone(f"{path.stem}: expected a welcome and a picture, was something else")
    return first, second


async def command(path: Path, asked: Command, within_s: float = ANSWER_S) -> Answer:
    """Return the deploy's answer; raise Gone where none comes in time.

    The same command may then be sent again: it is carried out once.
    """
    async with _in_time(path, within_s), _connected(path) as (reader, writer):
        await _ask(path, writer, asked)
        told = await _told(path, reader)
    if not isinstance(told, Answer):
        raise Gone(f"{path.stem}: expected an answer, was something else")
    return told


@asynccontextmanager
async def _in_time(path: Path, within_s: float) -> AsyncIterator[None]:
    try:
        async with asyncio.timeout(within_s):
            yield
    except TimeoutError:
        raise Gone(f"{path.stem}: no answer within {within_s:g} s") from None


@asynccontextmanager
async def _connected(
    path: Path,
) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    try:
        with address_of(path) as address:
            reader, writer = await asyncio.open_unix_connection(address, limit=MOST_TOLD_BYTES)
    except OSError as error:
        raise Gone(f"{path.stem}: nobody listens at {path}: {error.strerror}") from None
    try:
        yield reader, writer
    finally:
        writer.close()


async def _ask(path: Path, writer: asyncio.StreamWriter, asked: Asked) -> None:
    try:
        writer.write(_encode(asked) + b"\n")
        await writer.drain()
    except OSError as error:
        raise Gone(f"{path.stem}: gone: {error.strerror}") from None


async def _told(path: Path, reader: asyncio.StreamReader) -> Told:
    """Read one line; raise Gone for an end, and for words of another version."""
    try:
        told: Told = _decode(await reader.readuntil(b"\n"))
    except (asyncio.IncompleteReadError, OSError):
        raise Gone(f"{path.stem}: has ended the connection") from None
    except (asyncio.LimitOverrunError, msgspec.MsgspecError) as error:
        raise Gone(f"{path.stem}: cannot be read: {error}") from None
    if isinstance(told, Welcome) and told.version != VERSION:
        raise Gone(
            f"{path.stem}: expected words of version {VERSION}, was {told.version}; watch it with"
            f" its own release {told.release}"
        )
    return told
