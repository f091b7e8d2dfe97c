"""Stand between doors and venue: count requests, let the script have its way, log what passed."""

import json
import random
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from tests.stage.script import Script, Step
from tests.stage.truth import Feed
from tests.venues.bybit import rest
from tests.venues.bybit.errors import IP_TOO_MANY, Refused
from tests.venues.bybit.guard import KEY
from tests.venues.common.faults import DnsFail, Duplicate, Frame, Sent
from tests.venues.common.http import JSON, Answer, Asked, Plan, said
from tests.venues.common.scripts import Scripts, aliased
from tests.venues.common.truth import Passed
from tests.venues.common.windows import Window

if TYPE_CHECKING:
    from tests.venues.bybit.venue import Venue

LIST, ENDED = ("orders",), ("history",)
IDS = ("orderId", "orderLinkId")
"""A list that is asked for one order is a read of that order."""
REQUESTS = {
    "/v5/order/create": ("create", "place"),
    "/v5/order/amend": ("modify", "amend"),
    "/v5/order/cancel": ("cancel",),
    "/v5/order/cancel-all": ("cancel_all",),
    "/v5/order/create-batch": ("batch", "create", "place"),
    "/v5/order/amend-batch": ("batch", "modify"),
    "/v5/order/cancel-batch": ("batch", "cancel"),
    "/v5/order/realtime": LIST,
    "/v5/order/history": ENDED,
    "/v5/execution/list": ("trades",),
    "/v5/position/list": ("positions",),
    "/v5/account/wallet-balance": ("balance",),
}
"""What scripts call these paths, besides their last part."""
CAME = {
    "/v5/order/create": "create",
    "/v5/order/amend": "modify",
    "/v5/order/cancel": "cancel",
    "/v5/order/cancel-all": "cancel_all",
    "/v5/order/create-batch": "create",
    "/v5/order/amend-batch": "modify",
    "/v5/order/cancel-batch": "cancel",
}
"""What each order of a request is to the truth log."""
FRAMES = {"order.New": "accepted", "order.Cancelled": "cancelled"}
"""What scripts of any venue call these."""


@dataclass(slots=True)
class Call:
    """A request that has come in; called, it is carried out."""

    venue: "Venue"
    asked: Asked
    chance: random.Random

    def __call__(self) -> Answer:
        """Let the venue do it."""
        return self.venue.gateway.carry_out(self.asked)


class Gateway:
    """Everything that comes in or goes out passes here once."""

    def __init__(self, venue: "Venue", script: Script, rng: random.Random) -> None:
        self.script = script
        self.banned_until_ns = 0
        self.is_in_maintenance = False
        self._venue = venue
        self._rng = rng
        self._windows: dict[tuple[str, str], Window] = {}
        start_ns = venue.agenda.now_ns
        self._scripts = Scripts(script, lambda: (venue.agenda.now_ns - start_ns) / 1e9, venue.fault)

    def ask(self, asked: Asked, way: str = "http") -> Plan:
        """Meet a request, over HTTP or as an order over a stream."""
        names, market = self._names(asked)
        step = self._scripts.step("meet", (*names, way, "request"), market)
        if step is None or not isinstance(step.action, DnsFail):
            self._passed(asked, names[0], market)
        call = Call(self._venue, asked, self._rng)
        return Plan(call()) if step is None else cast(Plan, step.action.meet(call))

    def add(self, step: Step) -> None:
        """Add a step that waits for something to come."""
        self._scripts.add(step)

    def be_calm(self, is_calm: bool) -> None:
        """Let nothing that waits go wrong, or let it again."""
        self._scripts.is_calm = is_calm

    def carry_out(self, asked: Asked) -> Answer:
        """Let the venue do what a request asks for, within its limits."""
        if self._is_banned(asked):
            body = said({"retCode": IP_TOO_MANY, "retMsg": "access too frequent"}).body
            return Answer(403, body, JSON)
        if self.is_in_maintenance:
            return Answer(503, b"<html>Service Unavailable</html>", {"content-type": "text/html"})
        try:
            return rest.answer(self._venue, asked)
        except Refused as refused:
            return rest.refused(self._venue, refused, getattr(refused, "headers", None))

    def frames(self, frame: Frame) -> Sent:
        """Return what is sent in a frame's place."""
        step = self._scripts.step("frames", aliased(frame.names, FRAMES), frame.market)
        self._feed(frame, step is None or isinstance(step.action, Duplicate))
        if step is None:
            return ((0.0, frame.encoded()),)
        return cast(Sent, step.action.frames(frame, self._rng))

    def admits(self, stream: str) -> bool:
        """Tell whether a connection of a kind can be made at all just now."""
        if self.is_in_maintenance:
            return False
        step = self._scripts.step("knock", ("connect", f"connect.{stream}"), "")
        limits = self._venue.limits
        window = self._window("connects", "", limits.connects, limits.connects_s)
        return step is None and window.take(self._venue.agenda.now_ns)

    def execution(self, name: str, symbol: str) -> Step | None:
        """Return the step that has its way with what is about to be carried out."""
        return self._scripts.step("execute", (f"execute.{name}", "execute"), symbol)

    def _names(self, asked: Asked) -> tuple[tuple[str, ...], str]:
        known = REQUESTS.get(asked.path, ())
        if known in (LIST, ENDED) and any(asked.words.get(name) for name in IDS):
            known = ("order",)
        names = (*known, asked.path.rpartition("/")[2])
        kind = "write" if asked.method == "POST" else "read"
        return (*names, kind), _market(asked)

    def _passed(self, asked: Asked, name: str, market: str) -> None:
        """Write down what has come through the door."""
        self._venue.truth.tell(Passed(self._venue.agenda.now_ns, name, market))
        if asked.path in CAME:
            self._venue.chronicle.came(CAME[asked.path], self._owner(asked), rows_of(asked))

    def _owner(self, asked: Asked) -> int | None:
        """Return whose key a request names, whoever has signed it."""
        try:
            return self._venue.guard.find(asked.headers.get(KEY, ""))[0].uid
        except Refused:
            return None

    def _is_banned(self, asked: Asked) -> bool:
        """Count a request by its address; who asks too often is refused for a while."""
        now_ns, limits = self._venue.agenda.now_ns, self._venue.limits
        if now_ns < self.banned_until_ns:
            return True
        window = self._window("address", asked.address, limits.requests, limits.requests_s)
        if not limits.has_rates or window.take(now_ns):
            return False
        self.banned_until_ns = now_ns + round(limits.ban_s * 1e9)
        return True

    def _window(self, scope: str, key: str, most: int, span_s: float) -> Window:
        return self._windows.setdefault((scope, key), Window(most, round(span_s * 1e9)))

    def _feed(self, frame: Frame, is_sound: bool) -> None:
        """Write down that what clients know of a book is wrong from here on, or right again."""
        is_book = "orderbook" in frame.names and "orderbook.1" not in frame.names
        is_snapshot = is_book and "snapshot" in frame.names
        if is_snapshot or (is_book and not is_sound):
            now_ns = self._venue.agenda.now_ns
            self._venue.truth.tell(Feed(now_ns, frame.market, is_sound))


def rows_of(asked: Asked) -> list[dict[str, Any]]:
    """Return the orders that a request names: each of a batch, or its body."""
    try:
        words = json.loads(asked.raw or b"{}")
    except ValueError:
        return []
    if not isinstance(words, dict):
        return []
    rows = words.get("request")
    found = rows if isinstance(rows, list) else [words]
    return [row for row in found if isinstance(row, dict)]


def _market(asked: Asked) -> str:
    """Return the market that a request is of, where it is of one."""
    if asked.method == "GET":
        return asked.words.get("symbol", "")
    symbols = {str(row.get("symbol") or "") for row in rows_of(asked)}
    return symbols.pop() if len(symbols) == 1 else ""
