"""Serve one WebSocket connection: channels, transactions, pings and limits."""

import json
from functools import partial
from typing import TYPE_CHECKING, Any

from tests.venues.common.faults import Frame
from tests.venues.common.http import Answer, Asked, Fate
from tests.venues.common.line import Line
from tests.venues.common.windows import Window
from tests.venues.lighter import errors
from tests.venues.lighter.channels import account_of, first_frame
from tests.venues.lighter.errors import Refused

if TYPE_CHECKING:
    from tests.venues.lighter.venue import Venue

Words = dict[str, Any]
SENDS = {"jsonapi/sendtx": "sendTx", "jsonapi/sendtxbatch": "sendTxBatch"}


class Session:
    """The venue's side of a connection. Nothing is sent to it but by `say` and `tell`."""

    def __init__(self, venue: "Venue", line: Line, number: int) -> None:
        self.line = line
        self.number = number
        self.channels: set[str] = set()
        self.expires_ns: dict[str, int] = {}
        self._venue = venue
        self._heard_ns = venue.agenda.now_ns
        self._opened_ns = venue.agenda.now_ns
        self._messages = Window(venue.limits.messages_per_min)
        self._in_flight: set[str] = set()
        session_id = f"{venue.rng.getrandbits(128):032x}"
        self.tell("connected", {"session_id": session_id, "type": "connected"})

    def hear(self, raw: bytes) -> None:
        """Take a frame from the client."""
        self.alive()
        try:
            words = json.loads(raw)
        except ValueError:
            self._error(Refused(errors.INVALID_JSON))
            return
        kind = words.get("type") if isinstance(words, dict) else None
        try:
            self._take(kind, words)
        except Refused as refused:
            self._error(refused)

    def alive(self) -> None:
        """Note that the client has sent something, be it a ping of the protocol."""
        self._heard_ns = self._venue.agenda.now_ns

    def say(self, frame: Frame) -> None:
        """Send a frame as the script lets it pass."""
        for delay_s, data in self._venue.gateway.frames(frame):
            if delay_s:
                self._venue.agenda.after(delay_s, partial(self.line.put, data))
            else:
                self.line.put(data)

    def tell(self, name: str, words: Words, market: str = "") -> None:
        """Send a message of this connection alone."""
        base = name.partition("/")
        stream = "account" if base[2].startswith(("account", "user")) else "market"
        self.say(Frame((name, base[2] or name, base[0], stream, "frame"), market, words))

    def hears(self, stream: str) -> bool:
        """Tell whether it hears a channel of the `market`'s or of the `account`'s."""
        return any(_is_of(channel, stream) for channel in self.channels)

    def look_after(self) -> None:
        """Once a beat: ping, and end what is silent, too old or no longer allowed."""
        now_ns, limits = self._venue.agenda.now_ns, self._venue.limits
        if now_ns - self._heard_ns > limits.idle_s * 1e9:
            self.line.close(1008, "no pong")
        elif now_ns - self._opened_ns > limits.life_s * 1e9:
            self.line.close(1001, "connection is too old")
        else:
            self.tell("ping", {"type": "ping"})
        for channel, end_ns in list(self.expires_ns.items()):
            if end_ns <= self._venue.exchange.now_ns:
                self.leave(channel)

    def leave(self, channel: str) -> None:
        """Send nothing more of a channel."""
        self.channels.discard(channel)
        self.expires_ns.pop(channel, None)
        listeners = self._venue.publisher.listeners[channel]
        if self in listeners:
            listeners.remove(self)

    def end(self) -> None:
        """Forget the connection."""
        for channel in list(self.channels):
            self.leave(channel)

    def _take(self, kind: object, words: Words) -> None:
        if isinstance(kind, str) and kind in SENDS:
            data = words.get("data")
            if not isinstance(data, dict):
                raise Refused(errors.INVALID_DATA)
            self._send(SENDS[kind], kind, data)
            return
        if not self._messages.take(self._venue.agenda.now_ns):
            raise Refused(errors.TOO_MANY_MESSAGES)
        match kind:
            case "ping":
                self.tell("pong", {"type": "pong"})
            case "pong":
                pass
            case "subscribe":
                self._subscribe(str(words.get("channel")), words.get("auth"))
            case "unsubscribe":
                self._unsubscribe(str(words.get("channel")))
            case _:
                raise Refused(errors.INVALID_FRAME)

    def _subscribe(self, channel: str, token: object) -> None:
        if channel in self.channels or channel in self._in_flight:
            raise Refused(errors.ALREADY_SUBSCRIBED, f"Already Subscribed to : {_spoken(channel)}")
        if len(self.channels) >= self._venue.limits.subscriptions:
            raise Refused(errors.TOO_MANY_SUBSCRIPTIONS)
        if len(self._in_flight) >= self._venue.limits.in_flight:
            raise Refused(errors.TOO_MANY_IN_FLIGHT)
        account = account_of(channel)
        if account is not None:
            expiry_s = self._venue.guard.token(str(token or ""), account)
            self.expires_ns[channel] = expiry_s * 1_000_000_000
        self._in_flight.add(channel)
        self._venue.agenda.after(self._venue.limits.subscribe_s, partial(self._begin, channel))

    def _begin(self, channel: str) -> None:
        self._in_flight.discard(channel)
        if not self.line.is_open:
            return
        try:
            words = first_frame(self._venue, channel)
        except Refused as refused:
            self._error(refused)
            return
        self.channels.add(channel)
        self._venue.publisher.listeners[channel].append(self)
        name = channel.partition("/")[0]
        self.tell(f"subscribed/{name}", words, self._venue.symbol_of(channel))

    def _unsubscribe(self, channel: str) -> None:
        if channel not in self.channels:
            raise Refused(errors.NOT_SUBSCRIBED, f"Not Subscribed to : {_spoken(channel)}")
        self.leave(channel)
        self.tell("unsubscribed", {"type": "unsubscribed", "channel": _spoken(channel)})

    def _send(self, operation: str, kind: str, data: Words) -> None:
        words = {k: v if isinstance(v, str) else json.dumps(v) for k, v in data.items()}
        asked = Asked("POST", f"/api/v1/{operation}", words, address=self.line.address)
        plan = self._venue.gateway.ask(asked, "ws")
        if plan.fate in (Fate.RESET, Fate.CUT, Fate.UNSENT):
            self.line.abort()
        elif plan.fate is Fate.LATER:
            later = partial(self._carry_out, kind, data.get("id"), asked)
            self._venue.agenda.after(plan.after_s, later)
        elif plan.fate is Fate.ARRIVES:
            answer = partial(self._answer, kind, data.get("id"), plan.answer)
            self._venue.agenda.after(plan.after_s, answer)

    def _carry_out(self, kind: str, request_id: object, asked: Asked) -> None:
        self._answer(kind, request_id, self._venue.gateway.carry_out(asked))

    def _answer(self, kind: str, request_id: object, answer: Answer) -> None:
        try:
            words = json.loads(answer.body)
        except ValueError:
            self.line.put(answer.body)
            return
        if "error" in words:
            self.tell("error", words)
            return
        if request_id is None and answer.status != 200:
            self._error(Refused(words["code"], words["message"]))
            return
        self.tell(kind, {**words, "id": request_id, "type": kind})

    def _error(self, refused: Refused) -> None:
        self.tell("error", {"error": {"code": refused.code, "message": refused.message}})


def _spoken(channel: str) -> str:
    return channel.replace("/", ":")


def _is_of(channel: str, stream: str) -> bool:
    return channel.startswith(("account", "user")) == (stream == "account")
