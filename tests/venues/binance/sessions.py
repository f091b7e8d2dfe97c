"""Serve connections: market data by subscription, and an account's news by its key."""

import json
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

from tests.venues.common.faults import Frame
from tests.venues.common.line import Line

if TYPE_CHECKING:
    from tests.venues.binance.venue import Venue

STREAMS = ("/public/ws{rest:.*}", "/market/ws{rest:.*}", "/private/ws", "/ws{rest:.*}")


def key_of(target: str) -> str:
    """Return the key of an account's stream that an address names."""
    return parse_qs(urlsplit(target).query).get("listenKey", [""])[0]


def stream_of(target: str) -> str:
    """Return which kind of connection an address is of, in the words of scripts."""
    return "account" if key_of(target) else "market"


class Session:
    """The venue's side of a connection."""

    def __init__(self, venue: "Venue", line: Line, number: int) -> None:
        self.line = line
        self.number = number
        self.topics: set[str] = set()
        self.key = key_of(line.target)
        self.uid = venue.listen_keys.get(self.key)
        self.stream = stream_of(line.target)
        self._venue = venue

    def hears(self, stream: str) -> bool:
        """Tell whether it is a connection of that kind."""
        return self.stream == stream

    def alive(self) -> None:
        """Hear a ping: connections end of age alone."""

    def hear(self, raw: bytes) -> None:
        """Take a frame from the client."""
        try:
            words = json.loads(raw)
        except ValueError:
            self.line.close(1008, "Invalid request: not JSON")
            return
        topics = words.get("params") or []
        if words.get("method") == "SUBSCRIBE":
            self.topics |= set(topics)
        elif words.get("method") == "UNSUBSCRIBE":
            self.topics -= set(topics)
        self.tell({"result": None, "id": words.get("id")}, "reply")
        for topic in topics:
            self._venue.subscribed(self, topic, topic in self.topics)

    def tell(self, words: dict[str, Any], *names: str, market: str = "") -> None:
        """Send a message as the script lets it pass."""
        frame = Frame((*names, self.stream, "frame"), market, words)
        for delay_s, data in self._venue.gateway.frames(frame):
            if delay_s:
                self._venue.agenda.after(delay_s, partial(self.line.put, data))
            else:
                self.line.put(data)
