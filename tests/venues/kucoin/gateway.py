"""Stand between doors and venue: let the script have its way, log what passed, answer."""

import json
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import parse_qsl

from tests.stage.script import Script
from tests.venues.bybit.accounts import Account
from tests.venues.common.http import JSON, Answer, Asked, Plan, said
from tests.venues.common.truth import Passed
from tests.venues.common.windows import Window
from tests.venues.kucoin import errors, reads, writes
from tests.venues.kucoin.errors import DONE, MESSAGES, Refused
from tests.venues.kucoin.guard import KEY
from tests.venues.perpetuals.gate import Gate

if TYPE_CHECKING:
    from tests.venues.kucoin.venue import Venue

ORDERS, SEVERAL = "/api/v1/orders", "/api/v1/orders/multi"
BY_CLIENT, CONTRACTS = "/api/v1/orders/client-order/", "/api/v1/contracts/"
ALL = ("/api/v1/orders", "/api/v3/orders")
NAMES: dict[tuple[str, str], tuple[str, ...]] = {
    ("POST", ORDERS): ("create", "place"),
    ("POST", SEVERAL): ("batch", "create", "place"),
    ("DELETE", "/api/v3/orders"): ("cancel_all",),
    ("GET", "/api/v1/orders/byClientOid"): ("order",),
    ("GET", "/api/v1/fills"): ("trades",),
    ("GET", "/api/v1/recentFills"): ("trades",),
    ("GET", "/api/v1/position"): ("positions",),
    ("GET", "/api/v1/user/api-key"): ("account",),
    ("GET", "/api/v1/level2/snapshot"): ("book",),
    ("POST", "/api/v1/bullet-public"): ("token",),
    ("POST", "/api/v1/bullet-private"): ("token",),
}
"""What scripts call requests."""
POOL_NS = 30_000_000_000
WEIGHTS = {ORDERS: 2, SEVERAL: 3, "/api/v3/orders": 10, "/api/v1/fills": 5}


class Gateway(Gate):
    """Everything that comes in or goes out passes here once."""

    frames_also: ClassVar = {
        "order.open": "accepted",
        "order.canceled": "cancelled",
        "order.match": "filled",
    }

    def __init__(self, venue: "Venue", script: Script) -> None:
        super().__init__(venue, script)
        self._pool = Window(venue.setup.weight_per_30s, POOL_NS)

    def ask(self, asked: Asked) -> Plan:
        """Meet a request."""
        kind = "read" if asked.method == "GET" else "write"
        names = (*_names_of(asked), asked.path.rpartition("/")[2], kind, "http", "request")
        return self.meet(asked, names, _market(asked))

    def passed(self, asked: Asked, name: str, market: str) -> None:
        """Write down what has come through the door."""
        venue: Venue = self.venue
        venue.truth.tell(Passed(venue.agenda.now_ns, name, market))
        rows, kind = _came(asked)
        if kind:
            try:
                uid = venue.guard.find(asked.headers.get(KEY, ""))[0].uid
            except Refused:
                return
            venue.chronicle.came(kind, uid, rows)

    def carry_out(self, asked: Asked) -> Answer:
        """Let the venue do what a request asks for."""
        try:
            if not self._pool.take(self.venue.agenda.now_ns, WEIGHTS.get(asked.path, 3)):
                raise Refused(errors.TOO_MANY, status=429)
            answer, status = {"code": str(DONE), "data": self._done(asked)}, 200
        except Refused as refused:
            answer, status = {"code": str(refused.code), "msg": str(refused)}, refused.status
        return Answer(status, said(answer).body, {**JSON, **self._left()})

    def _left(self) -> dict[str, str]:
        """Return the headers that say what is left of the weight of half a minute."""
        if self._pool.most is None:
            return {}
        left = str(self._pool.most - self._pool.used)
        return {"gw-ratelimit-remaining": left, "gw-ratelimit-reset": "15000"}

    def _done(self, asked: Asked) -> Any:
        venue: Venue = self.venue
        words, path = dict(parse_qsl(asked.query)), asked.path
        if asked.method == "GET" and path.startswith(CONTRACTS) and not path.endswith("/active"):
            words, path = {"symbol": path.removeprefix(CONTRACTS)}, CONTRACTS.rstrip("/")
        if asked.method == "GET" and path in reads.PUBLIC:
            return reads.PUBLIC[path](venue, words)
        if (asked.method, path) == ("POST", "/api/v1/bullet-public"):
            return reads.bullet(venue)
        account = venue.guard.account(asked)
        match asked.method:
            case "GET":
                return self._read(account, path, words)
            case "DELETE":
                return self._cancelled(account, path, words)
            case _:
                return self._written(account, path, asked)

    def _read(self, account: Account, path: str, words: dict[str, str]) -> Any:
        if path in reads.OWN:
            return reads.OWN[path](self.venue, account, words)
        if path.startswith(f"{ORDERS}/"):
            return reads.one(self.venue, account, path.removeprefix(f"{ORDERS}/"))
        raise Refused(errors.NO_PATH, status=404)

    def _cancelled(self, account: Account, path: str, words: dict[str, str]) -> Any:
        if path in ALL:
            return writes.cancel_all(self.venue, account, words)
        if not path.startswith(BY_CLIENT):
            raise Refused(errors.NO_PATH, status=404)
        link = path.removeprefix(BY_CLIENT)
        return writes.cancel(self.venue, account, words.get("symbol", ""), link)

    def _written(self, account: Account, path: str, asked: Asked) -> Any:
        if path == "/api/v1/bullet-private":
            return reads.bullet(self.venue, account.uid)
        body = _body(asked)
        if path == ORDERS:
            return writes.create(self.venue, account, body)
        if path == SEVERAL:
            return writes.create_several(self.venue, account, body)
        if path in writes.SETTINGS:
            return writes.SETTINGS[path](self.venue, account, body)
        raise Refused(errors.NO_PATH, status=404)


def refusal(code: int, text: str = "", status: int = 200) -> Answer:
    """Return an answer that refuses a request."""
    words = {"code": str(code), "msg": text or MESSAGES.get(code, "refused")}
    return Answer(status, said(words).body, JSON)


def bodies_of(asked: Asked) -> list[dict[str, Any]]:
    """Return the orders that a request places."""
    try:
        body = _body(asked)
    except Refused:
        return []
    return [row for row in (body if isinstance(body, list) else [body]) if isinstance(row, dict)]


def _names_of(asked: Asked) -> tuple[str, ...]:
    """Return what scripts call a request, where they call it otherwise than its path."""
    if asked.method == "DELETE" and asked.path.startswith(BY_CLIENT):
        return ("cancel",)
    if (asked.method, asked.path) == ("GET", ORDERS):
        is_active = dict(parse_qsl(asked.query)).get("status") == "active"
        return ("orders",) if is_active else ("history",)
    return NAMES.get((asked.method, asked.path), ())


def _came(asked: Asked) -> tuple[list[dict[str, Any]], str]:
    """Return the orders of a request in the words of the truth log, and what it is there."""
    if asked.method == "DELETE" and asked.path.startswith(BY_CLIENT):
        row = {"symbol": _market(asked), "orderLinkId": asked.path.removeprefix(BY_CLIENT)}
        return [row], "cancel"
    if asked.method != "POST" or asked.path not in (ORDERS, SEVERAL):
        return [], ""
    return [
        {
            "symbol": row.get("symbol", ""),
            "orderLinkId": row.get("clientOid", ""),
            "price": row.get("price"),
            "qty": row.get("size"),
            "side": row.get("side", ""),
            "timeInForce": "PostOnly" if row.get("postOnly") else row.get("timeInForce", "GTC"),
            "reduceOnly": row.get("reduceOnly", False),
        }
        for row in bodies_of(asked)
    ], "create"


def _body(asked: Asked) -> Any:
    try:
        return json.loads(asked.raw)
    except ValueError:
        raise Refused(errors.PARAMETER) from None


def _market(asked: Asked) -> str:
    """Return the market that a request is of, where it is of one."""
    if asked.method != "POST":
        return dict(parse_qsl(asked.query)).get("symbol", "")
    symbols = {str(row.get("symbol") or "") for row in bodies_of(asked)}
    return symbols.pop() if len(symbols) == 1 else ""
