"""Reach a stand-in without a network: requests and streams of a client on the same event loop.

`Within` is both a sender of requests (`connectors.calls.Sender`) and a transport of streams
(`connectors.socket.Transport`), so an adapter and the venue live on one virtual clock.
"""

import asyncio
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from connectors.calls import Lost, Reply, Request
from connectors.socket import CannotConnect, Closed
from tests.venues.common.http import Asked, Fate, Plan
from tests.venues.common.line import Line
from tests.venues.common.loopback import Behind, Heard
from tests.venues.common.timekeeper import TimeKeeper

LATENCY_S = 0.002
"""One way."""
FORM = "application/x-www-form-urlencoded"


class Within:
    """The way to one venue. `keep_time` must run beside whoever uses it."""

    def __init__(self, venue: Behind[Any], now_ns: Callable[[], int]) -> None:
        self.lines: list[Wire] = []
        self.is_reachable = True
        """False: no name is resolved and nothing connects."""
        self._venue = venue
        self._time = TimeKeeper(venue.agenda, now_ns)

    async def keep_time(self) -> None:
        """Let the venue's time follow the clock, for ever."""
        await self._time.keep()

    def advance(self) -> None:
        """Bring the venue's time up to the clock's."""
        self._time.advance()

    async def send(self, request: Request) -> Reply:
        """Carry a request there and its answer back."""
        if not self.is_reachable:
            raise Lost("the name cannot be resolved", False)
        await asyncio.sleep(LATENCY_S)
        self.advance()
        plan = self._venue.ask(asked(request))
        if plan.fate is Fate.UNSENT:
            raise Lost("the name cannot be resolved", False)
        await asyncio.sleep(plan.after_s + LATENCY_S)
        if plan.fate is Fate.LATER:
            self.advance()
            plan = Plan(self._venue.carry_out(asked(request)))
        if plan.fate is Fate.NEVER:
            await asyncio.Event().wait()
        if plan.fate is not Fate.ARRIVES:
            raise Lost("the connection broke", True)
        headers = {name.lower(): value for name, value in plan.answer.headers.items()}
        return Reply(plan.answer.status, headers, plan.answer.body)

    async def connect(self, url: str) -> "Wire":
        """Open a stream."""
        await asyncio.sleep(2 * LATENCY_S)
        self.advance()
        if not (self.is_reachable and self._venue.admits(target_of(url))):
            raise CannotConnect("the name cannot be resolved")
        wire = Wire(self, self._venue, target_of(url))
        self.lines.append(wire)
        return wire


class Wire:
    """One stream, the client's end (`connectors.socket.Connection`)."""

    def __init__(self, way: Within, venue: Behind[Any], target: str) -> None:
        self.line = Line(target=target)
        self._news = asyncio.Event()
        self.line.on_news = self._news.set
        self._way = way
        self._venue = venue
        self._session: Heard = venue.connect(self.line)
        self._is_closed = False

    async def receive(self) -> list[bytes]:
        """Return all frames that have come, or raise Closed."""
        while True:
            frames = self.line.take()
            if frames:
                return frames
            self._check()
            self._news.clear()
            await self._news.wait()
            await asyncio.sleep(LATENCY_S)

    def send(self, frame: bytes) -> None:
        """Carry a frame to the venue."""
        self._check()
        if not self.line.is_half_open:
            self._way.advance()
            self._session.hear(frame)

    async def ping(self) -> None:
        """Wait for a pong."""
        await asyncio.sleep(2 * LATENCY_S)
        if self.line.is_half_open:
            await asyncio.Event().wait()
        self._session.alive()

    async def close(self) -> None:
        """Hang up."""
        self.hang_up()

    def hang_up(self) -> None:
        """End it from the client's side, at once."""
        self._is_closed = True
        self._venue.hang_up(self._session)
        self._news.set()

    def _check(self) -> None:
        if self._is_closed:
            raise Closed(1000, "closed by the client")
        if self.line.is_aborted or self.line.closing is not None:
            self._venue.hang_up(self._session)
            raise Closed(*(self.line.closing or (1006, "the connection broke")))


def asked(request: Request) -> Asked:
    """Return a request as a venue reads it."""
    parts = urlsplit(request.url)
    headers = {name.lower(): value for name, value in request.headers.items()}
    words = dict(parse_qsl(parts.query, keep_blank_values=True))
    if headers.get("content-type", "").startswith(FORM):
        words |= dict(parse_qsl(request.body.decode(), keep_blank_values=True))
    return Asked(request.method, parts.path, words, headers, request.body, query=parts.query)


def target_of(url: str) -> str:
    """Return what a URL asks of its host."""
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path
