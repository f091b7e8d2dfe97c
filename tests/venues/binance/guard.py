"""Know who asks: API keys, signatures and time.

A request is signed over its whole query or body, and the signature is the last of its words
("General Info", "SIGNED Endpoint Security").
"""

import hashlib
import hmac
from urllib.parse import urlencode

from tests.venues.binance.errors import (
    INVALID_SIGNATURE,
    INVALID_TIMESTAMP,
    MANDATORY,
    REJECTED_KEY,
    Refused,
)
from tests.venues.bybit.accounts import Account, Key
from tests.venues.bybit.exchange import Exchange
from tests.venues.common.http import Asked

KEY = "x-mbx-apikey"
AHEAD_MS = 1_000


def signature(secret: str, payload: str) -> str:
    """Return the signature of a query or a body."""
    return hmac.new(secret.encode(), payload.encode(), hashlib.sha256).hexdigest()


def signed(secret: str, words: dict[str, object]) -> str:
    """Return words as a client sends them, signed."""
    payload = urlencode(words)
    return f"{payload}&signature={signature(secret, payload)}"


class Guard:
    """The door of all that is private."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange

    def named(self, asked: Asked) -> tuple[Account, Key]:
        """Return whose key a request names, whoever has sent it."""
        name = asked.headers.get(KEY, "")
        for account in self._exchange.accounts.values():
            if name in account.keys:
                return account, account.keys[name]
        raise Refused(REJECTED_KEY, 401)

    def account(self, asked: Asked) -> Account:
        """Return who has signed a request, or refuse it."""
        account, key = self.named(asked)
        payload = asked.query or asked.raw.decode(errors="replace")
        said, mark, sign = payload.rpartition("&signature=")
        stamp, window = asked.words.get("timestamp", ""), asked.words.get("recvWindow", "5000")
        if not (mark and stamp.isdecimal() and window.isdecimal()):
            raise Refused(MANDATORY)
        if not hmac.compare_digest(signature(key.secret, said), sign):
            raise Refused(INVALID_SIGNATURE)
        now_ms = self._exchange.now_ms
        if not now_ms - int(window) <= int(stamp) < now_ms + AHEAD_MS:
            raise Refused(INVALID_TIMESTAMP)
        if key.is_read_only and asked.method != "GET":
            raise Refused(REJECTED_KEY, 401)
        return account
