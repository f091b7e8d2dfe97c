"""Say how a market of OKX's is cleared: what rests is listed, and cancelled by name."""

from collections.abc import Mapping
from typing import Any

from connectors.calls import Request
from connectors.ccxt.library import Exchange
from connectors.ccxt.okx_lane import MOST
from connectors.ccxt.outgoing import cleaned

DONE = "0"


class OkxClearing:
    """The requests that clear a market, each stamped now."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange

    def listing(self, symbol: str) -> Request:
        """Return what asks for the orders that rest, as many as one cancel may name."""
        asked = {"instType": "SWAP", "instId": symbol, "limit": MOST}
        return self._signed("trade/orders-pending", "GET", asked)

    def cancel(self, symbol: str, said: Mapping[str, Any]) -> Request | None:
        """Return what cancels the orders that were listed, None where there is none. Raises
        ValueError for what is no list."""
        rows = said.get("data")
        if said.get("code") != DONE or not isinstance(rows, list):
            raise ValueError(str(said)[:160])
        orders = [{"instId": symbol, "ordId": str(row["ordId"])} for row in rows]
        if not orders:
            return None
        return self._signed("trade/cancel-batch-orders", "POST", orders)

    def _signed(self, path: str, method: str, asked: Any) -> Request:
        made: Any = self._exchange.sign(path, ["private"], method, asked)
        return cleaned(made["method"], made["url"], made["headers"], made["body"])
