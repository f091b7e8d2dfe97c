"""Cancel everything from another thread, when the event loop can no longer do it.

It has a connection of its own and, where one is given, a key of its own, so that nothing that hangs
stands in its way. A cancel-all that comes twice does no harm: it is signed anew and tried again.
"""

import ssl
from collections.abc import Callable
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import urlencode, urlsplit

import msgspec

from connectors.calls import NO_JSON, Confirmed
from connectors.lighter.answers import judge
from connectors.lighter.library import Library
from connectors.lighter.transactions import CancelAll, SignedTx, verified
from connectors.model.errors import Plan, VenueError

TRIES = 3
WITHIN_S = 5.0
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


class NextNonce(msgspec.Struct):
    """What a key's next nonce has to be at least."""

    nonce: int


class Emergency:
    """Cancels all orders of an account, on whatever thread calls it. Not for the main thread."""

    def __init__(
        self, rest_url: str, account: int, key_index: int, load: Callable[[], Library]
    ) -> None:
        self._url = urlsplit(rest_url)
        self._account = account
        self._key_index = key_index
        self._load = load

    def __call__(self) -> None:
        """Cancel all; raise VenueError unless the venue has let it in."""
        library, why = self._load(), ""
        for _ in range(TRIES):
            try:
                why = self._try(library)
            except (OSError, HTTPException) as error:
                why = f"{type(error).__name__} {error}"
            if not why:
                return
        raise VenueError(
            f"lighter: orders were not cancelled: {why}: cancel them by hand", Plan.HALT
        )

    def _try(self, library: Library) -> str:
        """Cancel all once; return why it was not let in, nothing where it was."""
        who = urlencode({"account_index": self._account, "api_key_index": self._key_index})
        status, body = self._asked("GET", f"/api/v1/nextNonce?{who}", b"")
        try:
            nonce = msgspec.json.decode(body, type=NextNonce).nonce
        except NO_JSON:
            return f"no nonce: status {status} {body[:80].decode('utf-8', 'replace')}"
        tx = self._signed(library, nonce)
        form = urlencode({"tx_type": tx.wanted.kind, "tx_info": tx.info}).encode()
        status, body = self._asked("POST", "/api/v1/sendTx", form)
        try:
            outcome = judge(status, msgspec.json.decode(body))
        except NO_JSON:
            return f"status {status} with a body that is no JSON"
        return "" if isinstance(outcome, Confirmed) else str(outcome)

    def _signed(self, library: Library, nonce: int) -> SignedTx:
        wanted = CancelAll()
        info, tx_hash = library.sign(wanted, nonce)
        return verified(wanted, self._account, self._key_index, nonce, info, tx_hash)

    def _asked(self, method: str, path: str, body: bytes) -> tuple[int, bytes]:
        """Ask over a connection of this moment."""
        connection = self._connection()
        try:
            connection.request(method, path, body or None, FORM if body else {})
            response = connection.getresponse()
            return response.status, response.read()
        finally:
            connection.close()

    def _connection(self) -> HTTPConnection:
        host, port = self._url.hostname or "", self._url.port
        if self._url.scheme == "http":
            return HTTPConnection(host, port, timeout=WITHIN_S)
        return HTTPSConnection(host, port, timeout=WITHIN_S, context=ssl.create_default_context())
