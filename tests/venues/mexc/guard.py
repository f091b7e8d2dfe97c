"""Know who asks: API keys, signatures and time ("SIGNED", "Timing security")."""

import hmac

from tests.venues.binance.guard import signature
from tests.venues.bybit.accounts import Account, Key
from tests.venues.bybit.exchange import Exchange
from tests.venues.common.http import Asked
from tests.venues.mexc.errors import (
    BAD_CONTENT,
    BAD_KEY,
    BAD_SIGNATURE,
    BAD_TIME,
    NO_PERMISSION,
    Refused,
)

KEY = "x-mexc-apikey"
AHEAD_MS = 1_000
MOST_WINDOW_MS = 60_000


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
        raise Refused(BAD_KEY)

    def account(self, asked: Asked) -> Account:
        """Return who has signed a request, or refuse it."""
        account, key = self.named(asked)
        if asked.method != "GET" and asked.headers.get("content-type") != "application/json":
            raise Refused(BAD_CONTENT)
        said, _, sign = asked.query.rpartition("&signature=")
        if not hmac.compare_digest(signature(key.secret, said), sign):
            raise Refused(BAD_SIGNATURE)
        stamp, window = asked.words.get("timestamp", ""), asked.words.get("recvWindow", "5000")
        now_ms = self._exchange.now_ms
        is_known = stamp.isdecimal() and window.isdecimal() and int(window) <= MOST_WINDOW_MS
        if not (is_known and now_ms - int(window) <= int(stamp) < now_ms + AHEAD_MS):
            raise Refused(BAD_TIME)
        if key.is_read_only and asked.method != "GET":
            raise Refused(NO_PERMISSION)
        return account
