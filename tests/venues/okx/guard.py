"""Know who asks: API keys, passphrases, signatures and time.

A request is signed over its moment, method, path with query, and body; a stream's login over its
moment and a fixed path (OKX v5, "Making Requests" and "Login").
"""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from datetime import UTC, datetime

from tests.venues.bybit.accounts import Account, Key
from tests.venues.bybit.exchange import Exchange
from tests.venues.common.http import Asked
from tests.venues.okx import errors
from tests.venues.okx.errors import Refused
from tests.venues.okx.keys import PASSPHRASE

KEY, STAMP, SIGN, WORD = (
    "ok-access-key",
    "ok-access-timestamp",
    "ok-access-sign",
    "ok-access-passphrase",
)
DEMO = "x-simulated-trading"
LIFE_MS = 30_000
LOGIN = "GET/users/self/verify"


def signed(secret: str, text: str) -> str:
    """Return the signature of a text."""
    made = hmac.new(secret.encode(), text.encode(), hashlib.sha256).digest()
    return base64.b64encode(made).decode()


def stamp_of(now_ms: int) -> str:
    """Return a moment as headers have it."""
    moment = datetime.fromtimestamp(now_ms // 1000, UTC)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{now_ms % 1000:03d}Z"


def headers_for(
    key: str, secret: str, now_ms: int, method: str, path: str, query: str, body: str
) -> dict[str, str]:
    """Return the headers of a request to the demo."""
    stamp = stamp_of(now_ms)
    asked = f"{path}?{query}" if query else path
    sign = signed(secret, f"{stamp}{method}{asked}{body}")
    return {KEY: key, STAMP: stamp, SIGN: sign, WORD: PASSPHRASE, DEMO: "1"}


class Guard:
    """The door of all that is private."""

    def __init__(self, exchange: Exchange, is_demo: bool) -> None:
        self._exchange = exchange
        self._is_demo = is_demo
        self.rejects_streams = False
        """Whether no stream can log in just now."""

    def find(self, name: str) -> tuple[Account, Key]:
        """Return the account of a key, and the key."""
        for account in self._exchange.accounts.values():
            if name in account.keys:
                return account, account.keys[name]
        raise Refused(errors.INVALID_KEY, 401)

    def account(self, asked: Asked) -> Account:
        """Return who has signed a request, or refuse it."""
        h = asked.headers
        if not (h.get(KEY) and h.get(STAMP) and h.get(SIGN) and h.get(WORD)):
            raise Refused(errors.NO_KEY, 401)
        account, key = self.find(h[KEY])
        if h[WORD] != PASSPHRASE:
            raise Refused(errors.WRONG_PASSPHRASE, 401)
        if (h.get(DEMO) == "1") is not self._is_demo:
            raise Refused(errors.WRONG_ENVIRONMENT, 401)
        path = f"{asked.path}?{asked.query}" if asked.query else asked.path
        text = f"{h[STAMP]}{asked.method}{path}{asked.raw.decode(errors='replace')}"
        if not hmac.compare_digest(signed(key.secret, text), h[SIGN]):
            raise Refused(errors.INVALID_SIGN, 401)
        self._check_time(_ms_of(h[STAMP]))
        if key.is_read_only and asked.method != "GET":
            raise Refused(errors.NO_PERMISSION, 403)
        return account

    def login(self, words: Mapping[str, object]) -> tuple[Account, str]:
        """Return who logs a stream in, and with which key, or refuse."""
        said = {name: str(words.get(name, "")) for name in ("apiKey", "passphrase", "sign")}
        stamp = str(words.get("timestamp", ""))
        if self.rejects_streams or said["passphrase"] != PASSPHRASE or not stamp.isdecimal():
            raise Refused(errors.LOGIN_FAILED)
        account, key = self.find(said["apiKey"])
        if not hmac.compare_digest(signed(key.secret, f"{stamp}{LOGIN}"), said["sign"]):
            raise Refused(errors.LOGIN_FAILED)
        self._check_time(int(stamp) * 1000)
        return account, said["apiKey"]

    def _check_time(self, stamp_ms: int) -> None:
        if abs(self._exchange.now_ms - stamp_ms) > LIFE_MS:
            raise Refused(errors.OLD_STAMP, 401)


def _ms_of(stamp: str) -> int:
    try:
        moment = datetime.strptime(stamp, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC)
    except ValueError:
        raise Refused(errors.OLD_STAMP, 401) from None
    return round(moment.timestamp() * 1000)
