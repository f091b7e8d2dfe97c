"""Serve one WebSocket connection: what all of them have in common."""

import json
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

from tests.venues.bybit.errors import Refused
from tests.venues.common.faults import Frame
from tests.venues.common.line import Line

if TYPE_CHECKING:
    from tests.venues.bybit.venue import Venue

Words = dict[str, Any]
UNITS_S = {"s": 1, "m": 60}


class Session:
    """The venue's side of a connection. Nothing is sent to it but by `say` and `tell`."""

    def __init__(self, venue: "Venue", line: Line, number: int) -> None:
        self.line = line
        self.number = number
        self.topics: set[str] = set()
        self.uid: int | None = None
        self.key = ""
        self.conn_id = f"{venue.rng.getrandbits(80):020x}-{number}"
        self.heard_ns = venue.agenda.now_ns
        self.venue = venue

    @property
    def stream(self) -> str:
        """Return which kind of connection it is, in the words of scripts."""
        return "market"

    def hears(self, stream: str) -> bool:
        """Tell whether it is a connection of that kind."""
        return self.stream == stream

    @property
    def idle_s(self) -> float:
        """Return after how long without a word from the client it ends."""
        return self.venue.limits.public_idle_s

    def hear(self, raw: bytes) -> None:
        """Take a frame from the client."""
        self.alive()
        try:
            words = json.loads(raw)
        except ValueError:
            words = None
        if isinstance(words, dict) and isinstance(words.get("op"), str):
            self.take(words["op"], words)
        else:
            self.reply(False, "error:invalid op", "", "")

    def alive(self) -> None:
        """Note that the client has sent something, be it a ping of the protocol."""
        self.heard_ns = self.venue.agenda.now_ns

    def take(self, op: str, words: Words) -> None:
        """Do what the client asks."""
        raise NotImplementedError

    def say(self, frame: Frame) -> None:
        """Send a frame as the script lets it pass."""
        for delay_s, data in self.venue.gateway.frames(frame):
            if delay_s:
                self.venue.agenda.after(delay_s, partial(self.line.put, data))
            else:
                self.line.put(data)

    def tell(self, words: Words, *names: str, market: str = "") -> None:
        """Send a message of this connection alone."""
        self.say(Frame((*names, self.stream, "frame"), market, words))

    def reply(self, success: bool, message: str, req_id: str, op: str) -> None:
        """Say what became of a request."""
        words: Words = {"success": success, "ret_msg": message, "conn_id": self.conn_id}
        if req_id:
            words["req_id"] = req_id
        self.tell({**words, "op": op}, f"{op}.reply", "reply")

    def look_after(self) -> None:
        """Once a beat: end what has been silent for too long."""
        if self.venue.agenda.now_ns - self.heard_ns > self.idle_s * 1e9:
            self.line.close(1000, "idle")

    def end(self) -> None:
        """Forget the connection."""
        for topic in list(self.topics):
            self.leave(topic)

    def key_of(self, topic: str) -> str:
        """Return the name under which listeners of a topic are kept."""
        return topic

    def join(self, topic: str) -> None:
        """Hear a topic from now on."""
        self.topics.add(topic)
        self.venue.publisher.listeners[self.key_of(topic)].append(self)
        self.venue.subscribed(self, topic, True)

    def leave(self, topic: str) -> None:
        """Hear nothing more of a topic."""
        self.topics.discard(topic)
        listeners = self.venue.publisher.listeners[self.key_of(topic)]
        if self in listeners:
            listeners.remove(self)
            self.venue.subscribed(self, topic, False)

    def subscribe(
        self, words: Words, exists: Callable[[str], bool], after: Callable[[str], object]
    ) -> None:
        """Join topics, all or none; `after` is called for each once the reply has gone."""
        req_id, args = str(words.get("req_id") or ""), words.get("args")
        wrong = self._wrong(args, exists)
        if wrong:
            self.reply(False, wrong, req_id, "subscribe")
            return
        for topic in args or ():
            self.join(topic)
        self.reply(True, "", req_id, "subscribe")
        for topic in args or ():
            after(topic)

    def _wrong(self, args: object, exists: Callable[[str], bool]) -> str:
        if not isinstance(args, list) or not all(isinstance(arg, str) for arg in args) or not args:
            return "error:request,args is empty"
        if sum(map(len, args)) > self.venue.limits.args_characters:
            return "error:args is too long"
        for topic in args:
            if not exists(topic):
                return f"error:handler not found,topic:{topic}"
            if topic in self.topics or args.count(topic) > 1:
                return f"error:already subscribed,topic:{topic}"
        return ""

    def unsubscribe(self, words: Words) -> None:
        """Leave topics; one that was not heard is no matter."""
        args = words.get("args")
        for topic in args if isinstance(args, list) else ():
            if isinstance(topic, str) and topic in self.topics:
                self.leave(topic)
        self.reply(True, "", str(words.get("req_id") or ""), "unsubscribe")

    def authenticate(self, words: Words) -> Refused | None:
        """Learn whose connection it is; return why not."""
        args = words.get("args")
        try:
            account, self.key = self.venue.guard.stream(args if isinstance(args, list) else [])
        except Refused as refused:
            return refused
        self.uid = account.uid
        return None

    def active_s(self, usual_s: float) -> float:
        """Return how long a connection may be silent, as its address asks for."""
        asked = parse_qs(urlsplit(self.line.target).query).get("max_active_time", [""])[0]
        number, unit = asked[:-1], asked[-1:]
        if not (number.isascii() and number.isdecimal() and unit in UNITS_S):
            return usual_s
        return float(min(600, max(30, int(number) * UNITS_S[unit])))
