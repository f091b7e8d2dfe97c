"""Clear a KuCoin futures account from another thread or process.

KuCoin futures, "Cancel All Orders - V3", "Get Order List", "Signing a Message".
"""

import base64
import hashlib
import hmac
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from connectors.calls import Request
from connectors.ccxt.emergency import asked
from connectors.ccxt.rescues import Ask, MarketsRescue, secrets_of

DONE = "200000"


class KucoinRescue(MarketsRescue):
    """The `Rescue` of one account, in some markets."""

    def __init__(
        self,
        venue: str,
        url: str,
        key: str,
        secret: str,
        passphrase: str,
        symbols: Sequence[str],
        ask: Ask = asked,
    ) -> None:
        super().__init__(venue, symbols, ask)
        self._url = url
        self._key = key
        self._secret = secret.encode()
        self._passphrase = passphrase

    def clock(self) -> Request:
        """Return what asks for the venue's time."""
        return Request("GET", f"{self._url}/api/v1/timestamp")

    def stamp_ms(self, said: Any) -> int:
        """Return the time of an answer."""
        return int(said["data"])

    def cancelling(self, symbol: str, stamp_ms: int) -> Request:
        """Return what cancels all orders of a market."""
        return self._signed("DELETE", "/api/v3/orders", {"symbol": symbol}, stamp_ms)

    def is_cleared(self, said: Any) -> bool:
        """Tell whether an answer says that it has."""
        return isinstance(said, dict) and said.get("code") == DONE

    def listing(self, symbol: str, stamp_ms: int) -> Request:
        """Return what asks for the orders that rest."""
        words = {"symbol": symbol, "status": "active"}
        return self._signed("GET", "/api/v1/orders", words, stamp_ms)

    def count(self, said: Any) -> int:
        """Return how many there are, listed or not."""
        return int(said["data"]["totalNum"])

    def _signed(self, method: str, path: str, words: Mapping[str, str], stamp_ms: int) -> Request:
        place = f"{path}?{urlencode(words)}"
        headers = {
            "KC-API-KEY": self._key,
            "KC-API-KEY-VERSION": "2",
            "KC-API-TIMESTAMP": str(stamp_ms),
            "KC-API-SIGN": self._mark(f"{stamp_ms}{method}{place}"),
            "KC-API-PASSPHRASE": self._mark(self._passphrase),
        }
        return Request(method, self._url + place, headers)

    def _mark(self, text: str) -> str:
        made = hmac.new(self._secret, text.encode(), hashlib.sha256)
        return base64.b64encode(made.digest()).decode()


def made(
    words: Mapping[str, Any], secrets: Mapping[str, str], now_ns: Callable[[], int]
) -> KucoinRescue:
    """Return the rescue that a venue's `rescue` describes; the key is found among the secrets.

    Raises VenueError where it is not there.
    """
    key, secret, word = secrets_of(words, secrets, ("key_env", "secret_env", "passphrase_env"))
    symbols = words["symbols"].split(",")
    return KucoinRescue(words["venue"], words["rest_url"], key, secret, word, symbols)
