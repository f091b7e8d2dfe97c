"""Be a plain client of a stand-in in memory: sign, send, read frames; no adapter."""

import json
from typing import Any
from urllib.parse import urlencode

from tests.venues.bybit.accounts import Account, Key
from tests.venues.common.http import Asked
from tests.venues.common.line import Line
from tests.venues.okx.guard import LOGIN, headers_for, signed
from tests.venues.okx.keys import API_KEY, PASSPHRASE, READ_KEY, READ_SECRET, SECRET, UID
from tests.venues.okx.sessions import PRIVATE, Session
from tests.venues.okx.venue import Setup, Venue

START_NS = 1_795_000_000_000_000_000
Words = dict[str, Any]
TRADE = "/api/v5/trade/"


class Client:
    """One client of one account, who listens to it."""

    def __init__(self, venue: Venue, key: str = API_KEY, secret: str = SECRET) -> None:
        self.venue = venue
        self.key = key
        self.secret = secret
        self.line = Line(target=PRIVATE)
        self.session: Session = venue.connect(self.line)

    @property
    def account(self) -> Account:
        """Return the account as the venue keeps it."""
        return self.venue.exchange.accounts[UID]

    def pass_time(self, seconds: float) -> None:
        """Let the venue's time pass."""
        self.venue.agenda.advance(self.venue.agenda.now_ns + round(seconds * 1e9))

    def listen(self, *channels: str) -> None:
        """Log in, and ask for channels of the account."""
        stamp = str(self.venue.exchange.now_ms // 1000)
        sign = signed(self.secret, f"{stamp}{LOGIN}")
        words = {"apiKey": self.key, "passphrase": PASSPHRASE, "timestamp": stamp, "sign": sign}
        self.say("login", words)
        self.say("subscribe", *({"channel": name, "instType": "SWAP"} for name in channels))

    def say(self, op: str, *args: Words) -> None:
        """Send a frame."""
        self.session.hear(json.dumps({"op": op, "args": args}).encode())

    def frames(self, channel: str = "") -> list[Words]:
        """Take the frames of a channel that have come, or all."""
        frames = [json.loads(frame) for frame in self.line.take() if frame != b"pong"]
        kept = (f for f in frames if channel in ("", f.get("arg", {}).get("channel")))
        return [frame for frame in kept if "data" in frame or not channel]

    def get(self, path: str, **words: object) -> Words:
        """Send a signed read, and return the answer."""
        return self._asked("GET", path, urlencode(words), "")

    def post(self, path: str, body: object, life_ms: int = 5000) -> Words:
        """Send a signed request, and return the answer."""
        return self._asked("POST", path, "", json.dumps(body), life_ms)

    def order(self, link: str, **words: object) -> Words:
        """Return a post-only bid far from the market, any of whose words may be replaced."""
        usual: Words = {
            "instId": "BTC-USDT-SWAP",
            "tdMode": "cross",
            "clOrdId": link,
            "side": "buy",
            "ordType": "post_only",
            "px": "89000.0",
            "sz": "1",
        }
        return {**usual, **words}

    def place(self, link: str, **words: object) -> Words:
        """Place an order, let it come to the book, and return its row of the answer."""
        row = dict(self.post(f"{TRADE}order", self.order(link, **words))["data"][0])
        self.pass_time(0.01)
        return row

    def _asked(self, method: str, path: str, query: str, body: str, life_ms: int = 0) -> Words:
        now_ms = self.venue.exchange.now_ms
        headers = headers_for(self.key, self.secret, now_ms, method, path, query, body)
        if life_ms:
            headers["exptime"] = str(now_ms + life_ms)
        asked = Asked(method, path, {}, headers, body.encode(), query=query)
        return dict(json.loads(self.venue.ask(asked).answer.body))


def keys() -> dict[str, Key]:
    """Return the keys that a stand-in has unless told otherwise."""
    return {API_KEY: Key(SECRET), READ_KEY: Key(READ_SECRET, is_read_only=True)}


def opened(**setup: Any) -> Client:
    """Return a client of a fresh venue."""
    venue = Venue(Setup(**setup), START_NS)
    venue.open_account(UID, keys())
    return Client(venue)
