import asyncio
import os
import socket
import stat
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.model.errors import MmrunnerError
from runner.control import address, client, server, words
from runner.control.server import Server
from tests.runner.control.pictures import Source, command
from tests.virtual import SetClock

NOW_NS = 1_763_000_000_000_000_000


class Handed(SetClock):
    """A clock whose waiting ends when a test lets it."""

    def __init__(self) -> None:
        super().__init__(NOW_NS)
        self.gate = asyncio.Event()

    async def sleep_until_ns(self, wall_ns: int) -> None:  # type: ignore[override]
        """Wait for the test, then be there."""
        self.gate.clear()
        await self.gate.wait()
        self.time_ns = wall_ns


Body = Callable[[Server, Source, Path], Awaitable[None]]


@asynccontextmanager
async def served(path: Path) -> AsyncIterator[tuple[Server, Source]]:
    """Yield a server that listens; nothing is told but by `tell`."""
    source = Source()
    held = Server(source, Handed())
    listener = await held.listen(path)
    try:
        yield held, source
    finally:
        listener.close()
        held.close()


def on_socket(path: Path, body: Body) -> None:
    """Run a test's body against a server."""

    async def run() -> None:
        async with asyncio.timeout(20):
            async with served(path) as (held, source):
                await body(held, source, path)
                for door in source.doors:
                    door.transport.abort()
                await settled()

    asyncio.run(run())


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "default.socket"


async def seen(held: Server, count: int) -> None:
    """Wait until so many subscribers are known."""
    while len(held._newcomers) + len(held._subscribers) != count:  # noqa: ASYNC110
        await asyncio.sleep(0)


async def raw(source: Source, path: Path) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """Connect without the client; the source keeps the door for the end."""
    with address.address_of(path) as name:
        door = await asyncio.open_unix_connection(name, limit=words.MOST_TOLD_BYTES)
    source.doors.append(door[1])
    return door


def test_a_subscriber_hears_the_welcome_and_then_every_picture(path: Path) -> None:
    async def body(held: Server, source: Source, path: Path) -> None:
        heard = []

        async def listen() -> None:
            async for told in client.watch(path):
                heard.append(told)
                if len(heard) == 4:
                    return

        listening = asyncio.create_task(listen())
        await seen(held, 1)
        for _ in range(3):
            await held.tell()
        await listening
        assert isinstance(heard[0], words.Welcome)
        assert [told.number for told in heard[1:]] == [1, 2, 3]  # type: ignore[union-attr]

    on_socket(path, body)


def test_one_picture_serves_every_subscriber(path: Path) -> None:
    async def body(held: Server, source: Source, path: Path) -> None:
        doors = [await raw(source, path) for _ in range(30)]
        for _, writer in doors:
            writer.write(b'{"ask":"watch"}\n')
        await seen(held, 30)
        await held.tell()
        for reader, writer in doors:
            assert b'"welcome"' in await reader.readline()
            assert b'"picture"' in await reader.readline()
            writer.close()
        assert source.drawn == 1

    on_socket(path, body)


def test_none_is_made_for_nobody_and_no_two_within_a_quarter_of_a_second(path: Path) -> None:
    async def body(held: Server, source: Source, path: Path) -> None:
        running = asyncio.create_task(held.run())
        await settled()
        assert source.drawn == 0
        doors = []
        for _ in range(3):
            doors.append(await raw(source, path))
            doors[-1][1].write(b'{"ask":"watch"}\n')
            await seen(held, len(doors))
            await settled()
            assert source.drawn == 1
        held.clock.gate.set()  # type: ignore[attr-defined]
        await settled()
        assert (source.drawn, held.clock.now_ns()) == (2, NOW_NS + server.EVERY_NS)
        for _, writer in doors:
            writer.close()
        await seen(held, 0)
        held.clock.gate.set()  # type: ignore[attr-defined]
        await settled()
        assert source.drawn == 2
        running.cancel()

    on_socket(path, body)


async def settled() -> None:
    """Let everything run that can."""
    for _ in range(50):
        await asyncio.sleep(0)


def test_one_look_is_a_welcome_and_a_picture(path: Path) -> None:
    async def body(held: Server, source: Source, path: Path) -> None:
        looking = asyncio.create_task(client.look(path))
        await seen(held, 1)
        await held.tell()
        welcome, picture = await looking
        assert (welcome.deploy, picture.number) == ("default", 1)
        await seen(held, 0)

    on_socket(path, body)


def test_a_command_is_handed_over_with_the_user_and_answered_at_once(path: Path) -> None:
    async def body(held: Server, source: Source, path: Path) -> None:
        answer = await client.command(path, command("pause", market="btc"))
        assert answer == words.Answer("one", True, "pause: done")
        ((asked, uid),) = source.asked
        assert (asked.market, asked.who, uid) == ("btc", "ada", os.geteuid())

    on_socket(path, body)


def test_a_subscriber_that_does_not_read_is_let_go_of_and_the_others_hear_on(path: Path) -> None:
    async def body(held: Server, source: Source, path: Path) -> None:
        _, deaf = await raw(source, path)
        reader, writer = await raw(source, path)
        for door in (deaf, writer):
            door.write(b'{"ask":"watch"}\n')
        await seen(held, 2)
        deaf.transport.pause_reading()  # type: ignore[attr-defined]
        told = 0
        while len(held._subscribers) != 1:
            await held.tell()
            told += 1
            await reader.readline()
            assert told < 2000
        await held.tell()
        assert len(held._subscribers) == 1
        writer.close()

    on_socket(path, body)


def test_who_leaves_while_its_first_picture_is_made_is_forgotten(path: Path) -> None:
    async def body(held: Server, source: Source, path: Path) -> None:
        _, writer = await raw(source, path)
        writer.write(b'{"ask":"watch"}\n')
        await seen(held, 1)
        draw = source.picture

        async def slowly() -> words.Picture:
            writer.transport.abort()
            await settled()
            return await draw()

        source.picture = slowly  # type: ignore[method-assign]
        await held.tell()
        assert (held._newcomers, held._subscribers) == ([], [])
        assert not held._is_wanted.is_set()

    on_socket(path, body)


def test_a_picture_that_cannot_be_made_loses_no_newcomer(path: Path) -> None:
    async def body(held: Server, source: Source, path: Path) -> None:
        reader, writer = await raw(source, path)
        writer.write(b'{"ask":"watch"}\n')
        await seen(held, 1)
        draw = source.picture

        async def broken() -> words.Picture:
            raise ZeroDivisionError("made to fail")

        source.picture = broken  # type: ignore[method-assign]
        with pytest.raises(ZeroDivisionError):
            await held.tell()
        source.picture = draw  # type: ignore[method-assign]
        await held.tell()
        assert b'"welcome"' in await reader.readline()
        assert b'"picture"' in await reader.readline()

    on_socket(path, body)


def test_the_socket_is_its_owners_alone_and_a_stale_one_is_replaced(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as stale:
        stale.bind(str(path))
    with address.listening(path) as fresh:
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert fresh.getsockname() == str(path)


def test_another_kind_of_file_is_left_alone(path: Path) -> None:
    path.write_text("mine")
    with pytest.raises(MmrunnerError, match="expected a socket or nothing"):
        address.listening(path)
    assert path.read_text() == "mine"


def test_a_path_longer_than_an_address_is_reached_through_its_directory(tmp_path: Path) -> None:
    folder = tmp_path / ("x" * 120)
    folder.mkdir()

    async def body(held: Server, source: Source, path: Path) -> None:
        answer = await client.command(path, command())
        assert answer.done

    on_socket(folder / "default.socket", body)


def test_nobody_there_is_said_so(path: Path) -> None:
    with pytest.raises(client.Gone, match="nobody listens"):
        asyncio.run(client.command(path, command()))


def test_a_visitor_too_many_is_closed_at_once(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "MOST_VISITORS", 2)

    async def body(held: Server, source: Source, path: Path) -> None:
        doors = [await raw(source, path) for _ in range(3)]
        assert await doors[2][0].read() == b""
        doors[0][1].write(b'{"ask":"watch"}\n')
        await seen(held, 1)
        for _, writer in doors:
            writer.close()

    on_socket(path, body)


def test_a_flood_of_commands_is_cut_off(path: Path) -> None:
    async def body(held: Server, source: Source, path: Path) -> None:
        reader, writer = await raw(source, path)
        line = client._encode(command()) + b"\n"
        writer.write(line * 100)
        told = (await reader.read(1_000_000)).splitlines()
        while b"were more" not in told[-1]:
            told += (await reader.read(1_000_000)).splitlines()
        assert len(source.asked) == server.BURST
        assert await reader.read() == b""

    on_socket(path, body)


HOSTILE = st.one_of(
    st.binary(max_size=300),
    st.binary(min_size=4000, max_size=9000),
    st.sampled_from(
        [
            b"[" * 4000,
            b'{"ask":"command"}',
            b'{"ask":"command","identity":"a","what":"format","who":"x","role":"y"}',
            b'{"ask":"command","identity":1,"what":"kill","who":"x","role":"y"}',
            b'{"ask":"watch","version":"\xff"}',
            b'{"ask":"' + b"\\u0000" * 500 + b'"}',
            b"1e999999999",
            b"null",
        ]
    ),
)


@settings(max_examples=60, deadline=None)
@given(pieces=st.lists(HOSTILE, min_size=1, max_size=4))
def test_hostile_bytes_change_nothing_and_are_not_kept(pieces: list[bytes]) -> None:
    source = Source()
    transport = Kept()
    visitor = server.Visitor(Server(source, SetClock(NOW_NS)))
    visitor.connection_made(transport)  # type: ignore[arg-type]
    for piece in pieces:
        visitor.data_received(piece + b"\n")
        assert len(visitor._waiting) <= words.MOST_ASKED_BYTES
    assert source.asked == []
    assert source.drawn == 0
    assert transport.closed


class Kept:
    """A transport that keeps nothing but whether it was closed."""

    def __init__(self) -> None:
        self.closed = False

    def get_extra_info(self, name: str) -> "Kept":
        """Return something with a peer."""
        return self

    def getsockopt(self, level: int, option: int, size: int) -> bytes:
        """Return ourselves as the peer."""
        return b"".join(n.to_bytes(4, "little") for n in (1, os.geteuid(), 1))

    def get_write_buffer_size(self) -> int:
        """Return that all was read."""
        return 0

    def write(self, line: bytes) -> None:
        """Pass over an answer."""

    def close(self) -> None:
        """Note the end."""
        self.closed = True
