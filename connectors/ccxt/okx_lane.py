"""Name OKX's requests of orders, each of which has a code of its own and a moment at which it ends.

OKX v5, "Place multiple orders": code 0 says that all of it was taken, 1 that nothing was, 2 that
some were; what became of each order its own code (`sCode`) says.
"""

from collections.abc import Mapping

from connectors.ccxt.batches import Rows, Sort
from connectors.ccxt.codes import OKX

MOST = 20
"""Orders of one batch."""
LIFE_MS = 5000
"""How long after its stamp a request to place or to amend may be carried out: it names its end."""
EXPIRES = frozenset(
    {"trade/order", "trade/batch-orders", "trade/amend-order", "trade/amend-batch-orders"}
)
"""Paths of requests that name the moment from which on they are not carried out ("Transaction
Timeouts"). A cancel may come at any time."""
ROWS = Rows("clOrdId", "sCode", "sMsg", "0", OKX)
PLACES = Sort("privatePostTradeOrder", "privatePostTradeBatchOrders", MOST)
CANCELS = Sort("privatePostTradeCancelOrder", "privatePostTradeCancelBatchOrders", MOST)
AMENDS = Sort("privatePostTradeAmendOrder", "privatePostTradeAmendBatchOrders", MOST)


def expiry(path: str, now_ms: int) -> Mapping[str, str]:
    """Return the header that ends a request's life."""
    return {"expTime": str(now_ms + LIFE_MS)} if path in EXPIRES else {}
