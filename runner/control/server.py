"""Serve a deploy's control socket on the deploy's own loop, and cost it nothing while nobody asks.

A picture is made at most once in `EVERY_NS`, whatever the number of subscribers, and only while
there is one. Nobody is waited for: a subscriber that does not read is let go of. What comes in is
bounded in length, in rate and in the number of connections, so that no visitor costs more memory
than that.
"""

import asyncio
import os
import socket
import struct
from collections.abc import Iterable
from pathlib import Path
from typing import Protocol, cast

import msgspec

from runner.control.address import listening
from runner.control.words import MOST_ASKED_BYTES, Answer, Asked, Command, Look, Picture, Welcome
from runner.engine.clock import Clock

EVERY_NS = 250_000_000
MOST_VISITORS = 256
"""Connections at a time; a further one is closed at once."""
MOST_BEHIND = 2
"""A subscriber that has left so many pictures unread is let go of."""
AT_ONCE = 8
"""Subscribers that are written to before the loop has its turn again."""
PER_S = 10
BURST = 40
"""Lines that a visitor may send."""
NS_PER_S = 1_000_000_000

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(Asked).decode


class Source(Protocol):
    """What a server tells of, and hands commands to."""

    def welcome(self) -> Welcome:
        """Return what stays as it is, and the last fills and warnings."""

    async def picture(self) -> Picture:
        """Return the deploy as it is, letting the loop have its turn in between."""

    def obey(self, command: Command, uid: int) -> Answer:
        """Carry out or refuse what user `uid` of this system asks for, at once."""


class Server:
    """The visitors of one deploy. `run` tells those that watch."""

    def __init__(self, source: Source, clock: Clock) -> None:
        self.source = source
        self.clock = clock
        self._visitors: set[Visitor] = set()
        self._newcomers: list[Visitor] = []
        self._subscribers: list[Visitor] = []
        self._is_wanted = asyncio.Event()
        self._written = 0

    async def listen(self, path: Path) -> asyncio.AbstractServer:
        """Open the socket; raise MmrunnerError or OSError where that is not possible."""
        loop = asyncio.get_running_loop()
        return await loop.create_unix_server(
            lambda: Visitor(self), sock=listening(path), backlog=MOST_VISITORS
        )

    async def run(self) -> None:
        """Tell everybody who watches, again and again."""
        while True:
            await self._is_wanted.wait()
            due_ns = self.clock.now_ns() + EVERY_NS
            await self.tell()
            await self.clock.sleep_until_ns(due_ns)

    async def tell(self) -> None:
        """Make one picture and hand it to everybody who watches, to newcomers after the welcome."""
        welcome = _line(self.source.welcome()) if self._newcomers else b""
        newcomers = tuple(self._newcomers)
        picture = _line(await self.source.picture())
        await self._write(self._subscribers, picture)
        for visitor in newcomers:
            await self._write((visitor,), welcome + picture)
            self._settle_in(visitor)
        self._rest()

    def close(self) -> None:
        """Let everybody go."""
        for visitor in list(self._visitors):
            visitor.close()

    def admit(self, visitor: "Visitor") -> bool:
        """Take a visitor in, if there is room."""
        if len(self._visitors) >= MOST_VISITORS:
            return False
        self._visitors.add(visitor)
        return True

    def subscribe(self, visitor: "Visitor") -> None:
        """Tell a visitor from the next picture on."""
        if visitor not in self._newcomers and visitor not in self._subscribers:
            self._newcomers.append(visitor)
            self._is_wanted.set()

    def leave(self, visitor: "Visitor") -> None:
        """Forget a visitor."""
        self._visitors.discard(visitor)
        self._newcomers = [other for other in self._newcomers if other is not visitor]
        self._subscribers = [other for other in self._subscribers if other is not visitor]
        self._rest()

    async def _write(self, visitors: Iterable["Visitor"], line: bytes) -> None:
        """Hand a line to those that are still there."""
        for visitor in tuple(visitors):
            visitor.tell(line)
            self._written += 1
            if self._written % AT_ONCE == 0:
                await asyncio.sleep(0)

    def _settle_in(self, visitor: "Visitor") -> None:
        """Keep a newcomer that has heard its first picture, unless it has gone or wants no more."""
        if visitor not in self._newcomers:
            return
        self._newcomers.remove(visitor)
        if visitor.stays:
            self._subscribers.append(visitor)
        else:
            visitor.close()

    def _rest(self) -> None:
        """Rest while nobody watches."""
        if not self._newcomers and not self._subscribers:
            self._is_wanted.clear()


class Visitor(asyncio.Protocol):
    """One connection."""

    def __init__(self, server: Server) -> None:
        self.stays = True
        self._server = server
        self._transport: asyncio.Transport | None = None
        self._waiting = bytearray()
        self._uid = -1
        self._lines = float(BURST)
        self._counted_ns = server.clock.monotonic_ns()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take the visitor in, or close the door."""
        self._transport = cast("asyncio.Transport", transport)
        self._uid = _uid_of(transport)
        is_known = self._uid in (os.geteuid(), 0)
        if not is_known or not self._server.admit(self):
            self.close()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the visitor."""
        self._transport = None
        self._waiting.clear()
        self._server.leave(self)

    def data_received(self, data: bytes) -> None:
        """Read whole lines; refuse one that is too long before it ends."""
        if self._transport is None:
            return
        self._waiting += data
        while self._transport is not None:
            end = self._waiting.find(b"\n")
            if end > MOST_ASKED_BYTES or (end < 0 and len(self._waiting) > MOST_ASKED_BYTES):
                self._refuse(f"expected a line of at most {MOST_ASKED_BYTES} bytes, was longer")
            if end < 0 or self._transport is None:
                break
            line = bytes(self._waiting[:end])
            del self._waiting[: end + 1]
            self._read(line)

    def tell(self, line: bytes) -> None:
        """Write a line; let go of a visitor that has not read the former ones."""
        if self._transport is None:
            return
        if self._transport.get_write_buffer_size() > MOST_BEHIND * len(line):
            self._transport.abort()
            self._transport = None
            self._server.leave(self)
            return
        self._transport.write(line)

    def close(self) -> None:
        """Close the connection once it has read what was written."""
        transport, self._transport = self._transport, None
        self._waiting.clear()
        if transport is not None:
            transport.close()
        self._server.leave(self)

    def _read(self, line: bytes) -> None:
        if not self._may_ask():
            self._refuse(f"expected at most {PER_S} lines a second, were more")
            return
        try:
            asked = _decode(line)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
            self._refuse(f"expected a line of the control protocol, was not: {error}")
            return
        if isinstance(asked, Command):
            self.tell(_line(self._server.source.obey(asked, self._uid)))
        else:
            self.stays = not isinstance(asked, Look)
            self._server.subscribe(self)

    def _may_ask(self) -> bool:
        """Count a line against what the visitor may send."""
        now_ns = self._server.clock.monotonic_ns()
        earned = (now_ns - self._counted_ns) / NS_PER_S * PER_S
        self._counted_ns = now_ns
        self._lines = min(BURST, self._lines + earned) - 1.0
        return self._lines >= 0.0

    def _refuse(self, why: str) -> None:
        """Say what was wrong, and close: what follows cannot be understood either."""
        if self._transport is not None:
            self._transport.write(_line(Answer("", False, why)))
        self.close()


def _line(told: Welcome | Picture | Answer) -> bytes:
    return _encode(told) + b"\n"


def _uid_of(transport: asyncio.BaseTransport) -> int:
    """Return the user at the other end; our own where the system does not tell."""
    peer = getattr(socket, "SO_PEERCRED", None)
    if peer is None:
        return os.geteuid()
    credentials = transport.get_extra_info("socket").getsockopt(socket.SOL_SOCKET, peer, 12)
    _, uid, _ = struct.unpack("3i", credentials)
    return int(uid)
