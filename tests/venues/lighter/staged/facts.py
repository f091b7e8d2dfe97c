"""Retell the stand-in's truth in the words of the stage, so that one set of judges reads both."""

import json
from collections.abc import Mapping

from tests.venues.common.staged.facts import Retold
from tests.venues.common.truth import Came
from tests.venues.lighter.keys import ACCOUNT
from tests.venues.lighter.markets import LISTED
from tests.venues.lighter.transactions import TxType, parsed

READS = {
    "accountActiveOrders": "orders",
    "accountOrders": "order",
    "accountInactiveOrders": "ended",
    "account": "positions",
    "trades": "trades",
    "orderBookDetails": "listing",
    "orderBookOrders": "book",
    "positionFunding": "payments",
    "nextNonce": "nonce",
    "accountLimits": "limits",
    "apikeys": "keys",
    "getMakerOnlyApiKeys": "maker_only_keys",
    "funding-rates": "rates",
    "": "clock",
}
"""What the stage calls a read, or would."""
KINDS = {"create": TxType.CREATE, "modify": TxType.MODIFY}
TIFS = ("ioc", "gtt", "post_only")


def retold(names: Mapping[str, str]) -> Retold:
    """Return what the client's account is told of, under the deploy's names."""
    return Retold(ACCOUNT, names, READS, spelled)


def spelled(came: Came) -> bytes:
    """Return an order, or its new terms, as the stage spells it: from the integers on the wire and
    the listing."""
    if came.kind not in ("create", "modify"):
        return came.raw.encode()
    market = next(m for m in LISTED if m.symbol == came.market)
    fields = parsed(KINDS[came.kind], came.raw).fields
    ticks, lots = fields["Price"], fields["BaseAmount"]
    words: dict[str, object] = {"price": market.price(ticks), "size": market.size(lots)}
    words |= {"ticks": ticks, "lots": lots}
    if came.kind == "create":
        words["side"] = "sell" if fields["IsAsk"] else "buy"
        words["tif"] = TIFS[fields["TimeInForce"]]
        words["reduce_only"] = bool(fields["ReduceOnly"])
    return json.dumps(words).encode()
