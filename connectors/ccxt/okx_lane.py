"""Carry OKX's requests of one sort: several that are asked for at one moment leave as a batch.

OKX v5, "Place multiple orders": code 0 says that all of it was taken, 1 that nothing was, 2 that
some were; what became of each order its own code (`sCode`) says. A batch whose answer is lost
leaves each of its orders unknown.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from connectors.calls import Confirmed, Unproven
from connectors.ccxt.answers import Told, Verdict, answer_of, verdict_of
from connectors.ccxt.asking import written
from connectors.ccxt.codes import OKX
from connectors.ccxt.lane import Body, Lane
from connectors.ccxt.library import Exchange
from connectors.pacing import Pacer

MOST = 20
"""Orders of one batch."""
LIFE_MS = 5000
"""How long after its stamp a request to place or to amend may be carried out: it names its end."""
EXPIRES = frozenset(
    {"trade/order", "trade/batch-orders", "trade/amend-order", "trade/amend-batch-orders"}
)
"""Paths of requests that name the moment from which on they are not carried out ("Transaction
Timeouts"). A cancel may come at any time."""


@dataclass(frozen=True, slots=True)
class Sort:
    """How requests of a sort are asked for: one, and several."""

    single: str
    several: str


PLACES = Sort("privatePostTradeOrder", "privatePostTradeBatchOrders")
CANCELS = Sort("privatePostTradeCancelOrder", "privatePostTradeCancelBatchOrders")
AMENDS = Sort("privatePostTradeAmendOrder", "privatePostTradeAmendBatchOrders")


def expiry(path: str, now_ms: int) -> Mapping[str, str]:
    """Return the header that ends a request's life."""
    return {"expTime": str(now_ms + LIFE_MS)} if path in EXPIRES else {}


class OkxLane:
    """Requests of one sort. Their budget, of one each, has been taken."""

    def __init__(self, exchange: Exchange, sort: Sort, pacer: Pacer) -> None:
        self._exchange = exchange
        self._sort = sort
        self._pacer = pacer
        self._lane = Lane(MOST, self._carry)

    async def write(self, body: Body) -> Verdict:
        """Send a request once, with those of its sort that are asked for at this moment."""
        return await self._lane.write(body)

    def close(self) -> None:
        """Wait for no answer any more."""
        self._lane.close()

    async def _carry(self, bodies: Sequence[Body]) -> list[Verdict]:
        """Send requests as one; return a verdict for each."""

        async def ask() -> Any:
            try:
                if len(bodies) == 1:
                    return await getattr(self._exchange, self._sort.single)(dict(bodies[0]))
                return await getattr(self._exchange, self._sort.several)(list(map(dict, bodies)))
            except Told as told:
                if _rows(told.said):
                    return told.said
                raise

        try:
            told = await written(self._pacer, ask)
        finally:
            for _ in bodies[1:]:
                self._pacer.release()
        if not isinstance(told.outcome, Confirmed):
            return [told] * len(bodies)
        texts = [str(body["clOrdId"]) for body in bodies]
        return fates(told.outcome.body, texts, self._exchange.exceptions["exact"])


def fates(
    said: Any, texts: Sequence[str], classes: Mapping[str, type[BaseException]]
) -> list[Verdict]:
    """Return what an answer proves of each order, which `texts` name; what it does not speak of is
    unknown. `classes` are ccxt's of codes."""
    rows = _rows(said)
    if len(rows) != len(texts):
        return [Verdict(Unproven(f"not as documented: {str(said)[:120]}"))] * len(texts)
    return [_fate(row, text, classes) for row, text in zip(rows, texts, strict=True)]


def _fate(row: Any, text: str, classes: Mapping[str, type[BaseException]]) -> Verdict:
    if not isinstance(row, dict) or row.get("clOrdId") != text or not row.get("sCode"):
        return Verdict(Unproven(f"answered for another order: {str(row)[:80]}"))
    code, why = str(row["sCode"]), str(row.get("sMsg"))
    if code == "0":
        return Verdict(Confirmed(row))
    kind = classes.get(code, Exception)
    return verdict_of(Told(code, why, 200, answer_of(kind(), code, why, OKX)))


def _rows(said: Any) -> list[Any]:
    rows = said.get("data") if isinstance(said, dict) else None
    return rows if isinstance(rows, list) else []
