"""Stand before every request: right host, right origin, no large body; and headers on each answer.

It comes before the routes, so that a route that is new is behind it too.
"""

from collections.abc import Mapping

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MOST_BYTES = 16_384
"""Of a request's body."""
SAFE = ("GET", "HEAD")
HEADER = "x-mmrunner"
"""Set by our own pages: a form or a link of another site cannot."""

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self';"
    " font-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none';"
    " require-trusted-types-for 'script'; trusted-types 'none'"
)
HEADERS: Mapping[str, str] = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "cache-control": "no-store",
}
STRICT = "max-age=31536000"


class Gate:
    """Refuse what a browser was tricked into, and what is too large; mark every answer."""

    def __init__(self, app: ASGIApp, origins: frozenset[str]) -> None:
        self._app = app
        self._origins = origins
        self._hosts = frozenset(origin.partition("://")[2] for origin in origins)
        has_tls = any(origin.startswith("https:") for origin in origins)
        self._headers = dict(HEADERS, **({"strict-transport-security": STRICT} if has_tls else {}))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or hand it on."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            return
        marked = self._marked(send)
        refusal = self._refusal(scope["method"], Headers(scope=scope))
        if refusal is not None:
            await PlainTextResponse(refusal[1] + "\n", refusal[0])(scope, receive, marked)
        else:
            await self._app(scope, receive, marked)

    def _refusal(self, method: str, headers: Headers) -> tuple[int, str] | None:
        """Return the status and the line of a refusal, None where there is none."""
        if headers.getlist("host") != [headers.get("host")] or headers["host"] not in self._hosts:
            return 421, "expected one of this view's own hosts; add yours to web.names"
        origins = headers.getlist("origin")
        if len(origins) > 1 or (origins and origins[0] not in self._origins):
            return 403, "expected a request of this view's own pages, was of another origin"
        site = headers.get("sec-fetch-site", "none")
        if method in SAFE:
            if site == "cross-site" and headers.get("sec-fetch-mode", "navigate") != "navigate":
                return 403, "expected a request of this view's own pages, was of another site"
            return None
        return self._refusal_of_change(headers, bool(origins), site)

    def _refusal_of_change(
        self, headers: Headers, has_origin: bool, site: str
    ) -> tuple[int, str] | None:
        if not has_origin or site not in ("none", "same-origin"):
            return 403, "expected a request of this view's own pages, with its origin"
        if headers.get(HEADER) != "1":
            return 403, f"expected the header {HEADER}: 1"
        if headers.get("content-type", "").partition(";")[0].strip() != "application/json":
            return 415, "expected content of type application/json"
        length = headers.get("content-length", "")
        if not length.isascii() or not length.isdecimal() or "transfer-encoding" in headers:
            return 411, "expected the content's length"
        if len(length) > 9 or int(length) > MOST_BYTES:
            return 413, f"expected at most {MOST_BYTES} bytes"
        return None

    def _marked(self, send: Send) -> Send:
        async def mark(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
            await send(message)

        return mark
