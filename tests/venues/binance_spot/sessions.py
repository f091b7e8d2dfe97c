"""Serve connections: market data by subscription, and an account's news by a signed request."""

import json
from typing import Any

from tests.venues.binance import sessions
from tests.venues.binance.guard import signature
from tests.venues.common.line import Line

STREAMS = ("/ws-api/v3", "/ws{rest:.*}")
SUBSCRIBE = "userDataStream.subscribe.signature"


def stream_of(target: str) -> str:
    """Return which kind of connection an address is of, in the words of scripts."""
    return "account" if target.startswith("/ws-api") else "market"


class Session(sessions.Session):
    """The venue's side of a connection."""

    def __init__(self, venue: Any, line: Line, number: int) -> None:
        super().__init__(venue, line, number)
        self.uid = None
        self.stream = stream_of(line.target)

    def hear(self, raw: bytes) -> None:
        """Take a frame from the client."""
        words = json.loads(raw)
        if words.get("method") != SUBSCRIBE:
            super().hear(raw)
            return
        told: dict[str, Any] = {"id": words["id"], "status": 200, "result": {"subscriptionId": 0}}
        self.uid = self._owner(words["params"])
        if self.uid is None:
            told = {"id": words["id"], "status": 401, "error": {"code": -1022, "msg": "Signature"}}
        self.tell(told, "reply")

    def _owner(self, params: dict[str, Any]) -> int | None:
        """Return whose signature it is: over all words but itself, by their names."""
        named = {key: value for key, value in params.items() if key != "signature"}
        said = "&".join(f"{key}={named[key]}" for key in sorted(named))
        now_ms = self._venue.exchange.now_ms
        for uid, account in self._venue.exchange.accounts.items():
            key = account.keys.get(named.get("apiKey", ""))
            if key is not None and signature(key.secret, said) == params.get("signature"):
                is_young = abs(int(named["timestamp"]) - now_ms) <= 10_000
                return uid if is_young else None
        return None
