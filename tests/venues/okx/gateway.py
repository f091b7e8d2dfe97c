"""Stand between doors and venue: let the script have its way, log what passed, answer."""

import json
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import parse_qsl

from tests.stage.script import Script
from tests.venues.common.http import JSON, Answer, Asked, Plan, said
from tests.venues.common.truth import Passed
from tests.venues.common.windows import Window
from tests.venues.okx import errors, writes
from tests.venues.okx.errors import Refused
from tests.venues.okx.guard import KEY
from tests.venues.okx.reads import OWN, PUBLIC
from tests.venues.perpetuals.gate import Gate

if TYPE_CHECKING:
    from tests.venues.okx.venue import Venue

TRADE = "/api/v5/trade/"
NAMES: dict[tuple[str, str], tuple[str, ...]] = {
    ("POST", f"{TRADE}order"): ("create", "place"),
    ("POST", f"{TRADE}batch-orders"): ("batch", "create", "place"),
    ("POST", f"{TRADE}amend-order"): ("modify", "amend"),
    ("POST", f"{TRADE}amend-batch-orders"): ("batch", "modify", "amend"),
    ("POST", f"{TRADE}cancel-order"): ("cancel",),
    ("POST", f"{TRADE}cancel-batch-orders"): ("batch", "cancel"),
    ("POST", f"{TRADE}cancel-all-after"): ("countdown",),
    ("GET", f"{TRADE}order"): ("order",),
    ("GET", f"{TRADE}orders-pending"): ("orders",),
    ("GET", f"{TRADE}orders-history"): ("history",),
    ("GET", f"{TRADE}fills"): ("trades",),
    ("GET", f"{TRADE}fills-history"): ("trades",),
    ("GET", "/api/v5/account/positions"): ("positions",),
    ("GET", "/api/v5/account/config"): ("account",),
}
"""What scripts call requests."""
EXPIRING = frozenset(
    f"{TRADE}{name}" for name in ("order", "batch-orders", "amend-order", "amend-batch-orders")
)


class Gateway(Gate):
    """Everything that comes in or goes out passes here once."""

    frames_also: ClassVar = {
        "order.live": "accepted",
        "order.canceled": "cancelled",
        "order.filled": "filled",
    }

    def __init__(self, venue: "Venue", script: Script) -> None:
        super().__init__(venue, script)
        self.is_in_maintenance = False
        self.needs_expiry = True
        """Whether orders that name no end are refused: the adapter's always do."""
        self._windows: dict[tuple[str, str], Window] = {}

    def ask(self, asked: Asked) -> Plan:
        """Meet a request."""
        known = NAMES.get((asked.method, asked.path), ())
        kind = "write" if asked.method == "POST" else "read"
        names = (*known, asked.path.rpartition("/")[2], kind, "http", "request")
        return self.meet(asked, names, _market(asked))

    def passed(self, asked: Asked, name: str, market: str) -> None:
        """Write down what has come through the door."""
        venue: Venue = self.venue
        venue.truth.tell(Passed(venue.agenda.now_ns, name, market))
        if asked.path in writes.ORDERS and asked.method == "POST":
            kind = writes.ORDERS[asked.path][0]
            try:
                uid = venue.guard.find(asked.headers.get(KEY, ""))[0].uid
            except Refused:
                return
            venue.chronicle.came(kind, uid, [came(row) for row in rows_of(asked)])

    def carry_out(self, asked: Asked) -> Answer:
        """Let the venue do what a request asks for."""
        if self.is_in_maintenance:
            return Answer(503, b"<html>Service Unavailable</html>", {"content-type": "text/html"})
        try:
            code, rows = self._done(asked)
            return answered(code, rows)
        except Refused as refused:
            return answered(refused.code, [], refused.status)

    def admits(self, stream: str) -> bool:
        """Tell whether a connection of a kind can be made at all just now."""
        return not self.is_in_maintenance and super().admits(stream)

    def _done(self, asked: Asked) -> tuple[int, list[dict[str, Any]]]:
        venue: Venue = self.venue
        words = dict(parse_qsl(asked.query))
        if asked.method == "GET" and asked.path in PUBLIC:
            return 0, PUBLIC[asked.path](venue, words)
        account = venue.guard.account(asked)
        if asked.method == "GET" and asked.path in OWN:
            return 0, OWN[asked.path](venue, account, words)
        if asked.method != "POST":
            raise Refused(errors.PARAMETER, 404)
        body = _body(asked)
        if asked.path in writes.ORDERS:
            self._may_still(asked)
            self._may_again(asked)
            kind, one = writes.ORDERS[asked.path]
            return writes.each(kind, one, venue, account, body)
        if asked.path not in writes.SETTINGS:
            raise Refused(errors.PARAMETER, 404)
        return 0, writes.SETTINGS[asked.path](venue, account, body)

    def _may_still(self, asked: Asked) -> None:
        """Refuse what was to be done before now."""
        if asked.path not in EXPIRING:
            return
        due = asked.headers.get("exptime", "")
        if self.needs_expiry and not due.isdecimal():
            raise Refused(errors.PARAMETER)
        if due and int(due) < self.venue.exchange.now_ms:
            raise Refused(errors.EXPIRED_ALREADY)

    def _may_again(self, asked: Asked) -> None:
        """Count orders of each sort and market."""
        most = self.venue.setup.orders_per_2s
        for row in rows_of(asked) if most is not None else ():
            key = asked.path, str(row.get("instId"))
            window = self._windows.setdefault(key, Window(most, 2_000_000_000))
            if not window.take(self.venue.agenda.now_ns):
                raise Refused(errors.TOO_MANY, 429)


def answered(code: int, rows: list[dict[str, Any]], status: int = 200) -> Answer:
    """Answer in the venue's frame."""
    message = errors.MESSAGES[code] if code else ""
    body = said({"code": str(code), "msg": message, "data": rows}).body
    return Answer(status, body, JSON)


def rows_of(asked: Asked) -> list[dict[str, Any]]:
    """Return the orders that a request names: each of a batch, or its body."""
    try:
        body = _body(asked)
    except Refused:
        return []
    return [row for row in (body if isinstance(body, list) else [body]) if isinstance(row, dict)]


def came(row: dict[str, Any]) -> dict[str, Any]:
    """Return an order of the wire in the words of the truth log."""
    return {
        "symbol": row.get("instId", ""),
        "orderLinkId": row.get("clOrdId", ""),
        "orderId": row.get("ordId", ""),
        "price": row.get("px") or row.get("newPx"),
        "qty": row.get("sz") or row.get("newSz"),
        "side": row.get("side", ""),
        "type": row.get("ordType", ""),
        "reduceOnly": row.get("reduceOnly", False),
    }


def _body(asked: Asked) -> Any:
    try:
        return json.loads(asked.raw)
    except ValueError:
        raise Refused(errors.BODY_EMPTY, 400) from None


def _market(asked: Asked) -> str:
    """Return the market that a request is of, where it is of one."""
    if asked.method == "GET":
        return dict(parse_qsl(asked.query)).get("instId", "")
    symbols = {str(row.get("instId") or "") for row in rows_of(asked)}
    return symbols.pop() if len(symbols) == 1 else ""
