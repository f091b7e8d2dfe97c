"""Know who asks: API keys, signatures and time.

A request is signed over timestamp, key, receive window and its query or body; a stream's `auth`
over `GET/realtime` and its expiry (Bybit v5, "Integration Guidance" and "Connect").
"""

import hashlib
import hmac
from collections.abc import Sequence

from tests.venues.bybit import errors
from tests.venues.bybit.accounts import Account, Key
from tests.venues.bybit.errors import Refused
from tests.venues.bybit.exchange import Exchange
from tests.venues.common.http import Asked

WINDOW_MS = 5_000
KEY, STAMP, SIGN, WINDOW = (
    "x-bapi-api-key",
    "x-bapi-timestamp",
    "x-bapi-sign",
    "x-bapi-recv-window",
)


def signed(secret: str, text: str) -> str:
    """Return the signature of a text."""
    return hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()


def headers_for(
    key: str, secret: str, stamp_ms: int, payload: str, window: str = "5000"
) -> dict[str, str]:
    """Return the headers of a request; the payload is the raw query or body."""
    sign = signed(secret, f"{stamp_ms}{key}{window}{payload}")
    return {KEY: key, STAMP: str(stamp_ms), SIGN: sign, WINDOW: window}


class Guard:
    """The door of all that is private."""

    def __init__(self, exchange: Exchange, ahead_ms: int) -> None:
        self._exchange = exchange
        self._ahead_ms = ahead_ms
        self.rejects_streams = False
        """Whether no stream can authenticate just now."""

    def account(self, asked: Asked) -> Account:
        """Return who has signed a request, or refuse it."""
        h = asked.headers
        if not (h.get(KEY) and h.get(STAMP) and h.get(SIGN)):
            raise Refused(
                errors.INVALID_PARAMETER,
                f"empty value: apiTimestamp[{h.get(STAMP, '')}] apiKey[{h.get(KEY, '')}]"
                f" apiSignature[{h.get(SIGN, '')}]",
            )
        account, key = self.find(h[KEY])
        self.check_time(h[STAMP], h.get(WINDOW, str(WINDOW_MS)))
        payload = asked.query if asked.method == "GET" else asked.raw.decode(errors="replace")
        origin = f"{h[STAMP]}{h[KEY]}{h.get(WINDOW, '')}{payload}"
        if not hmac.compare_digest(signed(key.secret, origin), h[SIGN]):
            raise Refused(errors.INVALID_SIGN, f"error sign! origin_string[{origin}]")
        if key.is_read_only and asked.method != "GET":
            raise Refused(errors.PERMISSION)
        return account

    def find(self, key: str) -> tuple[Account, Key]:
        """Return the account of a key, and the key."""
        for account in self._exchange.accounts.values():
            if key in account.keys:
                return account, account.keys[key]
        raise Refused(errors.INVALID_KEY)

    def check_time(self, stamp: str, window: str) -> None:
        """Refuse what is older than its window or more than a second ahead."""
        if not (_is_number(stamp) and _is_number(window)):
            raise Refused(errors.INVALID_PARAMETER, "invalid timestamp or recv_window")
        now_ms, at_ms = self._exchange.now_ms, int(stamp)
        if not now_ms - int(window) <= at_ms < now_ms + self._ahead_ms:
            raise Refused(
                errors.EXPIRED,
                f"{errors.MESSAGES[errors.EXPIRED]}. req_timestamp[{stamp}],"
                f"server_timestamp[{now_ms}],recv_window[{window}]",
            )

    def stream(self, args: Sequence[object]) -> tuple[Account, str]:
        """Return who authenticates a stream, and with which key, or refuse."""
        if len(args) != 3 or self.rejects_streams:
            raise Refused(errors.INVALID_PARAMETER, "Params Error")
        name, expires, sign = (str(each) for each in args)
        account, key = self.find(name)
        if not _is_number(expires) or int(expires) <= self._exchange.now_ms:
            raise Refused(errors.INVALID_PARAMETER, "Params Error")
        if not hmac.compare_digest(signed(key.secret, f"GET/realtime{expires}"), sign):
            raise Refused(errors.INVALID_SIGN, "Params Error")
        return account, name


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 18
