"""Retell this stand-in's truth in the words of the stage."""

import json
from collections.abc import Mapping

from connectors.ccxt.ids import Alphabet
from tests.venues.bybit.chronicle import Naming
from tests.venues.bybit.markets import units
from tests.venues.bybit.orders import Execution
from tests.venues.common.staged.facts import Retold
from tests.venues.common.truth import Came
from tests.venues.hyperliquid.keys import UID
from tests.venues.hyperliquid.markets import LISTED
from tests.venues.perpetuals import staged

READS = {
    "orders": "orders",
    "order": "order",
    "history": "ended",
    "trades": "trades",
    "positions": "positions",
    "instruments": "listing",
    "l2Book": "book",
    "userFunding": "payments",
}
"""What the stage calls a read, or would."""
TIFS = {"Ioc": "ioc", "Alo": "post_only"}


def naming_of(symbols: tuple[str, ...]) -> Naming:
    """Return the numbers that the adapter's ledger gives to orders and trades."""
    return staged.naming_of(symbols, _text, Alphabet.HEX_128)


def _text(made: Execution) -> str:
    order = made.order
    return f"{order.number if order else 0}:{made.number}"


def retold(names: Mapping[str, str]) -> Retold:
    """Return what the client's account is told of, under the deploy's names."""
    return Retold(UID, names, READS, spelled)


def spelled(came: Came) -> bytes:
    """Return an order as the stage spells it."""
    if came.kind != "create":
        return came.raw.encode()
    row = json.loads(came.raw)
    market = next(m for m in LISTED if m.symbol == came.market)
    words: dict[str, object] = {
        "price": row["price"],
        "size": row["qty"],
        "ticks": units(row["price"], market.tick_decimals),
        "lots": units(row["qty"], market.size_decimals),
        "side": str(row["side"]).lower(),
        "tif": TIFS.get(str(row["type"]), "gtt"),
        "reduce_only": row["reduceOnly"],
    }
    return json.dumps(words).encode()
