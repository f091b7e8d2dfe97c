"""Stand between doors and venue: the gate of the perpetuals, with MEXC's paths."""

from collections.abc import Mapping
from typing import Any, ClassVar

from tests.venues.binance import gateway
from tests.venues.bybit.orders import Tif
from tests.venues.common.http import Asked
from tests.venues.mexc.admission import TIFS
from tests.venues.mexc.errors import PARAM, Refused
from tests.venues.mexc.rest import PATHS, READS, WRITES

NAMES: dict[tuple[str, str], tuple[str, ...]] = {
    ("POST", "/api/v3/order"): ("create", "place", "write"),
    ("DELETE", "/api/v3/order"): ("cancel", "write"),
    ("DELETE", "/api/v3/openOrders"): ("cancel_all", "write"),
    ("GET", "/api/v3/order"): ("order", "read"),
    ("GET", "/api/v3/openOrders"): ("orders", "read"),
    ("GET", "/api/v3/allOrders"): ("history", "read"),
    ("GET", "/api/v3/myTrades"): ("trades", "read"),
    ("GET", "/api/v3/account"): ("positions", "account", "read"),
    ("PUT", "/api/v3/userDataStream"): ("prolong",),
}
"""What scripts call requests."""


class Gateway(gateway.Gateway):
    """Everything that comes in or goes out passes here once."""

    weights: ClassVar = {}

    def _done(self, asked: Asked) -> Any:
        path, key = asked.path, (asked.method, asked.path)
        if asked.method == "GET" and path in PATHS:
            return PATHS[path](self.venue, asked.words)
        account = self.venue.guard.account(asked)
        if asked.method == "GET" and path in READS:
            return READS[path](self.venue, account, asked.words)
        if key not in WRITES:
            raise Refused(PARAM, 404)
        return WRITES[key](self.venue, account, asked.words)

    def _names(self, asked: Asked) -> tuple[str, ...]:
        return (*NAMES.get((asked.method, asked.path), ()), asked.path.rpartition("/")[2])

    def tif(self, words: Mapping[str, str]) -> str:
        """Return how long an order may wait: its type says it here."""
        return str(TIFS.get(words.get("type", ""), Tif.GTC))
