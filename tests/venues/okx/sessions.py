"""Serve connections: market data by subscription, and an account's news after a login."""

import json
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from tests.venues.common.faults import Frame
from tests.venues.common.line import Line
from tests.venues.okx import errors
from tests.venues.okx.errors import Refused
from tests.venues.okx.publisher import ACCOUNT

if TYPE_CHECKING:
    from tests.venues.okx.venue import Venue

Words = dict[str, Any]
PUBLIC, PRIVATE = "/ws/v5/public", "/ws/v5/private"
STREAMS = (PUBLIC, PRIVATE)
MARKET = ("books", "trades", "funding-rate", "mark-price", "price-limit")
IDLE_S = 30.0


def stream_of(target: str) -> str:
    """Return which kind of connection an address is of, in the words of scripts."""
    return "account" if urlsplit(target).path == PRIVATE else "market"


class Session:
    """The venue's side of a connection."""

    def __init__(self, venue: "Venue", line: Line, number: int) -> None:
        self.line = line
        self.number = number
        self.topics: set[str] = set()
        """Channels of an account, and channels with their market."""
        self.uid: int | None = None
        self.stream = stream_of(line.target)
        self.heard_ns = venue.agenda.now_ns
        self._venue = venue

    def hears(self, stream: str) -> bool:
        """Tell whether it is a connection of that kind."""
        return self.stream == stream

    def alive(self) -> None:
        """Hear a ping of the protocol, which does not count here."""

    def look_after(self) -> None:
        """End it where the client has said nothing for too long."""
        if self._venue.agenda.now_ns - self.heard_ns > IDLE_S * 1e9:
            self.line.close(4004, "no data received in 30s")

    def hear(self, raw: bytes) -> None:
        """Take a frame from the client."""
        self.heard_ns = self._venue.agenda.now_ns
        if raw == b"ping":
            self.line.put(b"pong")
            return
        try:
            words = json.loads(raw)
            op, args = words["op"], words["args"]
        except (ValueError, TypeError, KeyError):
            self._refuse(errors.ILLEGAL)
            return
        match op:
            case "login":
                self._login(args)
            case "subscribe" | "unsubscribe":
                for arg in args:
                    self._subscribe(op, arg)
            case _:
                self._refuse(errors.ILLEGAL)

    def tell(self, words: Words, *names: str, market: str = "") -> None:
        """Send a message as the script lets it pass."""
        frame = Frame((*names, self.stream, "frame"), market, words)
        for delay_s, data in self._venue.gateway.frames(frame):
            if delay_s:
                self._venue.agenda.after(delay_s, partial(self.line.put, data))
            else:
                self.line.put(data)

    def _login(self, args: list[Words]) -> None:
        try:
            account, _ = self._venue.guard.login(args[0])
        except Refused as refused:
            self._refuse(refused.code)
            self.line.close(4001, "Login failed.")
            return
        self.uid = account.uid
        self.tell({"event": "login", "code": "0", "msg": "", "connId": self._id}, "reply")

    def _subscribe(self, op: str, arg: Words) -> None:
        channel, symbol = str(arg.get("channel")), str(arg.get("instId", ""))
        is_own = channel in ACCOUNT
        is_known = is_own or (channel in MARKET and symbol in self._venue.exchange.floors)
        if not is_known or is_own is not (self.stream == "account"):
            self._refuse(errors.NO_CHANNEL)
            return
        if is_own and self.uid is None:
            self._refuse(errors.NOT_LOGGED_IN)
            return
        topic = channel if is_own else f"{channel}:{symbol}"
        begins = op == "subscribe"
        (self.topics.add if begins else self.topics.discard)(topic)
        self.tell({"event": op, "arg": arg, "connId": self._id}, "reply")
        self._venue.subscribed(self, topic, begins)
        if begins:
            for words in self._venue.publisher.first(channel, self.uid, symbol):
                kind = ("snapshot", "orderbook") if channel == "books" else ("first",)
                self.tell(words, *kind, market=symbol)

    def _refuse(self, code: int) -> None:
        words = {"event": "error", "code": str(code), "msg": errors.MESSAGES[code]}
        self.tell({**words, "connId": self._id}, "reply")

    @property
    def _id(self) -> str:
        return f"{self.number:08x}"
