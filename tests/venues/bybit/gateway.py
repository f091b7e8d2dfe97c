"""Stand between doors and venue: count requests, let the script have its way, log what passed."""

import json
from typing import TYPE_CHECKING, Any, ClassVar

from tests.stage.script import Script
from tests.venues.bybit import rest
from tests.venues.bybit.errors import IP_TOO_MANY, Refused
from tests.venues.bybit.guard import KEY
from tests.venues.common.faults import Frame
from tests.venues.common.http import JSON, Answer, Asked, Plan, said
from tests.venues.common.truth import Passed
from tests.venues.common.windows import Window
from tests.venues.perpetuals.gate import Gate

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


class Gateway(Gate):
    """Everything that comes in or goes out passes here once."""

    frames_also: ClassVar = FRAMES

    def __init__(self, venue: "Venue", script: Script) -> None:
        super().__init__(venue, script)
        self.banned_until_ns = 0
        self.is_in_maintenance = False
        self._windows: dict[tuple[str, str], Window] = {}

    def ask(self, asked: Asked, way: str = "http") -> Plan:
        """Meet a request, over HTTP or as an order over a stream."""
        names, market = self._names(asked)
        return self.meet(asked, (*names, way, "request"), market)

    def carry_out(self, asked: Asked) -> Answer:
        """Let the venue do what a request asks for, within its limits."""
        if self._is_banned(asked):
            body = said({"retCode": IP_TOO_MANY, "retMsg": "access too frequent"}).body
            return Answer(403, body, JSON)
        if self.is_in_maintenance:
            return Answer(503, b"<html>Service Unavailable</html>", {"content-type": "text/html"})
        try:
            return rest.answer(self.venue, asked)
        except Refused as refused:
            return rest.refused(self.venue, refused, getattr(refused, "headers", None))

    def admits(self, stream: str) -> bool:
        """Tell whether a connection of a kind can be made at all just now."""
        if self.is_in_maintenance:
            return False
        is_let_in = super().admits(stream)
        limits = self.venue.limits
        window = self._window("connects", "", limits.connects, limits.connects_s)
        return is_let_in and window.take(self.venue.agenda.now_ns)

    def _names(self, asked: Asked) -> tuple[tuple[str, ...], str]:
        known = REQUESTS.get(asked.path, ())
        if known in (LIST, ENDED) and any(asked.words.get(name) for name in IDS):
            known = ("order",)
        names = (*known, asked.path.rpartition("/")[2])
        kind = "write" if asked.method == "POST" else "read"
        return (*names, kind), _market(asked)

    def passed(self, asked: Asked, name: str, market: str) -> None:
        """Write down what has come through the door."""
        self.venue.truth.tell(Passed(self.venue.agenda.now_ns, name, market))
        if asked.path in CAME:
            self.venue.chronicle.came(CAME[asked.path], self._owner(asked), rows_of(asked))

    def _owner(self, asked: Asked) -> int | None:
        """Return whose key a request names, whoever has signed it."""
        try:
            return self.venue.guard.find(asked.headers.get(KEY, ""))[0].uid
        except Refused:
            return None

    def _is_banned(self, asked: Asked) -> bool:
        """Count a request by its address; who asks too often is refused for a while."""
        now_ns, limits = self.venue.agenda.now_ns, self.venue.limits
        if now_ns < self.banned_until_ns:
            return True
        window = self._window("address", asked.address, limits.requests, limits.requests_s)
        if not limits.has_rates or window.take(now_ns):
            return False
        self.banned_until_ns = now_ns + round(limits.ban_s * 1e9)
        return True

    def _window(self, scope: str, key: str, most: int, span_s: float) -> Window:
        return self._windows.setdefault((scope, key), Window(most, round(span_s * 1e9)))

    def is_of_a_book(self, frame: Frame) -> bool:
        """Tell whether a frame is of a book that clients follow."""
        return "orderbook" in frame.names and "orderbook.1" not in frame.names


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
