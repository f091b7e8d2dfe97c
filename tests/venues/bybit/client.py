"""Be a plain client of a stand-in in memory: sign, send, read frames; no adapter."""

import json
from typing import Any
from urllib.parse import urlencode

from tests.venues.bybit.accounts import Account, Key
from tests.venues.bybit.guard import headers_for, signed
from tests.venues.bybit.keys import API_KEY, READ_KEY, READ_SECRET, SECRET, UID
from tests.venues.bybit.session import Session
from tests.venues.bybit.sessions import LINEAR, PRIVATE, TRADE
from tests.venues.bybit.venue import Setup, Venue
from tests.venues.common.http import Asked, Plan
from tests.venues.common.line import Line

START_NS = 1_795_000_000_000_000_000
AT_ONCE_S = 0.01
Words = dict[str, Any]


class Talk:
    """One connection of a client."""

    def __init__(self, venue: Venue, path: str) -> None:
        self.line = Line(target=path)
        self.session: Session = venue.connect(self.line)

    def hear(self, **words: Any) -> None:
        """Send a message."""
        self.session.hear(json.dumps(words).encode())

    def subscribe(self, *topics: str) -> None:
        """Subscribe."""
        self.hear(op="subscribe", args=list(topics))

    def frames(self, topic: str = "") -> list[Words]:
        """Take the frames that have come, of one topic or of all."""
        frames = [json.loads(frame) for frame in self.line.take()]
        return [frame for frame in frames if not topic or frame.get("topic") == topic]

    def rows(self, topic: str) -> list[Words]:
        """Take the rows of a topic."""
        return [row for frame in self.frames(topic) for row in frame["data"]]


class Client:
    """One client of one account, and a connection for each kind of stream."""

    def __init__(self, venue: Venue, key: str = API_KEY, secret: str = SECRET) -> None:
        self.venue = venue
        self.key = key
        self.secret = secret
        self.public = Talk(venue, LINEAR)
        self.private = Talk(venue, PRIVATE)
        self.trade = Talk(venue, TRADE)

    @property
    def account(self) -> Account:
        """Return the account as the venue keeps it."""
        return self.venue.exchange.accounts[UID]

    def pass_time(self, seconds: float) -> None:
        """Let the venue's time pass."""
        self.venue.agenda.advance(self.venue.agenda.now_ns + round(seconds * 1e9))

    def authenticate(self, *talks: Talk) -> None:
        """Authenticate connections, the private one unless told otherwise."""
        expires = self.venue.exchange.now_ms + 10_000
        sign = signed(self.secret, f"GET/realtime{expires}")
        for talk in talks or (self.private,):
            talk.hear(op="auth", args=[self.key, expires, sign])
            talk.frames()

    def listen(self, *topics: str) -> None:
        """Authenticate, and hear an account's topics."""
        self.authenticate()
        self.private.subscribe(*topics)
        self.private.frames()

    def plan(self, method: str, path: str, **words: Any) -> Plan:
        """Send a signed request; return how it is met."""
        payload = urlencode(words) if method == "GET" else json.dumps(words)
        headers = headers_for(self.key, self.secret, self.venue.exchange.now_ms, payload)
        read = {name: str(value) for name, value in words.items()} if method == "GET" else {}
        query, raw = (payload, b"") if method == "GET" else ("", payload.encode())
        return self.venue.ask(Asked(method, path, read, headers, raw, query=query))

    def get(self, path: str, **words: Any) -> Words:
        """Ask, and return the answer."""
        return _read(self.plan("GET", path, **words))

    def post(self, path: str, **words: Any) -> Words:
        """Send, and return the answer."""
        return _read(self.plan("POST", path, **words))

    def order(self, link: str, **fields: Any) -> Words:
        """Return a post-only bid's fields, far from the market, any of which may be replaced."""
        words = {
            "category": "linear",
            "symbol": "BTCUSDT",
            "side": "Buy",
            "orderType": "Limit",
            "qty": "0.010",
            "price": "89900.0",
            "timeInForce": "PostOnly",
            "orderLinkId": link,
        }
        return words | fields

    def place(self, link: str, **fields: Any) -> Words:
        """Place an order and return the answer; it is carried out a moment later."""
        return self.post("/v5/order/create", **self.order(link, **fields))

    def cancel(self, link: str, symbol: str = "BTCUSDT") -> Words:
        """Cancel an order."""
        return self.post("/v5/order/cancel", category="linear", symbol=symbol, orderLinkId=link)

    def amend(self, link: str, **fields: Any) -> Words:
        """Change an order."""
        words = {"category": "linear", "symbol": "BTCUSDT", "orderLinkId": link, **fields}
        return self.post("/v5/order/amend", **words)


def keys() -> dict[str, Key]:
    """Return the keys that a stand-in has unless told otherwise."""
    return {API_KEY: Key(SECRET), READ_KEY: Key(READ_SECRET, is_read_only=True)}


def opened(**setup: Any) -> Client:
    """Return a client of a fresh venue."""
    venue = Venue(Setup(**setup), START_NS)
    venue.open_account(UID, keys())
    return Client(venue)


def _read(plan: Plan) -> Words:
    return dict(json.loads(plan.answer.body))
