"""List what can be asked of a view, each with the role that it takes; nothing else is answered."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from connectors.model.errors import MmrunnerError
from runner.web.roles import Role
from runner.web.sessions import Session, Sessions

COOKIE = "mmrunner_session"
BEARER = "bearer "


class Refused(MmrunnerError):
    """A request cannot be met. `status` is HTTP's."""

    def __init__(self, status: int, line: str) -> None:
        super().__init__(line)
        self.status = status


@dataclass(frozen=True, slots=True)
class Ask:
    """One request: who asks (None: nobody has logged in), and what was sent along."""

    request: Request
    session: Session | None

    def word(self, name: str) -> str:
        """Return a part of the path."""
        return str(self.request.path_params[name])

    def given(self, name: str, default: str = "") -> str:
        """Return a parameter of the query, cut to what any of ours needs."""
        return self.request.query_params.get(name, default)[:200]

    @property
    def who(self) -> Session:
        """Who asks; only for ways that need a role."""
        if self.session is None:
            raise Refused(401, "expected a login")
        return self.session


Endpoint = Callable[[Ask], Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class Way:
    """A path with one method, the role it takes, and what answers."""

    method: str
    path: str
    role: Role
    endpoint: Endpoint


@dataclass(frozen=True, slots=True)
class Door:
    """Tell who asks, by cookie or by a token in a header, and let in who may."""

    sessions: Sessions
    role_of: Callable[[str], Role]
    cookie: str
    locked: Callable[[], Response]
    """What a page answers to somebody who has not logged in."""

    def route(self, way: Way) -> Route:
        """Return a way as a route that nobody passes without its role."""
        return Route(way.path, partial(self._answer, way), methods=[way.method])

    async def _answer(self, way: Way, request: Request) -> Response:
        session = self.session_of(request.headers, request.cookies)
        if way.role > (session.role if session else Role.ANYONE):
            return self._closed(way, session)
        try:
            return await way.endpoint(Ask(request, session))
        except Refused as refused:
            return told(refused.status, str(refused))
        except MmrunnerError as error:
            return told(409, str(error))

    def _closed(self, way: Way, session: Session | None) -> Response:
        if session is not None:
            return told(403, "expected a login that may operate, this one may only read")
        if way.path.startswith("/api/") or way.method != "GET":
            return told(401, "expected a login")
        return self.locked()

    def session_of(self, headers: Mapping[str, str], cookies: Mapping[str, str]) -> Session | None:
        """Return who asks, None where nobody has logged in."""
        given = headers.get("authorization", "")
        if given.lower().startswith(BEARER):
            role = self.role_of(given[len(BEARER) :].strip()[:200])
            return Session(role, 1 << 62, "token") if role else None
        return self.sessions.read(cookies.get(self.cookie, ""))


def told(status: int, line: str, **more: Any) -> JSONResponse:
    """Return one line for a person, as JSON."""
    return JSONResponse({"line": line, **more}, status)
