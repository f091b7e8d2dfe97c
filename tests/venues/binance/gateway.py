"""Stand between doors and venue: let the script have its way, log what passed, answer."""

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import parse_qsl

from tests.stage.script import Script
from tests.venues.binance.errors import TOO_MANY_ORDERS, Refused
from tests.venues.binance.rest_public import PATHS
from tests.venues.binance.rest_reads import READS
from tests.venues.binance.rest_writes import WRITES
from tests.venues.common.http import JSON, Answer, Asked, Plan, said
from tests.venues.common.truth import Passed
from tests.venues.common.windows import Window
from tests.venues.perpetuals.gate import Gate

if TYPE_CHECKING:
    from tests.venues.binance.venue import Venue

NAMES: dict[tuple[str, str], tuple[str, ...]] = {
    ("POST", "/fapi/v1/order"): ("create", "place", "write"),
    ("PUT", "/fapi/v1/order"): ("modify", "amend", "write"),
    ("DELETE", "/fapi/v1/order"): ("cancel", "write"),
    ("DELETE", "/fapi/v1/allOpenOrders"): ("cancel_all", "write"),
    ("POST", "/fapi/v1/countdownCancelAll"): ("countdown", "write"),
    ("GET", "/fapi/v1/order"): ("order", "read"),
    ("GET", "/fapi/v1/openOrders"): ("orders", "read"),
    ("GET", "/fapi/v1/allOrders"): ("history", "read"),
    ("GET", "/fapi/v1/userTrades"): ("trades", "read"),
    ("GET", "/fapi/v2/positionRisk"): ("positions", "read"),
    ("GET", "/fapi/v3/balance"): ("balance", "read"),
}
"""What scripts call requests."""
CAME = {"create": "create", "modify": "modify", "cancel": "cancel", "cancel_all": "cancel_all"}
"""What the order of a request is to the truth log."""
FRAMES = {"order.NEW": "accepted", "order.CANCELED": "cancelled", "order.TRADE": "filled"}
"""What scripts of any venue call these."""
WEIGHTS = {
    "/fapi/v2/positionRisk": 5,
    "/fapi/v3/balance": 5,
    "/fapi/v1/allOrders": 5,
    "/fapi/v1/userTrades": 5,
    "/fapi/v1/income": 30,
    "/fapi/v1/commissionRate": 20,
    "/fapi/v1/positionSide/dual": 30,
    "/fapi/v1/depth": 20,
    "/fapi/v1/countdownCancelAll": 10,
}
LISTEN_KEY = "/fapi/v1/listenKey"
TIFS = {"GTX": "PostOnly", "IOC": "IOC", "FOK": "FOK"}


class Gateway(Gate):
    """Everything that comes in or goes out passes here once."""

    frames_also: ClassVar = FRAMES
    weights: ClassVar = WEIGHTS

    def __init__(self, venue: "Venue", script: Script) -> None:
        super().__init__(venue, script)
        self._orders = Window(venue.setup.orders_per_10s, 10_000_000_000)
        self._minute = self._weight = 0
        self.most_weight = 0
        """The most that a minute has seen."""

    def ask(self, asked: Asked) -> Plan:
        """Meet a request."""
        asked = with_words(asked)
        market = asked.words.get("symbol", "")
        return self.meet(asked, (*self._names(asked), "http", "request"), market)

    def carry_out(self, asked: Asked) -> Answer:
        """Let the venue do what a request asks for."""
        told = {**JSON, **self._counted(asked)}
        try:
            return Answer(200, said(self._done(with_words(asked))).body, told)
        except Refused as refused:
            words = {"code": refused.code, "msg": str(refused)}
            return Answer(refused.status, said(words).body, told)

    def _done(self, asked: Asked) -> Any:
        path, key = asked.path, (asked.method, asked.path)
        if asked.method == "GET" and path in PATHS:
            return PATHS[path](self.venue, asked.words)
        if path == LISTEN_KEY:
            account, _ = self.venue.guard.named(asked)
            return {"listenKey": self.venue.listen(account, asked.method == "POST")}
        account = self.venue.guard.account(asked)
        if asked.method == "GET" and path in READS:
            return READS[path](self.venue, account, asked.words)
        if key not in WRITES:
            raise Refused(-1102, 404)
        if key[0] == "POST" and path == "/fapi/v1/order":
            if not self._orders.take(self.venue.agenda.now_ns):
                raise Refused(TOO_MANY_ORDERS, 429)
        return WRITES[key](self.venue, account, asked.words)

    def _counted(self, asked: Asked) -> dict[str, str]:
        """Count a request's weight; return the header that tells how much the minute has seen."""
        minute = self.venue.exchange.now_ms // 60_000
        if minute != self._minute:
            self._minute, self._weight = minute, 0
        self._weight += self.weights.get(asked.path, 1)
        self.most_weight = max(self.most_weight, self._weight)
        return {"X-MBX-USED-WEIGHT-1M": str(self._weight)}

    def _names(self, asked: Asked) -> tuple[str, ...]:
        known = NAMES.get((asked.method, asked.path), ())
        return (*known, asked.path.rpartition("/")[2])

    def passed(self, asked: Asked, name: str, market: str) -> None:
        """Write down what has come through the door."""
        self.venue.truth.tell(Passed(self.venue.agenda.now_ns, name, market))
        if name in CAME:
            try:
                uid = self.venue.guard.named(asked)[0].uid
            except Refused:
                return
            self.venue.chronicle.came(CAME[name], uid, [self.row(asked.words)])

    def row(self, words: Mapping[str, str]) -> dict[str, Any]:
        """Return an order as the truth log reads it."""
        link = words.get("newClientOrderId") or words.get("origClientOrderId") or ""
        row: dict[str, Any] = {
            "symbol": words.get("symbol", ""),
            "orderLinkId": link,
            "price": words.get("price"),
            "qty": words.get("quantity"),
            "side": words.get("side", ""),
            "timeInForce": self.tif(words),
            "reduceOnly": words.get("reduceOnly") == "true",
        }
        return json.loads(json.dumps(row))  # type: ignore[no-any-return]

    def tif(self, words: Mapping[str, str]) -> str:
        """Return how long an order may wait, in the truth log's words."""
        return TIFS.get(words.get("timeInForce", ""), "GTC")


def with_words(asked: Asked) -> Asked:
    """Return a request whose words are those of its query and of its form."""
    words = dict(parse_qsl(asked.query)) | dict(parse_qsl(asked.raw.decode(errors="replace")))
    return Asked(
        asked.method, asked.path, words, asked.headers, asked.raw, asked.address, asked.query
    )
