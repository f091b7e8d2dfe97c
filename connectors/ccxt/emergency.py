"""Cancel everything from another thread, when the event loop can no longer do it.

It has a connection of its own, so that nothing that hangs stands in its way. A cancel-all that
comes twice does no harm: it is signed anew and tried again.
"""

import ssl
from collections.abc import Callable, Sequence
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import urlsplit

import msgspec

from connectors.calls import NO_JSON, Request
from connectors.model.errors import Plan, VenueError

TRIES = 3
WITHIN_S = 5.0


class Emergency:
    """Cancels all orders of each market, on whatever thread calls it. Not for the main thread."""

    def __init__(
        self, venue: str, symbols: Sequence[str], sign: Callable[[str], Request], done: str
    ) -> None:
        """`sign` makes the request for a symbol, stamped now; `done` is the answer's code for it,
        under ``retCode`` or ``code``."""
        self._venue = venue
        self._symbols = tuple(symbols)
        self._sign = sign
        self._done = done

    def __call__(self) -> None:
        """Cancel all; raise VenueError unless the venue has done it on every market."""
        failed = {symbol: why for symbol in self._symbols if (why := self._cancelled(symbol))}
        if failed:
            words = ", ".join(f"{symbol}: {why}" for symbol, why in failed.items())
            raise VenueError(
                f"{self._venue}: orders were not cancelled: {words}: cancel them by hand", Plan.HALT
            )

    def _cancelled(self, symbol: str) -> str:
        """Cancel all of one market; return why that failed, nothing where it did not."""
        why = ""
        for _ in range(TRIES):
            try:
                why = self._ask(self._sign(symbol))
            except (OSError, HTTPException) as error:
                why = f"{type(error).__name__} {error}"
            if not why:
                return ""
        return why

    def _ask(self, request: Request) -> str:
        url = urlsplit(request.url)
        connection = _connection(url.scheme, url.hostname or "", url.port)
        try:
            headers = dict(request.headers)
            place = f"{url.path}?{url.query}" if url.query else url.path
            connection.request(request.method, place, request.body, headers)
            response = connection.getresponse()
            body = response.read()
        finally:
            connection.close()
        try:
            said = msgspec.json.decode(body)
        except NO_JSON:
            return f"status {response.status} with a body that is no JSON"
        code = str(said.get("retCode", said.get("code"))) if isinstance(said, dict) else ""
        return "" if code == self._done else str(said)[:160]


def _connection(scheme: str, host: str, port: int | None) -> HTTPConnection:
    if scheme == "http":
        return HTTPConnection(host, port, timeout=WITHIN_S)
    return HTTPSConnection(host, port, timeout=WITHIN_S, context=ssl.create_default_context())
