"""Know who has logged in, by a signed cookie: nothing is kept for a session but its early end."""

import hashlib
import hmac
import secrets
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from runner.web.roles import BY_NAME, TOLD, Role

MOST_ENDED = 10_000
LINK_S = 600.0
"""How long a link to log in is good."""


@dataclass(frozen=True, slots=True)
class Session:
    """A login: what it may do, until when, and the name that commands are noted under."""

    role: Role
    expires_s: int
    name: str


class Sessions:
    """Issue sessions, read them back from their cookies, and end them."""

    def __init__(self, key: bytes, lasting_s: float, now_s: Callable[[], float]) -> None:
        self._key = key
        self._lasting_s = lasting_s
        self._now_s = now_s
        self._ended: OrderedDict[str, None] = OrderedDict()

    @property
    def lasting_s(self) -> int:
        """How long a login lasts."""
        return int(self._lasting_s)

    def begin(self, role: Role) -> str:
        """Return the cookie of a new session."""
        expires_s = int(self._now_s() + self._lasting_s)
        words = f"{TOLD[role]}.{expires_s}.{secrets.token_hex(8)}"
        return f"{words}.{self._mac(words)}"

    def read(self, cookie: str) -> Session | None:
        """Return a cookie's session; None where it is not ours, is over, or was ended."""
        words, _, mac = cookie.rpartition(".")
        if len(cookie) > 200 or not hmac.compare_digest(
            self._mac(words).encode(), mac.encode(errors="replace")
        ):
            return None
        role, expires_s, name = words.split(".")
        if name in self._ended or int(expires_s) <= self._now_s():
            return None
        return Session(BY_NAME[role], int(expires_s), name)

    def end(self, session: Session) -> None:
        """Let a session count no more."""
        self._ended[session.name] = None
        if len(self._ended) > MOST_ENDED:
            self._ended.popitem(last=False)

    def _mac(self, words: str) -> str:
        return hmac.new(self._key, words.encode(errors="replace"), hashlib.sha256).hexdigest()


class Link:
    """The word of a link that logs in once, and only soon after it was made."""

    def __init__(self, word: str, now_s: Callable[[], float]) -> None:
        self._word = word
        self._now_s = now_s
        self._until_s = now_s() + LINK_S

    def take(self, word: str) -> bool:
        """Tell whether this is the word; from then on it is not."""
        is_right = bool(self._word) and hmac.compare_digest(
            self._word.encode(), word.encode(errors="replace")
        )
        if not is_right or self._now_s() > self._until_s:
            return False
        self._word = ""
        return True
