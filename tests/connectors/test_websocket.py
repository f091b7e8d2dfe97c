"""The real transport against a real server on loopback: verified, bounded, nothing unpacked."""

import asyncio
import random
import socket
import ssl
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path

import pytest
from websockets.asyncio.server import ServerConnection, serve
from websockets.http11 import Request, Response

from connectors.pacing import Pacer
from connectors.socket import CannotConnect, Closed, Connection, Limits
from connectors.stream import Reconnect, Stream
from connectors.websocket import WebSocket
from runner.engine.clock import SystemClock
from tests.connectors import certificates
from tests.connectors.listening import Ears, scope, subscribe

Handler = Callable[[ServerConnection], Awaitable[None]]
Act = Callable[[Connection], Awaitable[object]]


def with_server(handler: Handler, act: Act, most_frame_bytes: int = 1000) -> object:
    """Connect to a server and return what `act` makes of the connection."""

    async def main() -> object:
        async with serve(handler, "127.0.0.1", 0, ping_interval=None) as server:
            port = next(iter(server.sockets)).getsockname()[1]
            transport = WebSocket(most_frame_bytes=most_frame_bytes)
            connection = await transport.connect(f"ws://127.0.0.1:{port}/stream")
            try:
                return await act(connection)
            finally:
                await connection.close()

    return asyncio.run(main())


async def received(connection: Connection, frames: int) -> list[bytes]:
    """Receive until there are so many frames."""
    got: list[bytes] = []
    while len(got) < frames:
        got += await connection.receive()
    return got


async def echo(server: ServerConnection) -> None:
    """Serve: say back what is said."""
    async for message in server:
        await server.send(message)


def test_frames_go_both_ways_in_order() -> None:
    async def act(connection: Connection) -> list[bytes]:
        for number in range(100):
            connection.send(b"frame %d" % number)
        return await received(connection, 100)

    assert with_server(echo, act) == [b"frame %d" % number for number in range(100)]


def test_what_we_send_is_text() -> None:
    async def kinds(server: ServerConnection) -> None:
        await server.send(type(await server.recv()).__name__)

    async def act(connection: Connection) -> list[bytes]:
        connection.send(b"{}")
        return await connection.receive()

    assert with_server(kinds, act) == [b"str"]


def test_a_ping_is_answered() -> None:
    async def act(connection: Connection) -> str:
        await connection.ping()
        await connection.ping()
        return "answered"

    assert with_server(echo, act) == "answered"


def test_no_compression_is_negotiated() -> None:
    async def told(server: ServerConnection) -> None:
        assert server.request is not None
        await server.send(server.request.headers.get("Sec-WebSocket-Extensions", "none"))
        await server.wait_closed()

    assert with_server(told, lambda connection: connection.receive()) == [b"none"]


def test_a_message_in_parts_arrives_whole() -> None:
    async def parts(server: ServerConnection) -> None:
        await server.send(["one ", "two ", "three"])
        await server.send("next")
        await server.wait_closed()

    def act(connection: Connection) -> Awaitable[list[bytes]]:
        return received(connection, 2)

    assert with_server(parts, act) == [b"one two three", b"next"]


@pytest.mark.parametrize("message", ["x" * 2000, ["x" * 400] * 5])
def test_a_message_above_the_limit_ends_the_connection(message: "str | list[str]") -> None:
    async def large(server: ServerConnection) -> None:
        await server.send(message)
        await server.wait_closed()

    async def act(connection: Connection) -> None:
        with pytest.raises(Closed):
            await received(connection, 1)

    with_server(large, act)


def test_what_the_venue_does_not_read_is_not_piled_up() -> None:
    async def deaf(server: ServerConnection) -> None:
        server.transport.pause_reading()
        await server.wait_closed()

    async def pile_up(connection: Connection) -> None:
        for _ in range(2000):
            connection.send(b"x" * 65536)

    async def act(connection: Connection) -> None:
        with pytest.raises(Closed, match="still unsent"):
            await pile_up(connection)
        connection._transport.disconnect(graceful=False)  # type: ignore[attr-defined]

    with_server(deaf, act)


def test_a_close_tells_its_code_and_reason_after_all_frames() -> None:
    async def leaving(server: ServerConnection) -> None:
        await server.send("last")
        await server.close(1012, "restart")

    async def act(connection: Connection) -> Closed:
        assert await connection.receive() == [b"last"]
        with pytest.raises(Closed) as closed:
            await connection.receive()
        with pytest.raises(Closed):
            connection.send(b"order")
        return closed.value

    closed = with_server(leaving, act)
    assert isinstance(closed, Closed)
    assert (closed.code, closed.reason) == (1012, "restart")


def test_a_reset_is_a_close_without_a_frame() -> None:
    async def resets(server: ServerConnection) -> None:
        server.transport.abort()

    async def act(connection: Connection) -> int:
        with pytest.raises(Closed) as closed:
            await connection.receive()
        return closed.value.code

    assert with_server(resets, act) == 1006


def refusal(status: int, *headers: tuple[str, str]) -> CannotConnect:
    """Return how a handshake ends that the server answers with a status."""

    def answer(server: ServerConnection, request: Request) -> Response:
        response = server.respond(status, "no")
        for name, value in headers:
            response.headers[name] = value
        return response

    async def main() -> CannotConnect:
        async with serve(echo, "127.0.0.1", 0, process_request=answer) as server:
            port = next(iter(server.sockets)).getsockname()[1]
            with pytest.raises(CannotConnect) as refused:
                await WebSocket().connect(f"ws://127.0.0.1:{port}/")
            return refused.value

    return asyncio.run(main())


@pytest.mark.parametrize(
    ("status", "headers", "after_s"),
    [
        (429, [("Retry-After", "33")], 33.0),
        (429, [], 10.0),
        (418, [], 120.0),
        (503, [], 0.0),
        (302, [("Location", "ws://127.0.0.1:9/")], 0.0),
    ],
)
def test_a_refused_handshake_says_how_long_to_stay_away(
    status: int, headers: list[tuple[str, str]], after_s: float
) -> None:
    assert refusal(status, *headers).after_s == after_s


def test_where_nobody_listens_there_is_no_connection() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"ws://127.0.0.1:{free.getsockname()[1]}/"
        with pytest.raises(CannotConnect, match="Refused"):
            asyncio.run(WebSocket().connect(url))  # type: ignore[arg-type]


def test_a_handshake_that_is_not_answered_ends_and_lets_go_of_its_socket() -> None:
    async def main() -> None:
        gone = asyncio.Event()

        async def mute(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.read()
            gone.set()
            writer.close()

        listening = await asyncio.start_server(mute, "127.0.0.1", 0)
        port = listening.sockets[0].getsockname()[1]
        with pytest.raises(CannotConnect):
            await WebSocket(handshake_within_s=0.05).connect(f"ws://127.0.0.1:{port}/")
        await gone.wait()
        listening.close()

    asyncio.run(main())


def tls_connected(path: Path, client: ssl.SSLContext | None) -> list[bytes]:
    """Connect to a server with a certificate and return the echo of a word."""

    async def main() -> list[bytes]:
        context = certificates.server_side(path)
        async with serve(echo, "127.0.0.1", 0, ssl=context) as server:
            port = next(iter(server.sockets)).getsockname()[1]
            connection = await WebSocket(client).connect(f"wss://127.0.0.1:{port}/")
            connection.send(b"word")
            frames = await connection.receive()
            await connection.close()
            return frames

    return asyncio.run(main())


def test_a_certificate_that_is_trusted_is_accepted(tmp_path: Path) -> None:
    path = certificates.made(tmp_path)
    assert tls_connected(path, certificates.trusting(path)) == [b"word"]


@pytest.mark.parametrize(
    ("address", "is_expired", "is_trusted"),
    [("127.0.0.1", False, False), ("127.0.0.2", False, True), ("127.0.0.1", True, True)],
)
def test_a_bad_certificate_is_refused(
    tmp_path: Path, address: str, is_expired: bool, is_trusted: bool
) -> None:
    path = certificates.made(tmp_path, address, is_expired)
    with pytest.raises(CannotConnect, match="CERTIFICATE_VERIFY_FAILED"):
        tls_connected(path, certificates.trusting(path) if is_trusted else None)


def test_a_transport_that_would_not_verify_is_not_made() -> None:
    blind = ssl.create_default_context()
    blind.check_hostname = False
    blind.verify_mode = ssl.CERT_NONE
    with pytest.raises(ValueError, match="verif"):
        WebSocket(blind)


def test_a_stream_over_the_network_comes_back_after_a_reset_and_from_a_half_open_end() -> None:
    seen = asyncio.Event()

    class Third(Ears):
        def on_whole(self) -> None:
            super().on_whole()
            if self.told.count("whole") == 3:
                seen.set()

    ears = Third()
    connections: list[ServerConnection] = []

    async def unsteady(server: ServerConnection) -> None:
        connections.append(server)
        number = len(connections)
        await server.recv()
        await server.send("snap:a")
        if number == 1:
            server.transport.abort()
        await server.wait_closed()

    async def main() -> None:
        async with serve(unsteady, "127.0.0.1", 0, ping_interval=None) as server:
            port = next(iter(server.sockets)).getsockname()[1]
            stream = Stream(
                lambda: f"ws://127.0.0.1:{port}/",
                subscribe("a"),
                ears,
                WebSocket(),
                Pacer(scope()),
                Pacer(scope()),
                SystemClock(),
                random.Random(5),
                Limits(max_silence_s=0.2),
                replace(Reconnect(), first_s=0.01),
            )
            ears.stream = stream
            running = asyncio.create_task(stream.run())
            await seen.wait()
            assert not running.done()
            await stream.close()

    asyncio.run(main())
    assert [t for t in ears.told if t not in {"connected", "whole"}] == [
        "closed with 1006: the connection broke",
        "no data for 0.2 s",
        "closed by us",
    ]
