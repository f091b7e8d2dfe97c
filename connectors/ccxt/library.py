"""Make ccxt's exchange speak over our own network: it signs and asks, we send, pace and stamp.

ccxt's transports, queue, retries, clock and rounding are out of use. What it is used for is what it
is best at: each venue's addresses, signatures and words.
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import ccxt.pro
import msgspec

from connectors.ccxt.answers import Codes, Told, answer_of, codes_in
from connectors.ccxt.line import Decode, Line, Tap, decoded
from connectors.ccxt.meant import held_against
from connectors.ccxt.network import Network
from connectors.ccxt.outgoing import cleaned
from connectors.model.errors import ConfigError

Exchange = Any
"""An exchange of ccxt.pro: its sources carry no types that we could check."""
Headers = Callable[[str, int], Mapping[str, str]]
"""What the requests of a path carry besides ccxt's headers, at a moment of the venue's in ms."""

TAME: Mapping[str, Any] = {
    "enableRateLimit": False,
    "newUpdates": True,
    "maxRetriesOnFailure": 0,
    "fetchHistoryCacheSize": 0,
}


@dataclass(frozen=True, slots=True, repr=False)
class Keys:
    """What an account signs with: nothing of it is ever shown."""

    key: str
    secret: str
    password: str = ""

    def __repr__(self) -> str:
        return "Keys(...)"


@dataclass(frozen=True, slots=True)
class Way:
    """Which exchange of ccxt, with which options, at which addresses.

    `addresses` replace the beginnings of ccxt's own ones, longest first; a scheme alone stands for
    every host.
    """

    exchange: str
    options: Mapping[str, Any]
    codes: Codes
    addresses: Mapping[str, str] = field(default_factory=dict)
    headers: Headers = lambda path, now_ms: {}
    decode: Decode = decoded
    """Reads the frames of its streams."""


class Carried:
    """What stands in front of a ccxt class."""

    network: Network
    meanings: Codes
    """Not `codes`: that is ccxt's name for the currencies that it has loaded."""
    tap: Callable[[str], Tap | None]
    headers_of: Headers
    decode_frame: Decode

    def sign(self, path: str, *asked: Any, **named: Any) -> dict[str, Any]:
        """Sign a request, and add what the venue is told besides."""
        made: dict[str, Any] = super().sign(path, *asked, **named)  # type: ignore[misc]
        more = self.headers_of(path, self.network.now_ms())
        return {**made, "headers": {**(made["headers"] or {}), **more}} if more else made

    def open(self: Any, lazy: bool = False) -> None:
        """Open nothing: the sockets are ours."""

    def milliseconds(self) -> int:
        """Return the venue's time, for stamps that it compares with its clock."""
        return self.network.now_ms()

    def seconds(self) -> int:
        """Return the venue's time."""
        return self.network.now_ms() // 1000

    def microseconds(self) -> int:
        """Return the venue's time."""
        return self.network.now_ms() * 1000

    def client(self: Any, url: str) -> Line:
        """Return the stream of an address."""
        self.asyncio_loop = asyncio.get_running_loop()
        self.clients = self.clients or {}
        if url not in self.clients:
            self.clients[url] = self.lines[url] = Line(
                self, url, self.network, self.tap, self.decode_frame
            )
        return self.clients[url]  # type: ignore[no-any-return]

    async def fetch(
        self: Any,
        url: str,
        method: str = "GET",
        headers: Mapping[str, str] | None = None,
        body: str | None = None,
    ) -> Any:
        """Send a request once and return its JSON. Raises Told where the venue refuses, and Lost
        where nothing is known of the request."""
        request = held_against(cleaned(method, url, headers, body))
        status, said = await self.network.carry(request)
        text = said if isinstance(said, str) else msgspec.json.encode(said).decode()
        json = None if isinstance(said, str) else said
        try:
            self.handle_errors(status, "", url, method, {}, text, json, headers, body)
            self.handle_http_status_code(status, "", url, method, text)
        except ccxt.BaseError as error:
            code, words = next(codes_in(json), (str(status) if status >= 300 else "", text))
            words = words or text
            raise Told(
                code, words[:300], status, answer_of(error, code, words, self.meanings), json
            ) from error
        return said


def exchange_of(
    way: Way,
    network: Network,
    keys: Keys | None,
    tap: Callable[[str], Tap | None] = lambda url: None,
) -> Exchange:
    """Return an exchange; raise ConfigError for one that ccxt does not have."""
    base = getattr(ccxt.pro, way.exchange, None)
    if base is None:
        raise ConfigError(f"venue.exchange: expected an exchange of ccxt.pro, was {way.exchange}")
    kind = type(
        f"Carried_{way.exchange}",
        (Carried, base),
        {
            "network": network,
            "meanings": way.codes,
            "tap": staticmethod(tap),
            "headers_of": staticmethod(way.headers),
            "decode_frame": staticmethod(way.decode),
        },
    )
    config: dict[str, Any] = {**TAME, "options": dict(way.options)}
    if keys is not None:
        config |= {"apiKey": keys.key, "secret": keys.secret, "password": keys.password}
    exchange = kind(config)
    exchange.lines = {}
    exchange.has["fetchCurrencies"] = False
    # Hyperliquid's would have a builder's fee approved before the first order.
    exchange.initialize_client = _nothing
    exchange.urls["api"] = _moved(exchange.urls["api"], exchange, way.addresses)
    return exchange


async def _nothing() -> bool:
    return True


def _moved(urls: Any, exchange: Exchange, addresses: Mapping[str, str]) -> Any:
    """Return every address of a tree, at its new place."""
    if isinstance(urls, dict):
        return {key: _moved(each, exchange, addresses) for key, each in urls.items()}
    if not isinstance(urls, str) or not addresses:
        return urls
    url = exchange.implode_hostname(urls)
    for old in sorted(addresses, key=len, reverse=True):
        if url.startswith(old):
            left = urlsplit(url).path if old.endswith("//") else url[len(old) :]
            return addresses[old] + left
    return url


def hosts_of(exchange: Exchange) -> set[str]:
    """Return every host that an exchange knows a way to."""
    return {urlsplit(url).hostname or "" for url in _leaves(exchange.urls["api"], exchange)}


def _leaves(urls: Any, exchange: Exchange) -> list[str]:
    if isinstance(urls, dict):
        return [leaf for each in urls.values() for leaf in _leaves(each, exchange)]
    return [exchange.implode_hostname(urls)] if isinstance(urls, str) else []
