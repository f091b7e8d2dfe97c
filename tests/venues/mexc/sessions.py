"""Serve connections: channels are asked for, and those of an account where a key has opened it."""

import json
from functools import partial
from typing import Any

from tests.venues.binance import sessions
from tests.venues.mexc.frames import Push

STREAMS = ("/ws",)
MOST = 30
"""Subscriptions of a connection."""
PRIVATE = "spot@private."
KINDS = (
    "spot@public.aggre.depth.v3.api.pb@",
    "spot@public.aggre.deals.v3.api.pb@",
    "spot@private.orders.v3.api.pb",
    "spot@private.deals.v3.api.pb",
)


class Session(sessions.Session):
    """The venue's side of a connection."""

    def hear(self, raw: bytes) -> None:
        """Take a frame from the client."""
        words = json.loads(raw)
        if words["method"] == "PING":
            self._answer(0, "PONG")
            return
        for topic in words["params"]:
            begins = words["method"] == "SUBSCRIPTION"
            if begins and not self._may_hear(topic):
                text = f"Not Subscribed successfully! [{topic}].  Reason： Blocked! "
                self._answer(words.get("id", 0), text)
                continue
            (self.topics.add if begins else self.topics.discard)(topic)
            self._answer(words.get("id", 0), topic)
            self._venue.subscribed(self, topic, begins)

    def push(self, words: dict[str, Any], *names: str, market: str) -> None:
        """Send a push as the script lets it pass."""
        frame = Push((*names, self.stream, "frame"), market, words)
        for delay_s, data in self._venue.gateway.frames(frame):
            if delay_s:
                self._venue.agenda.after(delay_s, partial(self.line.put, data))
            else:
                self.line.put(data)

    def _may_hear(self, topic: str) -> bool:
        is_known = any(topic.startswith(kind) for kind in KINDS)
        is_allowed = not topic.startswith(PRIVATE) or self.uid is not None
        return is_known and is_allowed and len(self.topics) < MOST

    def _answer(self, number: int, text: str) -> None:
        self.tell({"id": number, "code": 0, "msg": text}, "reply")
