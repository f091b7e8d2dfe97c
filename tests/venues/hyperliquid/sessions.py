"""Serve connections: markets and accounts by subscription, and nobody has to say who asks."""

import json
from functools import partial
from typing import TYPE_CHECKING, Any

from tests.venues.common.faults import Frame
from tests.venues.common.line import Line
from tests.venues.hyperliquid.publisher import ACCOUNT

if TYPE_CHECKING:
    from tests.venues.hyperliquid.venue import Venue

Words = dict[str, Any]
PATH = "/ws"
STREAMS = (PATH,)
MARKET = ("l2Book", "trades", "activeAssetCtx")
IDLE_S = 60.0


class Session:
    """The venue's side of a connection."""

    def __init__(self, venue: "Venue", line: Line, number: int) -> None:
        self.line = line
        self.number = number
        self.topics: set[str] = set()
        """Channels with their market, and channels of an account."""
        self.own: set[tuple[str, int]] = set()
        """The latter with whose they are."""
        self.heard_ns = venue.agenda.now_ns
        self._venue = venue

    @property
    def stream(self) -> str:
        """Return which kind of connection it has become, in the words of scripts."""
        return "account" if self.own else "market"

    def hears(self, stream: str) -> bool:
        """Tell whether it is a connection of that kind."""
        return self.stream == stream

    def alive(self) -> None:
        """Hear a ping of the protocol, which does not count here."""

    def look_after(self) -> None:
        """End it where the client has said nothing for too long."""
        if self._venue.agenda.now_ns - self.heard_ns > IDLE_S * 1e9:
            self.line.close(1000, "Inactive")

    def hear(self, raw: bytes) -> None:
        """Take a frame from the client."""
        self.heard_ns = self._venue.agenda.now_ns
        try:
            words = json.loads(raw)
            method, of = words["method"], words.get("subscription", {})
        except (ValueError, TypeError, KeyError):
            self._refuse("Error parsing JSON into valid websocket request")
            return
        if method == "ping":
            self.tell({"channel": "pong"}, "pong")
        elif method in ("subscribe", "unsubscribe"):
            self._subscribe(method, of)
        else:
            self._refuse(f"Invalid method: {method}")

    def tell(self, words: Words, *names: str, market: str = "") -> None:
        """Send a message as the script lets it pass."""
        frame = Frame((*names, self.stream, "frame"), market, words)
        for delay_s, data in self._venue.gateway.frames(frame):
            if delay_s:
                self._venue.agenda.after(delay_s, partial(self.line.put, data))
            else:
                self.line.put(data)

    def _subscribe(self, method: str, of: Words) -> None:
        channel, symbol = str(of.get("type")), str(of.get("coin", ""))
        begins = method == "subscribe"
        uid = 0
        if channel in ACCOUNT:
            account = self._venue.guard.find(str(of.get("user")))
            if account is None or self._venue.guard.rejects_streams:
                self._refuse(f"Invalid subscription: {of}")
                return
            uid = account.uid
            topic = channel
            (self.own.add if begins else self.own.discard)((channel, uid))
        elif channel in MARKET and symbol in self._venue.exchange.floors:
            topic = f"{channel}:{symbol}"
        else:
            self._refuse(f"Invalid subscription: {of}")
            return
        if begins and topic in self.topics:
            self._refuse(f"Already subscribed: {of}")
            return
        (self.topics.add if begins else self.topics.discard)(topic)
        data = {"method": method, "subscription": of}
        self.tell({"channel": "subscriptionResponse", "data": data}, "reply")
        self._venue.subscribed(self, topic, begins)
        for words in self._venue.publisher.first(channel, uid, symbol) if begins else ():
            kind = ("snapshot", "orderbook") if channel == "l2Book" else ("first",)
            self.tell(words, *kind, market=symbol)

    def _refuse(self, text: str) -> None:
        self.tell({"channel": "error", "data": text}, "reply")
