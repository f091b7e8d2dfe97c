"""Be a plain client of a stand-in in memory: sign, send, read frames; no adapter."""

import json
from typing import Any

from tests.venues.binance.guard import signed
from tests.venues.binance.keys import API_KEY, READ_KEY, READ_SECRET, SECRET, UID
from tests.venues.binance.sessions import Session
from tests.venues.binance.venue import Setup, Venue
from tests.venues.bybit.accounts import Account, Key
from tests.venues.common.http import Asked
from tests.venues.common.line import Line

START_NS = 1_795_000_000_000_000_000
Words = dict[str, Any]


class Client:
    """One client of one account, who listens to it."""

    def __init__(self, venue: Venue, key: str = API_KEY, secret: str = SECRET) -> None:
        self.venue = venue
        self.key = key
        self.secret = secret
        listen = self._said("POST", "/fapi/v1/listenKey", "")["listenKey"]
        self.line = Line(target=f"/private/ws?listenKey={listen}")
        self.session: Session = venue.connect(self.line)

    @property
    def account(self) -> Account:
        """Return the account as the venue keeps it."""
        return self.venue.exchange.accounts[UID]

    def pass_time(self, seconds: float) -> None:
        """Let the venue's time pass."""
        self.venue.agenda.advance(self.venue.agenda.now_ns + round(seconds * 1e9))

    def ask(self, method: str, path: str, **words: object) -> Any:
        """Send a signed request, and return the answer."""
        stamped = {**words, "timestamp": self.venue.exchange.now_ms, "recvWindow": 5000}
        return self._said(method, path, signed(self.secret, stamped))

    def place(self, link: str, **words: object) -> Words:
        """Place a post-only bid far from the market, any of whose words may be replaced."""
        usual: Words = {
            "symbol": "BTCUSDT",
            "side": "BUY",
            "type": "LIMIT",
            "timeInForce": "GTX",
            "quantity": "0.010",
            "price": "89000.0",
            "newClientOrderId": link,
        }
        return dict(self.ask("POST", "/fapi/v1/order", **(usual | words)))

    def events(self, name: str) -> list[Words]:
        """Take the events of one kind that have come."""
        frames = [json.loads(frame) for frame in self.line.take()]
        return [frame for frame in frames if frame.get("e") == name]

    def _said(self, method: str, path: str, payload: str) -> Any:
        query, raw = (payload, b"") if method in ("GET", "DELETE") else ("", payload.encode())
        headers = {"x-mbx-apikey": self.key}
        plan = self.venue.ask(Asked(method, path, {}, headers, raw, query=query))
        return json.loads(plan.answer.body)


def keys() -> dict[str, Key]:
    """Return the keys that a stand-in has unless told otherwise."""
    return {API_KEY: Key(SECRET), READ_KEY: Key(READ_SECRET, is_read_only=True)}


def opened(**setup: Any) -> Client:
    """Return a client of a fresh venue."""
    venue = Venue(Setup(**setup), START_NS)
    venue.open_account(UID, keys())
    return Client(venue)
