"""Be a plain client of a stand-in in memory: sign and send; no adapter."""

import json
from typing import Any
from urllib.parse import urlencode

from tests.venues.bybit.accounts import Account, Key
from tests.venues.common.http import Asked
from tests.venues.common.line import Line
from tests.venues.kucoin.guard import headers_for
from tests.venues.kucoin.keys import API_KEY, READ_KEY, READ_SECRET, SECRET, UID
from tests.venues.kucoin.sessions import OWN, Session
from tests.venues.kucoin.venue import Setup, Venue

START_NS = 1_795_000_000_000_000_000
Words = dict[str, Any]


class Client:
    """One client of one account."""

    def __init__(self, venue: Venue, key: str = API_KEY, secret: str = SECRET) -> None:
        self.venue = venue
        self.key = key
        self.secret = secret

    @property
    def account(self) -> Account:
        """Return the account as the venue keeps it."""
        return self.venue.exchange.accounts[UID]

    def pass_time(self, seconds: float) -> None:
        """Let the venue's time pass."""
        self.venue.agenda.advance(self.venue.agenda.now_ns + round(seconds * 1e9))

    def listen(self) -> Line:
        """Open the account's stream, and ask for all of its topics."""
        token = self.asked("POST", "/api/v1/bullet-private")["data"]["token"]
        line = Line(target=f"/endpoint?token={token}")
        session: Session = self.venue.connect(line)
        for topic in OWN:
            session.hear(json.dumps({"id": "1", "type": "subscribe", "topic": topic}).encode())
        return line

    def get(self, path: str, **words: object) -> Words:
        """Send a signed read, and return the answer."""
        return self.asked("GET", path, urlencode(words))

    def order(self, link: str, **words: object) -> Words:
        """Return a post-only bid far from the market, any of whose words may be replaced."""
        usual: Words = {
            "clientOid": link,
            "side": "buy",
            "symbol": "XBTUSDTM",
            "type": "limit",
            "leverage": 5,
            "marginMode": "CROSS",
            "price": "89000",
            "size": 1,
            "postOnly": True,
        }
        return {**usual, **words}

    def place(self, link: str, **words: object) -> Words:
        """Place an order, let it come to the book, and return the answer."""
        said = self.asked("POST", "/api/v1/orders", body=json.dumps(self.order(link, **words)))
        self.pass_time(0.01)
        return said

    def take(self, link: str, size: int, **words: object) -> Words:
        """Buy at once."""
        more: Words = {"postOnly": False, "timeInForce": "IOC", "size": size}
        return self.place(link, **{**more, **words})

    def asked(self, method: str, path: str, query: str = "", body: str = "") -> Words:
        """Send a signed request, and return the answer."""
        place = f"{path}?{query}" if query else path
        now_ms = self.venue.exchange.now_ms
        headers = headers_for(self.key, self.secret, now_ms, f"{method}{place}{body}")
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
