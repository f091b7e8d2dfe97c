"""Cancel everything from another thread, when the event loop can no longer do it.

It has a connection of its own, so that nothing that hangs stands in its way. A cancel-all that
comes twice does no harm: it is signed anew and tried again.
"""

import ssl
import time
from collections.abc import Callable, Mapping, Sequence
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Any, Protocol
from urllib.parse import urlsplit

import msgspec

from connectors.calls import NO_JSON, Request
from connectors.model.errors import Plan, VenueError

TRIES = 3
WITHIN_S = 5.0
MOST_ROUNDS = 40
"""How often some of what rests is cancelled: a market that is not clear then is told."""
PAUSE_S = 0.05
"""Wait between two rounds: a cancel that was taken ends its order a moment later, and a venue that
is asked without a pause soon refuses to be asked."""
FAILED = (OSError, HTTPException, ValueError)


class Clearing(Protocol):
    """How a market is cleared where no one request does it."""

    def listing(self, symbol: str) -> Request:
        """Return what asks for some of the orders that rest."""

    def cancel(self, symbol: str, said: Mapping[str, Any]) -> Request | None:
        """Return what cancels those that an answer lists, None where there is none. Raises
        ValueError for what lists nothing."""


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
        cleared(self._venue, self._symbols, self._cancelled)

    def _cancelled(self, symbol: str) -> str:
        """Cancel all of one market; return why that failed, nothing where it did not."""
        why = ""
        for _ in range(TRIES):
            try:
                said = _answer(self._sign(symbol))
                code = str(said.get("retCode", said.get("code")))
                why = "" if code == self._done else str(said)[:160]
            except FAILED as error:
                why = f"{type(error).__name__} {error}"
            if not why:
                return ""
        return why


class ListedEmergency:
    """The same where orders are listed and named: a market is clear once its list is empty."""

    def __init__(self, venue: str, symbols: Sequence[str], clearing: Clearing) -> None:
        self._venue = venue
        self._symbols = tuple(symbols)
        self._clearing = clearing

    def __call__(self) -> None:
        """Cancel all; raise VenueError unless nothing rests on any market."""
        cleared(self._venue, self._symbols, self._cancelled)

    def _cancelled(self, symbol: str) -> str:
        """Cancel what is listed until nothing is; return why that failed, nothing where it did
        not."""
        failures, why = 0, ""
        for _ in range(MOST_ROUNDS):
            try:
                request = self._clearing.cancel(symbol, _answer(self._clearing.listing(symbol)))
                if request is None:
                    return ""
                why = f"still rests after: {str(_answer(request))[:160]}"
                time.sleep(PAUSE_S)
            except (*FAILED, LookupError, TypeError) as error:
                failures, why = failures + 1, f"{type(error).__name__} {error}"
                if failures == TRIES:
                    return why
        return why


def cleared(venue: str, symbols: Sequence[str], cancelled: Callable[[str], str]) -> None:
    """Clear each market; raise VenueError with why those are not that could not be."""
    failed = {symbol: why for symbol in symbols if (why := cancelled(symbol))}
    if failed:
        words = ", ".join(f"{symbol}: {why}" for symbol, why in failed.items())
        raise VenueError(
            f"{venue}: orders were not cancelled: {words}: cancel them by hand", Plan.HALT
        )


def _answer(request: Request) -> dict[str, Any]:
    """Send a request; return its answer. Raises what is in FAILED."""
    said = asked(request)
    if not isinstance(said, dict):
        raise ValueError(str(said)[:160])
    return said


def asked(request: Request) -> Any:
    """Send a request; return whatever its answer says. Raises what is in FAILED."""
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
        return msgspec.json.decode(body)
    except NO_JSON:
        raise ValueError(f"status {response.status} with a body that is no JSON") from None


def _connection(scheme: str, host: str, port: int | None) -> HTTPConnection:
    if scheme == "http":
        return HTTPConnection(host, port, timeout=WITHIN_S)
    return HTTPSConnection(host, port, timeout=WITHIN_S, context=ssl.create_default_context())
