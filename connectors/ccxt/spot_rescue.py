"""Clear a spot account of Binance, or of a venue with the same requests, from another
thread or process: cancel all, read what still rests."""

import hashlib
import hmac
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from connectors.calls import Request
from connectors.ccxt.emergency import asked
from connectors.ccxt.rescues import Ask, MarketsRescue, secrets_of

NOTHING_RESTS = -2011
"""The answer where there is nothing to cancel."""
WINDOW_MS = 10_000


class SpotRescue(MarketsRescue):
    """The `Rescue` of one account, in some markets. `headers` carry the key."""

    def __init__(
        self,
        venue: str,
        url: str,
        headers: Mapping[str, str],
        secret: str,
        symbols: Sequence[str],
        ask: Ask = asked,
    ) -> None:
        super().__init__(venue, symbols, ask)
        self._url = url
        self._headers = headers
        self._secret = secret.encode()

    def clock(self) -> Request:
        """Return what asks for the venue's time."""
        return Request("GET", f"{self._url}/api/v3/time")

    def stamp_ms(self, said: Any) -> int:
        """Return the time of an answer."""
        return int(said["serverTime"])

    def cancelling(self, symbol: str, stamp_ms: int) -> Request:
        """Return what cancels all orders of a market."""
        return self._signed("DELETE", symbol, stamp_ms)

    def is_cleared(self, said: Any) -> bool:
        """Tell whether an answer says that it has."""
        return isinstance(said, list) or said.get("code") == NOTHING_RESTS

    def listing(self, symbol: str, stamp_ms: int) -> Request:
        """Return what asks for the orders that rest."""
        return self._signed("GET", symbol, stamp_ms)

    def count(self, said: Any) -> int:
        """Return how many an answer lists."""
        if not isinstance(said, list):
            raise ValueError("expected a list")
        return len(said)

    def _signed(self, method: str, symbol: str, stamp_ms: int) -> Request:
        words = {"symbol": symbol, "timestamp": stamp_ms, "recvWindow": WINDOW_MS}
        query = urlencode(words)
        mark = hmac.new(self._secret, query.encode(), hashlib.sha256).hexdigest()
        url = f"{self._url}/api/v3/openOrders?{query}&signature={mark}"
        return Request(method, url, self._headers)


@dataclass(frozen=True, slots=True)
class Made:
    """Make the rescue that a venue's `rescue` describes; the key is found among the secrets.

    `headers_of` says how requests carry a key. Raises VenueError where the key is not there.
    """

    headers_of: Callable[[str], Mapping[str, str]]

    def __call__(
        self, words: Mapping[str, Any], secrets: Mapping[str, str], now_ns: Callable[[], int]
    ) -> SpotRescue:
        key, secret = secrets_of(words, secrets, ("key_env", "secret_env"))
        symbols = words["symbols"].split(",")
        return SpotRescue(words["venue"], words["rest_url"], self.headers_of(key), secret, symbols)


def binance_headers(key: str) -> Mapping[str, str]:
    """Return how Binance is told a key."""
    return {"X-MBX-APIKEY": key}


def mexc_headers(key: str) -> Mapping[str, str]:
    """Return how MEXC is told a key; another type of content it refuses (700013)."""
    return {"X-MEXC-APIKEY": key, "Content-Type": "application/json"}


binance = Made(binance_headers)
mexc = Made(mexc_headers)
