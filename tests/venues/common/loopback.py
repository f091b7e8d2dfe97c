"""Open a stand-in's doors on loopback: HTTP and WebSocket of aiohttp, and its agenda on a clock."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any, Protocol, TypeVar
from urllib.parse import parse_qsl

from aiohttp import WSMsgType, web

from tests.venues.common.agenda import Agenda
from tests.venues.common.http import Answer, Asked, Fate, Plan
from tests.venues.common.line import Line
from tests.venues.common.timekeeper import TimeKeeper

HOST = "127.0.0.1"


class Heard(Protocol):
    """The venue's side of a connection."""

    def hear(self, raw: bytes) -> None:
        """Take a frame."""

    def alive(self) -> None:
        """Note a ping."""


Session = TypeVar("Session", bound=Heard)


class Behind(Protocol[Session]):
    """The venue behind the doors."""

    agenda: Agenda

    def ask(self, asked: Asked) -> Plan:
        """Meet a request."""

    def carry_out(self, asked: Asked) -> Answer:
        """Answer a request that was held back on its way."""

    def admits(self, target: str = "") -> bool:
        """Tell whether a connection can be made there at all just now."""

    def connect(self, line: Line) -> Session:
        """Open a connection."""

    def hang_up(self, session: Session) -> None:
        """Forget a connection."""


class Doors:
    """Doors of one venue. `now_ns` is the clock that moves its agenda."""

    def __init__(
        self, venue: Behind[Any], now_ns: Callable[[], int], streams: Sequence[str] = ("/stream",)
    ) -> None:
        self._venue = venue
        self._time = TimeKeeper(venue.agenda, now_ns)
        self.app = web.Application()
        for path in streams:
            self.app.router.add_get(path, self._stream)
        self.app.router.add_route("*", "/{path:.*}", self._request)

    @asynccontextmanager
    async def opened(self, port: int = 0) -> AsyncIterator[int]:
        """Open the doors and keep time while in the context; yield the port."""
        runner = web.AppRunner(self.app, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        site = web.TCPSite(runner, HOST, port)
        await site.start()
        keeper = asyncio.create_task(self._time.keep())
        try:
            yield runner.addresses[0][1]
        finally:
            keeper.cancel()
            await runner.cleanup()

    def advance(self) -> None:
        """Bring the venue's time up to the clock's."""
        self._time.advance()

    async def _request(self, request: web.Request) -> web.StreamResponse:
        body = await request.read()
        self.advance()
        asked = await _asked(request, body)
        plan = self._venue.ask(asked)
        if plan.after_s:
            await asyncio.sleep(plan.after_s)
        if plan.fate is Fate.LATER:
            self.advance()
            plan = Plan(self._venue.carry_out(asked))
        match plan.fate:
            case Fate.NEVER:
                await asyncio.Event().wait()
            case Fate.RESET | Fate.UNSENT:
                _abort(request)
            case Fate.CUT:
                return await _cut(request, plan.answer)
            case _:
                pass
        return web.Response(
            status=plan.answer.status, body=plan.answer.body, headers=dict(plan.answer.headers)
        )

    async def _stream(self, request: web.Request) -> web.StreamResponse:
        self.advance()
        if not self._venue.admits(request.path_qs):
            _abort(request)
            return web.Response()
        socket = web.WebSocketResponse(autoping=False, compress=False, max_msg_size=1 << 22)
        await socket.prepare(request)
        line, news = Line(request.remote or HOST, request.path_qs), asyncio.Event()
        line.on_news = news.set
        session = self._venue.connect(line)
        writer = asyncio.create_task(self._write(request, socket, line, news))
        try:
            await self._read(socket, line, session)
        finally:
            writer.cancel()
            self._venue.hang_up(session)
        return socket

    async def _read(self, socket: web.WebSocketResponse, line: Line, session: Heard) -> None:
        async for message in socket:
            self.advance()
            if line.is_half_open:
                continue
            if message.type is WSMsgType.PING:
                session.alive()
                await socket.pong(message.data)
            elif message.type in (WSMsgType.TEXT, WSMsgType.BINARY):
                data = message.data
                session.hear(data.encode() if isinstance(data, str) else data)

    async def _write(
        self, request: web.Request, socket: web.WebSocketResponse, line: Line, news: asyncio.Event
    ) -> None:
        while True:
            await news.wait()
            news.clear()
            if line.is_aborted:
                _abort(request)
                return
            for frame in line.take():
                await _sent(socket, frame)
            if line.closing is not None:
                await socket.close(code=line.closing[0], message=line.closing[1].encode())
                return


async def _sent(socket: web.WebSocketResponse, frame: bytes) -> None:
    """Send a frame as text, or as what it is where it is none."""
    try:
        text = frame.decode()
    except UnicodeDecodeError:
        await socket.send_bytes(frame)
        return
    await socket.send_str(text)


async def _asked(request: web.Request, body: bytes) -> Asked:
    words = dict(request.query)
    if request.content_type == "application/x-www-form-urlencoded":
        words |= dict(parse_qsl(body.decode(), keep_blank_values=True))
    elif request.content_type == "multipart/form-data":
        words |= {k: str(v) for k, v in (await request.post()).items()}
    headers = {name.lower(): value for name, value in request.headers.items()}
    address, query = request.remote or HOST, request.rel_url.raw_query_string
    return Asked(request.method, request.path, words, headers, body, address, query)


def _abort(request: web.Request) -> None:
    if request.transport is not None:
        request.transport.abort()


async def _cut(request: web.Request, answer: Answer) -> web.StreamResponse:
    head = {**answer.headers, "content-length": str(len(answer.body))}
    response = web.StreamResponse(status=answer.status, headers=head)
    await response.prepare(request)
    await response.write(answer.body[: len(answer.body) // 2])
    _abort(request)
    return response
