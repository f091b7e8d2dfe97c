"""Tell pages what is new, as server-sent events: the latest picture, never a queue of old ones."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import contextmanager
from typing import Any

from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from runner.web.deploy import Deploy
from runner.web.hub import Hub
from runner.web.overview import overview_line
from runner.web.pages import name_of
from runner.web.roles import Role
from runner.web.ways import Ask, Refused, Way

MOST_STREAMS = 256
BEAT_S = 1.0
BEAT = b"event: beat\ndata: {}\n\n"
OVERVIEW_S = 0.5


class Streams:
    """Every open stream. There is a most of them; what is told is made once for all."""

    def __init__(self, hub: Hub, is_valid: Callable[[Ask], bool]) -> None:
        self._hub = hub
        self._is_valid = is_valid
        self._open = 0
        self._is_ended = False

    def ways(self) -> list[Way]:
        """Return what can be asked of it."""
        return [
            Way("GET", "/api/stream", Role.READ, self._overview),
            Way("GET", "/api/deploys/{deploy}/stream", Role.READ, self._deploy),
        ]

    def end(self) -> None:
        """Let every stream come to its end."""
        self._is_ended = True

    async def _overview(self, ask: Ask) -> Response:
        return self._stream(self._overviews(ask))

    async def _deploy(self, ask: Ask) -> Response:
        deploy = known(self._hub, ask)
        return self._stream(self._pictures(ask, deploy, ask.given("market")))

    def _stream(self, events: AsyncIterator[bytes]) -> Response:
        if self._open >= MOST_STREAMS:
            raise Refused(503, f"expected at most {MOST_STREAMS} open pages; close some")
        return Stream(events, self._counted)

    @contextmanager
    def _counted(self) -> Any:
        self._open += 1
        try:
            yield
        finally:
            self._open -= 1

    async def _pictures(self, ask: Ask, deploy: Deploy, market: str) -> AsyncIterator[bytes]:
        version = -1
        while self._goes_on(ask):
            if version != deploy.version:
                version = deploy.version
                yield b"data: " + deploy.line(market) + b"\n\n"
            else:
                yield BEAT
            if version == deploy.version:
                await deploy.changed(BEAT_S)

    async def _overviews(self, ask: Ask) -> AsyncIterator[bytes]:
        while self._goes_on(ask):
            yield b"data: " + overview_line(self._hub) + b"\n\n"
            await asyncio.sleep(OVERVIEW_S)

    def _goes_on(self, ask: Ask) -> bool:
        """Tell whether somebody may still be told: a login ends, and so does this view."""
        return not self._is_ended and self._is_valid(ask)


class Stream(StreamingResponse):
    """An answer that goes on until one side ends it."""

    def __init__(self, events: AsyncIterator[bytes], counted: Callable[[], Any]) -> None:
        super().__init__(events, media_type="text/event-stream")
        self._counted = counted

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Tell one page."""
        with self._counted():
            await super().__call__(scope, receive, send)


def known(hub: Hub, ask: Ask) -> Deploy:
    """Return the deploy that a path names; raise Refused where there is none."""
    name = name_of(ask, "deploy")
    if name not in hub.deploys:
        raise Refused(404, f"expected a deploy that is known, was {name}")
    return hub.deploys[name]
