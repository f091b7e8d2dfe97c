"""Clear a spot account of Binance, or of a venue with the same requests, from another
thread or process: cancel all, read what still rests.

It needs no ccxt. The stamp of a request is the venue's own time, asked for just before, so that no
clock of this machine's stands in the way.
"""

import hashlib
import hmac
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from connectors.calls import Request
from connectors.ccxt.emergency import FAILED, TRIES, asked, cleared
from connectors.model.errors import Plan, VenueError

NOTHING_RESTS = -2011
"""The answer where there is nothing to cancel."""
WINDOW_MS = 10_000
Ask = Callable[[Request], Any]


class SpotRescue:
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
        self._venue = venue
        self._url = url
        self._headers = headers
        self._secret = secret.encode()
        self._symbols = tuple(symbols)
        self._ask = ask

    def ready(self) -> None:
        """Sign something: nothing else is needed."""
        self._signed("GET", "BTCUSDT", 0)

    def cancel_all(self) -> None:
        """Cancel all; raise VenueError unless the venue has done it on every market."""
        cleared(self._venue, self._symbols, self._cancelled)

    def resting(self) -> int:
        """Return how many orders rest on our markets. Raises VenueError."""
        return sum(self._count(symbol) for symbol in self._symbols)

    def _cancelled(self, symbol: str) -> str:
        """Cancel all of one market; return why that failed, nothing where it did not."""
        why = ""
        for _ in range(TRIES):
            try:
                said = self._ask(self._signed("DELETE", symbol, self._stamp_ms()))
            except FAILED as error:
                why = f"{type(error).__name__} {error}"
                continue
            if isinstance(said, list) or said.get("code") == NOTHING_RESTS:
                return ""
            why = str(said)[:160]
        return why

    def _count(self, symbol: str) -> int:
        try:
            said = self._ask(self._signed("GET", symbol, self._stamp_ms()))
        except FAILED as error:
            raise VenueError(f"{self._venue} {symbol}: {type(error).__name__} {error}") from None
        if not isinstance(said, list):
            raise VenueError(f"{self._venue} {symbol}: expected a list, was {str(said)[:160]}")
        return len(said)

    def _stamp_ms(self) -> int:
        said = self._ask(Request("GET", f"{self._url}/api/v3/time"))
        try:
            return int(said["serverTime"])
        except (LookupError, TypeError):
            raise ValueError(f"no time: {str(said)[:160]}") from None

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
        found = []
        for name in (words["key_env"], words["secret_env"]):
            if not secrets.get(name):
                raise VenueError(
                    f"{words['venue']} watchdog: expected {name} to hold a half of the key",
                    Plan.HALT,
                )
            found.append(secrets[name])
        key, secret = found
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
