"""Retell this stand-in's truth in the words of the stage."""

import json
from collections.abc import Mapping

from tests.venues.bybit.chronicle import Naming
from tests.venues.bybit.markets import spelled as decimal
from tests.venues.bybit.markets import units
from tests.venues.bybit.orders import Execution
from tests.venues.common.staged.facts import Retold
from tests.venues.common.truth import Came
from tests.venues.okx.keys import UID
from tests.venues.okx.markets import LISTED, lots_in
from tests.venues.perpetuals import staged

READS = {
    "orders": "orders",
    "order": "order",
    "history": "ended",
    "trades": "trades",
    "positions": "positions",
    "instruments": "listing",
    "books": "book",
    "bills": "payments",
    "bills-archive": "payments",
}
"""What the stage calls a read, or would."""
TIFS = {"ioc": "ioc", "fok": "ioc", "post_only": "post_only"}


def naming_of(symbols: tuple[str, ...]) -> Naming:
    """Return the numbers that the adapter's ledger gives to orders and trades."""
    return staged.naming_of(symbols, _text)


def _text(made: Execution) -> str:
    order = made.order
    return f"{order.number if order else ''}:{made.number}"


def retold(names: Mapping[str, str]) -> Retold:
    """Return what the client's account is told of, under the deploy's names."""
    return Retold(UID, names, READS, spelled)


def spelled(came: Came) -> bytes:
    """Return an order, or its new terms, as the stage spells it: sizes in base, from contracts."""
    if came.kind not in ("create", "modify"):
        return came.raw.encode()
    row = json.loads(came.raw)
    market = next(m for m in LISTED if m.symbol == came.market)
    ticks, lots = units(row.get("price"), market.tick_decimals), lots_in(row.get("qty"))
    size = decimal(lots or 0, market.size_decimals)
    words: dict[str, object] = {
        "price": row.get("price"),
        "size": size,
        "ticks": ticks,
        "lots": lots,
    }
    if came.kind == "create":
        words["side"] = str(row.get("side"))
        words["tif"] = TIFS.get(str(row.get("type")), "gtt")
        words["reduce_only"] = row.get("reduceOnly") in (True, "true")
    return json.dumps(words).encode()
