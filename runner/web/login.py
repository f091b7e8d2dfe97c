"""Let people in by a link that is good once, or by one of the two tokens; and let them out."""

from collections.abc import Callable

import msgspec
from starlette.responses import JSONResponse, Response

from runner.web.bodies import body_of
from runner.web.limits import Limit
from runner.web.roles import TOLD, Role
from runner.web.sessions import Link, Sessions
from runner.web.ways import Ask, Way, told

TRIES = 10
TRIES_PER_S = 0.2
"""Of wrong words, from one address."""


class Entry(msgspec.Struct, forbid_unknown_fields=True):
    """The word of a link, or a token."""

    word: str


class Login:
    """Hand out session cookies."""

    def __init__(
        self,
        sessions: Sessions,
        role_of: Callable[[str], Role],
        link: Link,
        wrong: Limit,
        cookie: str,
        has_tls: bool,
    ) -> None:
        self._sessions = sessions
        self._role_of = role_of
        self._link = link
        self._wrong = wrong
        self._cookie = cookie
        self._has_tls = has_tls

    def ways(self) -> list[Way]:
        """Return what can be asked of it."""
        return [
            Way("POST", "/login", Role.ANYONE, self._enter),
            Way("POST", "/logout", Role.READ, self._leave),
            Way("GET", "/api/me", Role.READ, self._me),
        ]

    async def _enter(self, ask: Ask) -> Response:
        address = ask.request.client.host if ask.request.client else "unknown"
        if self._wrong.is_over(address):
            return told(429, "expected fewer wrong tries; wait a little")
        entry = await body_of(ask, Entry)
        role = Role.OPERATE if self._link.take(entry.word) else self._role_of(entry.word)
        if not role:
            self._wrong.take(address)
            return told(
                403,
                "expected a token, or a link that has not been used before; the web view prints"
                " a new link when it starts, and its tokens lie in outputs/web/keys.json",
            )
        answer = JSONResponse({"role": TOLD[role]})
        answer.set_cookie(
            self._cookie,
            self._sessions.begin(role),
            max_age=self._sessions.lasting_s,
            path="/",
            secure=self._has_tls,
            httponly=True,
            samesite="strict",
        )
        return answer

    async def _leave(self, ask: Ask) -> Response:
        self._sessions.end(ask.who)
        answer = told(200, "logged out")
        answer.delete_cookie(
            self._cookie, path="/", secure=self._has_tls, httponly=True, samesite="strict"
        )
        return answer

    async def _me(self, ask: Ask) -> Response:
        return JSONResponse({"role": TOLD[ask.who.role], "until_s": ask.who.expires_s})
