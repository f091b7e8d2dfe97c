"""Serve each kind of connection: market data, an account's news, and orders."""

from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import msgspec

from tests.venues.bybit import errors, topics
from tests.venues.bybit.errors import Refused
from tests.venues.bybit.guard import headers_for
from tests.venues.bybit.rest.trading import OPS
from tests.venues.bybit.session import Session
from tests.venues.common.http import Answer, Asked, Fate
from tests.venues.common.line import Line

if TYPE_CHECKING:
    from tests.venues.bybit.venue import Venue

Words = dict[str, Any]
LINEAR, SPOT, INVERSE, OPTION = (
    f"/v5/public/{name}" for name in ("linear", "spot", "inverse", "option")
)
PRIVATE, TRADE = "/v5/private", "/v5/trade"
HEADER = (
    "X-Bapi-Limit",
    "X-Bapi-Limit-Status",
    "X-Bapi-Limit-Reset-Timestamp",
    "Traceid",
    "Timenow",
)
"""What of an answer's headers the trading stream tells too."""
STREAMS = (LINEAR, SPOT, INVERSE, OPTION, PRIVATE, TRADE)


def opened(venue: "Venue", line: Line, number: int) -> Session:
    """Return the session of a new connection, by its address."""
    path = urlsplit(line.target).path
    kind = {PRIVATE: PrivateSession, TRADE: TradeSession}.get(path, PublicSession)
    return kind(venue, line, number)


def stream_of(target: str) -> str:
    """Return which kind of connection an address is of, in the words of scripts."""
    return {PRIVATE: "account", TRADE: "trade"}.get(urlsplit(target).path, "market")


class PublicSession(Session):
    """Market data. Only the linear category lists markets."""

    def take(self, op: str, words: Words) -> None:
        """Do what the client asks."""
        match op:
            case "ping":
                self.reply(True, "pong", str(words.get("req_id") or ""), "ping")
            case "subscribe":
                self.subscribe(words, self._exists, self._first)
            case "unsubscribe":
                self.unsubscribe(words)
            case _:
                self.reply(False, "error:invalid op", "", op)

    def _exists(self, topic: str) -> bool:
        is_linear = urlsplit(self.line.target).path == LINEAR
        return topics.public(topic, set(self.venue.exchange.floors) if is_linear else set())

    def _first(self, topic: str) -> None:
        words = self.venue.publisher.snapshot(topic)
        if words is not None:
            name = topic.partition(".")[0]
            kind = ("snapshot",) if name == "orderbook" else ()
            names = (topic.rpartition(".")[0], name, topic, *kind)
            self.tell(words, *names, market=topics.symbol_of(topic))


class PrivateSession(Session):
    """An account's orders, executions, positions and money."""

    @property
    def stream(self) -> str:
        """Return which kind of connection it is, in the words of scripts."""
        return "account"

    @property
    def idle_s(self) -> float:
        """Return after how long without a word from the client it ends."""
        return self.active_s(self.venue.limits.private_idle_s)

    def key_of(self, topic: str) -> str:
        """Return the name under which listeners of a topic are kept."""
        return f"{self.uid}:{topic}"

    def take(self, op: str, words: Words) -> None:
        """Do what the client asks."""
        req_id = str(words.get("req_id") or "")
        match op:
            case "ping":
                pong = {"op": "pong", "args": [str(self.venue.exchange.now_ms)]}
                self.tell({"req_id": req_id, **pong, "conn_id": self.conn_id}, "pong", "reply")
            case "auth":
                refused = self.authenticate(words)
                self.reply(refused is None, refused.message if refused else "", req_id, "auth")
            case "subscribe" | "unsubscribe" if self.uid is None:
                self.reply(False, "Request not authorized", req_id, op)
            case "subscribe":
                self.subscribe(words, topics.private, lambda topic: None)
            case "unsubscribe":
                self.unsubscribe(words)
            case _:
                self.reply(False, "error:invalid op", req_id, op)


class TradeSession(Session):
    """Orders over a stream: each request passes the same door as over HTTP, signed by its key."""

    def __init__(self, venue: "Venue", line: Line, number: int) -> None:
        super().__init__(venue, line, number)
        self._seen: set[str] = set()

    @property
    def stream(self) -> str:
        """Return which kind of connection it is, in the words of scripts."""
        return "trade"

    @property
    def idle_s(self) -> float:
        """Return after how long without a word from the client it ends."""
        return self.active_s(self.venue.limits.private_idle_s)

    def take(self, op: str, words: Words) -> None:
        """Do what the client asks."""
        req_id = str(words.get("reqId") or "")
        if op == "ping":
            self._say(0, "OK", "pong", req_id, {"data": [str(self.venue.exchange.now_ms)]})
        elif op == "auth":
            again = self.uid is not None
            refused = None if again else self.authenticate(words)
            code = errors.WS_REPEAT_AUTH if again else refused.code if refused else 0
            self._say(code, refused.message if refused else "OK", "auth", req_id)
        elif op not in OPS:
            self._refuse(errors.WS_NO_OP, op, req_id)
        elif self.uid is None:
            self._refuse(errors.PERMISSION, op, req_id)
        elif req_id in self._seen:
            self._refuse(errors.WS_DUPLICATE_ID, op, req_id)
        else:
            if req_id:
                self._seen.add(req_id)
            self._send(op, req_id, words)

    def _send(self, op: str, req_id: str, words: Words) -> None:
        try:
            asked = self._asked(op, words)
        except Refused as refused:
            self._refuse(refused.code, op, req_id)
            return
        plan = self.venue.gateway.ask(asked, "ws")
        if plan.fate in (Fate.RESET, Fate.CUT, Fate.UNSENT):
            self.line.abort()
        elif plan.fate is Fate.LATER:
            later = partial(self._carry_out, op, req_id, asked)
            self.venue.agenda.after(plan.after_s, later)
        elif plan.fate is Fate.ARRIVES:
            answer = partial(self._answer, op, req_id, plan.answer)
            self.venue.agenda.after(plan.after_s, answer) if plan.after_s else answer()

    def _asked(self, op: str, words: Words) -> Asked:
        """Return the request as over HTTP, signed with the connection's own key."""
        args, header = words.get("args"), words.get("header")
        if not (isinstance(args, list) and args and isinstance(args[0], dict)):
            raise Refused(errors.INVALID_PARAMETER)
        if not isinstance(header, dict) or not str(header.get("X-BAPI-TIMESTAMP", "")).isdecimal():
            raise Refused(errors.INVALID_PARAMETER)
        body = msgspec.json.encode(args[0])
        window = str(header.get("X-BAPI-RECV-WINDOW") or "5000")
        _, key = self.venue.guard.find(self.key)
        stamp_ms = int(header["X-BAPI-TIMESTAMP"])
        headers = headers_for(self.key, key.secret, stamp_ms, body.decode(), window)
        return Asked("POST", OPS[op], {}, headers, body, self.line.address)

    def _carry_out(self, op: str, req_id: str, asked: Asked) -> None:
        self._answer(op, req_id, self.venue.gateway.carry_out(asked))

    def _answer(self, op: str, req_id: str, answer: Answer) -> None:
        """Tell what became of a request; a gateway's failure is the service's own on a stream."""
        if answer.status >= 500:
            self._refuse(errors.SERVER_ERROR, op, req_id)
            return
        try:
            words = msgspec.json.decode(answer.body)
            code, message = int(words["retCode"]), str(words["retMsg"])
        except (msgspec.DecodeError, KeyError, TypeError, ValueError):
            self.line.put(answer.body)
            return
        header = {name: told for name, told in answer.headers.items() if name in HEADER}
        rest = {"data": words.get("result", {}), "header": header}
        if words.get("retExtInfo"):
            rest["retExtInfo"] = words["retExtInfo"]
        self._say(code, message, op, req_id, rest)

    def _refuse(self, code: int, op: str, req_id: str) -> None:
        self._say(code, errors.MESSAGES[code], op, req_id, {"data": {}})

    def _say(
        self, code: int, message: str, op: str, req_id: str, rest: Words | None = None
    ) -> None:
        words: Words = {"retCode": code, "retMsg": message, "op": op}
        named = {"reqId": req_id} if req_id else {}
        words = {**named, **words, **(rest or {}), "connId": self.conn_id}
        self.tell(words, f"{op}.reply", "reply")
