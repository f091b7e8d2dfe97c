"""Retell the stand-in's truth in the words of the stage, so that one set of judges reads both."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from tests.stage.truth import Fact, Request
from tests.venues.common.truth import OWN, REQUESTS, Came, Line, Passed, TruthLog
from tests.venues.common.truth import Fact as Told
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
}
"""What the stage calls a read, or would."""
KINDS = {"create": TxType.CREATE, "modify": TxType.MODIFY}
TIFS = ("ioc", "gtt", "post_only")


class Retold:
    """What one account, and nobody, is told of, under the deploy's names of the markets."""

    def __init__(self, account: int, names: Mapping[str, str]) -> None:
        """`names` are the deploy's markets by symbol."""
        self._account = account
        self._names = names

    def facts(self, line: Line) -> Iterator[Fact]:
        """Yield the stage's fact of a line, where it has one."""
        fact = line.fact
        if line.account not in (None, self._account):
            return
        if isinstance(fact, Passed):
            if fact.operation in READS:
                yield Request(fact.ns, READS[fact.operation], self._name(fact.market), 0, b"")
        elif isinstance(fact, Came):
            word = REQUESTS.get(fact.kind, fact.kind)
            yield Request(fact.ns, word, self._name(fact.market), fact.client_id, spelled(fact))
        elif not isinstance(fact, OWN):
            market = getattr(fact, "market", None)
            if not market:
                yield fact
            elif market in self._names:
                yield replace(fact, market=self._names[market])  # type: ignore[arg-type]

    def _name(self, symbol: str) -> str:
        return self._names.get(symbol, symbol)


class Retelling(TruthLog):
    """A log that keeps nothing and retells everything at once."""

    def __init__(self, retold: Retold, tell: Callable[[Fact], None]) -> None:
        super().__init__(is_kept=False)
        self._retold = retold
        self._tell = tell

    def tell(self, fact: Told, account: int | None = None) -> None:
        """Retell a fact."""
        for each in self._retold.facts(Line(account, fact)):
            self._tell(each)


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
