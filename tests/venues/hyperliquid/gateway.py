"""Stand between doors and venue: let the script have its way, log what passed, answer."""

import json
from typing import TYPE_CHECKING, Any, ClassVar

from tests.stage.script import Script
from tests.venues.common.faults import Frame
from tests.venues.common.http import Answer, Asked, Plan, said
from tests.venues.common.truth import Passed
from tests.venues.hyperliquid import errors, writes
from tests.venues.hyperliquid.admission import floor_of
from tests.venues.hyperliquid.errors import Denied
from tests.venues.hyperliquid.guard import signer_of
from tests.venues.hyperliquid.reads import OWN, PUBLIC
from tests.venues.perpetuals.gate import Gate

if TYPE_CHECKING:
    from tests.venues.hyperliquid.venue import Venue

INFO, EXCHANGE = "/info", "/exchange"
NAMES = {
    "order": ("create", "place"),
    "cancelByCloid": ("cancel",),
    "cancel": ("cancel",),
    "orderStatus": ("order",),
    "frontendOpenOrders": ("orders",),
    "historicalOrders": ("history",),
    "userFillsByTime": ("trades",),
    "clearinghouseState": ("positions",),
    "meta": ("instruments",),
    "userFees": ("account",),
}
"""What scripts call questions and actions."""


class Gateway(Gate):
    """Everything that comes in or goes out passes here once."""

    frames_also: ClassVar = {
        "order.open": "accepted",
        "order.canceled": "cancelled",
        "order.fill": "filled",
    }

    def __init__(self, venue: "Venue", script: Script) -> None:
        super().__init__(venue, script)
        self.is_in_maintenance = False

    def ask(self, asked: Asked) -> Plan:
        """Meet a request."""
        body = _body(asked)
        is_write = asked.path == EXCHANGE
        of = body.get("action", {}) if is_write else body
        kind = str(of.get("type"))
        several = ("batch",) if len(of.get("orders", of.get("cancels", ()))) > 1 else ()
        sort = "write" if is_write else "read"
        names = (*several, *NAMES.get(kind, ()), kind, sort, "http", "request")
        return self.meet(asked, names, self._market(of))

    def passed(self, asked: Asked, name: str, market: str) -> None:
        """Write down what has come through the door."""
        venue: Venue = self.venue
        venue.truth.tell(Passed(venue.agenda.now_ns, name, market))
        if asked.path != EXCHANGE:
            return
        body = _body(asked)
        try:
            kind, rows = writes.came(body["action"])
            account = venue.guard.find(signer_of(body, venue.setup.is_mainnet))
        except (KeyError, TypeError, ValueError):
            return
        if rows and account is not None:
            named = [{**row, "symbol": self._symbol(row["symbol"])} for row in rows]
            venue.chronicle.came(kind, account.uid, named)

    def carry_out(self, asked: Asked) -> Answer:
        """Let the venue do what a request asks for."""
        if self.is_in_maintenance:
            return Answer(503, b"<html>Service Unavailable</html>", {"content-type": "text/html"})
        try:
            return said(self._done(asked))
        except Denied as denied:
            if denied.status != 200:
                return Answer(denied.status, denied.text.encode(), {"content-type": "text/plain"})
            return said({"status": "err", "response": denied.text})

    def admits(self, stream: str) -> bool:
        """Tell whether a connection of a kind can be made at all just now."""
        return not self.is_in_maintenance and super().admits(stream)

    def _feed(self, frame: Frame, is_sound: bool) -> None:
        """Write down that a book is known: one that is lost takes nothing from the next."""
        if is_sound:
            super()._feed(frame, is_sound)

    def _done(self, asked: Asked) -> Any:
        venue: Venue = self.venue
        body = _body(asked)
        if asked.method == "POST" and asked.path == EXCHANGE and "action" in body:
            account = venue.guard.account(body)
            venue.used += 1
            return writes.carried_out(venue, account, body["action"])
        kind = str(body.get("type"))
        if asked.method == "POST" and asked.path == INFO and kind in PUBLIC:
            return PUBLIC[kind](venue, body)
        account_asked = venue.guard.find(str(body.get("user")))
        if asked.path != INFO or kind not in OWN or account_asked is None:
            raise Denied(errors.NOT_READ, 422)
        return OWN[kind](venue, account_asked, body)

    def _market(self, of: dict[str, Any]) -> str:
        """Return the market that a request is of, where it is of one."""
        rows = of.get("orders") or of.get("cancels") or ()
        numbers = {row.get("a", row.get("asset")) for row in rows}
        if len(numbers) == 1:
            return self._symbol(numbers.pop())
        return str(of.get("coin", ""))

    def _symbol(self, number: object) -> str:
        try:
            return floor_of(self.venue.exchange, number).market.symbol
        except Denied:
            return ""


def _body(asked: Asked) -> dict[str, Any]:
    try:
        body = json.loads(asked.raw)
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}
