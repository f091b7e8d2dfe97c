"""Send HTTP requests once each, with TLS verified and everything bounded: aiohttp, tamed.

aiohttp repeats GET, PUT and DELETE by itself when a kept connection turns out to be dead. A write
must not be repeated, so its errors are made ours before aiohttp sees them.
"""

import ssl
from collections.abc import AsyncGenerator, Awaitable, Callable
from typing import TYPE_CHECKING

from connectors.calls import Lost, Reply, Request

if TYPE_CHECKING:
    from aiohttp import ClientRequest, ClientResponse, ClientSession

MOST_BYTES = 16 * 1024 * 1024
MOST_CONNECTIONS = 32


class HttpSender:
    """A `Sender` over kept connections. Call `close` at the end."""

    def __init__(self, tls: ssl.SSLContext | None = None, most_bytes: int = MOST_BYTES) -> None:
        self._tls = tls if tls is not None else ssl.create_default_context()
        if self._tls.verify_mode != ssl.CERT_REQUIRED or not self._tls.check_hostname:
            raise ValueError("TLS without verification is never used: give a context that verifies")
        self._most_bytes = most_bytes
        self._session: ClientSession | None = None
        self._keeper: AsyncGenerator[None] | None = None

    async def send(self, request: Request) -> Reply:
        """Return the reply, or raise Lost. Follows no redirect, obeys no proxy variable, decodes
        no compressed body, and spells no address anew: it may be signed as it is."""
        import aiohttp
        import yarl

        session = await self._opened()
        try:
            async with session.request(
                request.method,
                yarl.URL(request.url, encoded=True),
                headers={"Accept-Encoding": "identity", **request.headers},
                data=request.body or None,
                allow_redirects=False,
            ) as response:
                body = await self._body(response)
                headers = {name.lower(): value for name, value in response.headers.items()}
                return Reply(response.status, headers, body)
        except aiohttp.ClientConnectorCertificateError as error:
            raise Lost(f"the certificate was not accepted: {error}", False, True) from error
        except aiohttp.ClientConnectorSSLError as error:
            raise Lost(f"no TLS connection: {error}", False) from error
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            raise Lost(f"no connection: {error}", False) from error
        except (aiohttp.InvalidURL, ValueError) as error:
            raise Lost(f"not an address: {error}", False, True) from error
        except (aiohttp.ClientError, OSError) as error:
            raise Lost(f"the connection broke: {type(error).__name__} {error}", True) from error

    async def close(self) -> None:
        """Close all connections. Another request opens anew; what it opens ends with the loop."""
        keeper, self._keeper, self._session = self._keeper, None, None
        if keeper is not None:
            await keeper.aclose()

    async def _opened(self) -> "ClientSession":
        """Open the session within the running loop. Names are resolved anew for each connection."""
        import aiohttp

        if self._session is None:
            connector = aiohttp.TCPConnector(
                ssl=self._tls, limit=MOST_CONNECTIONS, use_dns_cache=False
            )
            self._session = aiohttp.ClientSession(
                connector=connector,
                timeout=aiohttp.ClientTimeout(total=None, sock_connect=5.0),
                trust_env=False,
                auto_decompress=False,
                cookie_jar=aiohttp.DummyCookieJar(),
                middlewares=(_once,),
            )
            self._keeper = _kept(self._session)
            await anext(self._keeper)
        return self._session

    async def _body(self, response: "ClientResponse") -> bytes:
        """Read the body, or raise Lost where it is larger than allowed."""
        chunks, size = [], 0
        async for chunk in response.content.iter_any():
            size += len(chunk)
            if size > self._most_bytes:
                raise Lost(f"a body of more than {self._most_bytes} bytes", True)
            chunks.append(chunk)
        return b"".join(chunks)


async def _kept(session: "ClientSession") -> AsyncGenerator[None]:
    """Close a session when nobody else has: an event loop ends its generators before itself."""
    try:
        yield
    finally:
        await session.close()


async def _once(
    request: "ClientRequest", handler: "Callable[[ClientRequest], Awaitable[ClientResponse]]"
) -> "ClientResponse":
    """Raise what aiohttp would repeat as an error that it does not know."""
    import aiohttp

    try:
        return await handler(request)
    except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError):
        raise
    except (aiohttp.ClientOSError, aiohttp.ServerDisconnectedError) as error:
        raise Lost(f"the connection broke: {type(error).__name__} {error}", True) from error
