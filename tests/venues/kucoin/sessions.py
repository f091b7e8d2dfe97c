"""Serve connections that a token opens: a welcome first, then what is subscribed to."""

import json
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

from tests.venues.common.faults import Frame
from tests.venues.common.line import Line
from tests.venues.kucoin.publisher import BOOKS, FLOWS, ORDERS, POSITIONS, TRADES, WALLET

if TYPE_CHECKING:
    from tests.venues.kucoin.venue import Venue

Words = dict[str, Any]
STREAMS = ("/endpoint",)
OWN, MARKET = (ORDERS, POSITIONS, WALLET), (BOOKS, TRADES, FLOWS)
IDLE_S = 60.0


def token_of(target: str) -> str:
    """Return the token that an address names."""
    return parse_qs(urlsplit(target).query).get("token", [""])[0]


class Session:
    """The venue's side of a connection. Nothing may be said to it before its welcome."""

    def __init__(self, venue: "Venue", line: Line, number: int) -> None:
        self.line = line
        self.number = number
        self.topics: set[str] = set()
        self.uid = venue.guard.used(token_of(line.target)) or None
        self.stream = "market" if self.uid is None else "account"
        self.heard_ns = venue.agenda.now_ns
        self._venue = venue
        self.tell({"id": f"{number:08x}", "type": "welcome"}, "welcome")

    def hears(self, stream: str) -> bool:
        """Tell whether it is a connection of that kind."""
        return self.stream == stream

    def alive(self) -> None:
        """Hear a ping of the protocol, which does not count here."""

    def look_after(self) -> None:
        """End it where the client has said nothing for too long."""
        if self._venue.agenda.now_ns - self.heard_ns > IDLE_S * 1e9:
            self.line.close(1000, "no ping")

    def hear(self, raw: bytes) -> None:
        """Take a frame from the client."""
        self.heard_ns = self._venue.agenda.now_ns
        try:
            words = json.loads(raw)
            what, number = words["type"], words["id"]
        except (ValueError, TypeError, KeyError):
            self.tell({"id": "", "type": "error", "code": 400, "data": "bad request"}, "reply")
            return
        if what == "ping":
            self.tell({"id": number, "type": "pong"}, "pong")
        elif what in ("subscribe", "unsubscribe"):
            self._subscribe(what == "subscribe", str(words.get("topic")), number)

    def tell(self, words: Words, *names: str, market: str = "") -> None:
        """Send a message as the script lets it pass."""
        frame = Frame((*names, self.stream, "frame"), market, words)
        for delay_s, data in self._venue.gateway.frames(frame):
            if delay_s:
                self._venue.agenda.after(delay_s, partial(self.line.put, data))
            else:
                self.line.put(data)

    def _subscribe(self, begins: bool, topic: str, number: object) -> None:
        kind, _, names = topic.partition(":")
        is_known = kind in (MARKET if self.uid is None else OWN)
        symbols = [name for name in names.split(",") if name]
        if not is_known or any(name not in self._venue.exchange.floors for name in symbols):
            words = {"id": number, "type": "error", "code": 404, "data": f"topic {topic} not found"}
            self.tell(words, "reply")
            return
        for each in [f"{kind}:{name}" for name in symbols] or [kind]:
            (self.topics.add if begins else self.topics.discard)(each)
            self._venue.subscribed(self, each, begins)
        self.tell({"id": number, "type": "ack"}, "reply")
