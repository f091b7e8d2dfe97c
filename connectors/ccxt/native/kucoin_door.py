"""Open KuCoin's streams: each connection is negotiated for, with a token of its own.

KuCoin futures, "Apply Connect Token". The answer names servers and how often a ping is wanted; a
token ends with its connection, so that a new one is asked for each time. Nothing is said before the
venue has said welcome.
"""

import asyncio
from collections.abc import Awaitable, Callable
from urllib.parse import quote, urlsplit

from connectors.calls import Lost
from connectors.ccxt.answers import Told
from connectors.ccxt.native.decode import decoder
from connectors.ccxt.native.kucoin_wire import Bullet, Head, Server
from connectors.model.errors import VenueError
from connectors.socket import CannotConnect, Closed, Connection, Malformed, Transport

WELCOME_WITHIN_S = 5.0
_head = decoder(Head)


class Door:
    """A `Transport` over another. `ask` negotiates, and `say` tells a person once why it failed;
    `ws_url` is where streams are opened whatever the venue names, and `ping_every_s` how often they
    are pinged."""

    def __init__(
        self,
        transport: Transport,
        ask: Callable[[], Awaitable[Bullet]],
        ws_url: str | None,
        ping_every_s: float,
        say: Callable[[str], None],
    ) -> None:
        self._transport = transport
        self._ask = ask
        self._ws_url = ws_url
        self._ping_every_s = ping_every_s
        self._say = say
        self._said = ""

    async def connect(self, url: str) -> Connection:
        """Negotiate, connect, and wait for the welcome; raise CannotConnect. `url` only names the
        stream on our side."""
        try:
            place = await self._negotiated()
        except CannotConnect as error:
            if str(error) != self._said:
                self._said = str(error)
                self._say(f"{url}: {error}")
            raise
        self._said = ""
        return await _welcomed(await self._transport.connect(place))

    async def _negotiated(self) -> str:
        """Return where a connection is let in, or raise CannotConnect."""
        try:
            bullet = await self._ask()
        except (Told, Lost, Malformed, VenueError) as error:
            raise CannotConnect(f"no token: {error}") from None
        if not bullet.instanceServers:
            raise CannotConnect("no token: the venue names no server")
        place = self._place_of(bullet.instanceServers[0])
        return f"{place}?token={quote(bullet.token, safe='')}"

    def _place_of(self, server: Server) -> str:
        if server.pingInterval < self._ping_every_s * 1000:
            raise CannotConnect(
                f"the venue wants a ping every {server.pingInterval} ms, venue.ping_every_s is"
                f" {self._ping_every_s:g}: set it lower"
            )
        url = urlsplit(server.endpoint)
        if self._ws_url is not None:
            return self._ws_url + url.path
        if url.scheme != "wss":
            raise CannotConnect(f"the venue names a server without TLS: {server.endpoint[:80]}")
        return server.endpoint


class Welcomed:
    """A connection after its welcome: what has come with it is received first."""

    def __init__(self, connection: Connection, frames: list[bytes]) -> None:
        self._connection = connection
        self._frames = frames

    async def receive(self) -> list[bytes]:
        """Return all frames that have come, or raise Closed."""
        if self._frames:
            frames, self._frames = self._frames, []
            return frames
        return await self._connection.receive()

    def send(self, frame: bytes) -> None:
        """Send a frame, or raise Closed."""
        self._connection.send(frame)

    async def ping(self) -> None:
        """Wait for a pong, or raise Closed."""
        await self._connection.ping()

    async def close(self) -> None:
        """Let go of the socket."""
        await self._connection.close()


async def _welcomed(connection: Connection) -> Welcomed:
    try:
        async with asyncio.timeout(WELCOME_WITHIN_S):
            first, *rest = await connection.receive()
        said = _head(first).type
    except (Closed, Malformed, TimeoutError) as error:
        await connection.close()
        raise CannotConnect(f"no welcome: {type(error).__name__} {error}") from None
    except asyncio.CancelledError:
        await connection.close()
        raise
    if said != "welcome":
        await connection.close()
        raise CannotConnect(f"no welcome: {first[:120].decode('utf-8', 'replace')}")
    return Welcomed(connection, rest)
