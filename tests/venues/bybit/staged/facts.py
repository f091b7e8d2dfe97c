"""Retell this stand-in's truth in the words of the stage."""

import json
from collections.abc import Callable, Iterable, Mapping

from tests.venues.bybit.chronicle import Naming
from tests.venues.bybit.keys import UID
from tests.venues.bybit.markets import LISTED, Market, units
from tests.venues.common.staged.facts import Retold
from tests.venues.common.truth import Came
from tests.venues.perpetuals import staged

READS = {
    "orders": "orders",
    "order": "order",
    "history": "ended",
    "trades": "trades",
    "positions": "positions",
    "instruments-info": "listing",
    "orderbook": "book",
    "transaction-log": "payments",
}
"""What the stage calls a read, or would."""
TIFS = {"IOC": "ioc", "FOK": "ioc", "PostOnly": "post_only"}


def naming_of(symbols: tuple[str, ...]) -> Naming:
    """Return the numbers that the adapter's ledger gives to orders and trades."""
    return staged.naming_of(symbols, lambda made: made.exec_id)


def retold(names: Mapping[str, str]) -> Retold:
    """Return what the client's account is told of, under the deploy's names."""
    return Retold(UID, names, READS, spelled)


def spelled_of(listed: Iterable[Market]) -> Callable[[Came], bytes]:
    """Return what spells orders of other markets than the stand-in's own."""
    markets = tuple(listed)
    return lambda came: spelled(came, markets)


def spelled(came: Came, listed: Iterable[Market] = LISTED) -> bytes:
    """Return an order, or its new terms, as the stage spells it: from the texts on the wire."""
    if came.kind not in ("create", "modify"):
        return came.raw.encode()
    row = json.loads(came.raw)
    market = next(m for m in listed if m.symbol == came.market)
    price, size = row.get("price"), row.get("qty")
    ticks, lots = units(price, market.tick_decimals), units(size, market.size_decimals)
    words: dict[str, object] = {"price": price, "size": size, "ticks": ticks, "lots": lots}
    if came.kind == "create":
        words["side"] = str(row.get("side")).lower()
        words["tif"] = TIFS.get(str(row.get("timeInForce")), "gtt")
        words["reduce_only"] = row.get("reduceOnly") in (True, "true")
    return json.dumps(words).encode()
