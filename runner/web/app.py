"""Put a view together: what can be asked, behind the door, behind the gate."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp

from runner.engine.clock import Clock
from runner.web.asks import Asks
from runner.web.data import Data
from runner.web.gate import Gate
from runner.web.hub import Hub
from runner.web.keys import Keys
from runner.web.limits import Limit
from runner.web.login import TRIES, TRIES_PER_S, Login
from runner.web.pages import Pages
from runner.web.sessions import Link, Sessions
from runner.web.streams import Streams
from runner.web.vitals import Vitals
from runner.web.ways import Ask, Door, Way, told

COMMANDS = 10
COMMANDS_PER_S = 2.0
"""Of one login."""


@dataclass(frozen=True, slots=True)
class Whose:
    """Who may come in, and from where."""

    keys: Keys
    origins: frozenset[str]
    session_s: float
    link: str
    cookie: str

    @property
    def has_tls(self) -> bool:
        """Whether it speaks https."""
        return any(origin.startswith("https:") for origin in self.origins)


@dataclass(frozen=True, slots=True)
class View:
    """An application, every way into it, and how to end what is open."""

    app: ASGIApp
    ways: tuple[Way, ...]
    close: Callable[[], None]


def view_of(whose: Whose, hub: Hub, runs: Path, clock: Clock) -> View:
    """Return the application. Its clock is wall time, as a cookie's end is."""

    def now_s() -> float:
        return clock.now_ns() / 1e9

    sessions = Sessions(whose.keys.signing, whose.session_s, now_s)
    pages = Pages()
    door = Door(sessions, whose.keys.role_of, whose.cookie, pages.locked)

    def is_valid(ask: Ask) -> bool:
        request = ask.request
        return door.session_of(request.headers, request.cookies) is not None

    streams = Streams(hub, is_valid)
    login = Login(
        sessions,
        whose.keys.role_of,
        Link(whose.link, now_s),
        Limit(TRIES, TRIES_PER_S, now_s),
        whose.cookie,
        whose.has_tls,
    )
    ways = (
        *login.ways(),
        *pages.ways(),
        *streams.ways(),
        *Data(hub, runs, clock).ways(),
        *Asks(hub, Limit(COMMANDS, COMMANDS_PER_S, now_s), clock).ways(),
        *Vitals(hub).ways(),
    )

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        async with hub.following():
            yield

    async def absent(request: Request, error: Exception) -> Response:
        return told(404, "expected a page or a question of this view")

    app = Starlette(
        routes=[door.route(way) for way in ways],
        lifespan=lifespan,
        exception_handlers={404: absent},
    )
    app.router.redirect_slashes = False
    return View(Gate(app, whose.origins), ways, streams.end)
