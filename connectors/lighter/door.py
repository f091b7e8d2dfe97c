"""Ask Lighter over a connection of this moment, on whatever thread: no event loop is needed."""

import ssl
from collections.abc import Mapping
from http.client import HTTPConnection, HTTPSConnection
from urllib.parse import urlsplit

WITHIN_S = 5.0


class Door:
    """The REST interface of one network. Blocks; raises OSError and HTTPException."""

    def __init__(self, rest_url: str) -> None:
        self._url = urlsplit(rest_url)

    def ask(
        self, method: str, path: str, body: bytes = b"", headers: Mapping[str, str] | None = None
    ) -> tuple[int, bytes]:
        """Ask once; return status and body."""
        connection = self._connection()
        try:
            connection.request(method, f"/api/v1/{path}", body or None, dict(headers or {}))
            response = connection.getresponse()
            return response.status, response.read()
        finally:
            connection.close()

    def _connection(self) -> HTTPConnection:
        host, port = self._url.hostname or "", self._url.port
        if self._url.scheme == "http":
            return HTTPConnection(host, port, timeout=WITHIN_S)
        return HTTPSConnection(host, port, timeout=WITHIN_S, context=ssl.create_default_context())
