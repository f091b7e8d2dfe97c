"""Know who asks: API keys, passphrases, signatures, time, and the tokens of streams.

A request is signed over its moment, method, path with query, and body; so is the passphrase
(KuCoin, "Signing a Message"). A token opens one connection, and ends with it.
"""

import base64
import hashlib
import hmac

from tests.venues.bybit.accounts import Account, Key
from tests.venues.bybit.exchange import Exchange
from tests.venues.common.http import Asked
from tests.venues.kucoin import errors
from tests.venues.kucoin.errors import Refused
from tests.venues.kucoin.keys import PASSPHRASE

KEY, STAMP, SIGN, WORD, VERSION = (
    "kc-api-key",
    "kc-api-timestamp",
    "kc-api-sign",
    "kc-api-passphrase",
    "kc-api-key-version",
)
NAMING = "kc-api-partner"
"""How the headers begin that name a broker: nobody is to send one."""
LIFE_MS = 5_000


def signed(secret: str, text: str) -> str:
    """Return the signature of a text."""
    made = hmac.new(secret.encode(), text.encode(), hashlib.sha256).digest()
    return base64.b64encode(made).decode()


def headers_for(key: str, secret: str, now_ms: int, text: str) -> dict[str, str]:
    """Return the headers of a request, whose method, place and body are `text`."""
    word, sign = signed(secret, PASSPHRASE), signed(secret, f"{now_ms}{text}")
    return {KEY: key, STAMP: str(now_ms), SIGN: sign, WORD: word, VERSION: "2"}


class Guard:
    """The door of all that is private."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange
        self._tokens: dict[str, int] = {}
        self.given = 0
        self.rejects_streams = False
        """Whether nobody is given a token just now."""

    def find(self, name: str) -> tuple[Account, Key]:
        """Return the account of a key, and the key."""
        for account in self._exchange.accounts.values():
            if name in account.keys:
                return account, account.keys[name]
        raise Refused(errors.NO_KEY)

    def account(self, asked: Asked) -> Account:
        """Return who has signed a request, or refuse it."""
        h = asked.headers
        if not all(h.get(name) for name in (KEY, STAMP, SIGN, WORD)) or h.get(VERSION) != "2":
            raise Refused(errors.NO_HEADERS)
        if any(name.startswith(NAMING) for name in h):
            raise Refused(errors.PARAMETER, "a broker is named")
        account, key = self.find(h[KEY])
        if not hmac.compare_digest(signed(key.secret, PASSPHRASE), h[WORD]):
            raise Refused(errors.WRONG_PASSPHRASE)
        place = f"{asked.path}?{asked.query}" if asked.query else asked.path
        text = f"{h[STAMP]}{asked.method}{place}{asked.raw.decode(errors='replace')}"
        if not hmac.compare_digest(signed(key.secret, text), h[SIGN]):
            raise Refused(errors.INVALID_SIGN)
        stamp_ms = int(h[STAMP]) if h[STAMP].isdecimal() else 0
        if abs(self._exchange.now_ms - stamp_ms) > LIFE_MS:
            raise Refused(errors.OLD_STAMP)
        is_token = asked.path.endswith("bullet-private")
        if key.is_read_only and asked.method != "GET" and not is_token:
            raise Refused(errors.NO_PERMISSION)
        return account

    def token(self, uid: int = 0) -> str:
        """Give a token for one connection: an account's, or with 0 one of market data."""
        if self.rejects_streams:
            raise Refused(errors.BUSY)
        self.given += 1
        token = f"{'own' if uid else 'all'}-{self.given:06d}=="
        self._tokens[token] = uid
        return token

    def is_known(self, token: str) -> bool:
        """Tell whether a token opens a connection."""
        return token in self._tokens

    def used(self, token: str) -> int:
        """Use a token up; return whose it is."""
        return self._tokens.pop(token)
