"""Say what KuCoin futures are asked for: orders, several as one request, and cancels one by one.

KuCoin futures, "Add Order", "Batch Add Orders", "Cancel Order By ClientOid". The words are ours:
ccxt signs them. A batch of cancels counts twenty times a cancel, so that none is used.
"""

import asyncio

from connectors.ccxt.answers import Verdict
from connectors.ccxt.asking import written
from connectors.ccxt.batches import Batches, Rows, Sort
from connectors.ccxt.codes import KUCOIN_FUTURES
from connectors.ccxt.commands import Command
from connectors.ccxt.kucoin_sent import Sent
from connectors.ccxt.lane import Body
from connectors.ccxt.library import Exchange
from connectors.ccxt.listing import Listed
from connectors.ccxt.network import Network
from connectors.model.errors import Plan, VenueError
from connectors.model.events import BUY, IOC, POST_ONLY, REDUCE_ONLY

MOST = 20
LIFE_MS = 5000
"""How old a stamp the venue takes."""
ROWS = Rows("clientOid", "code", "msg", "200000", KUCOIN_FUTURES)
PLACES = Sort("futuresPrivatePostOrders", "futuresPrivatePostOrdersMulti", MOST)


class KucoinWrites:
    """The orders of one account, each with its leverage and margin mode."""

    life_ns = LIFE_MS * 1_000_000
    amends = False

    def __init__(
        self, exchange: Exchange, network: Network, sent: Sent, leverage: int, margin_mode: str
    ) -> None:
        self._exchange = exchange
        self._sent = sent
        self._leverage = leverage
        self._margin_mode = margin_mode.upper()
        self._pacer = network.budgets.cancels
        places = network.budgets.places
        self._places = Batches(exchange, PLACES, ROWS, places, is_row_alone=False)

    async def create(self, market: Listed, command: Command) -> Verdict:
        """Send an order."""
        body = order_body(market, command, self._leverage, self._margin_mode)
        self._sent.place(str(body["clientOid"]), command.flags)
        return await self._places.write(body)

    async def cancel(self, market: Listed, client_id: int) -> Verdict:
        """Send a cancel."""
        text = market.codec.text(client_id)
        self._sent.cancel(text)
        words = {"symbol": market.symbol, "clientOid": text}
        ask = self._exchange.futuresPrivateDeleteOrdersClientOrderClientOid
        return await written(self._pacer, lambda: ask(words))

    async def amend(self, market: Listed, client_id: int, ticks: int, lots: int) -> Verdict:
        """Raise VenueError: the venue changes no order of a future."""
        raise VenueError(f"{market.name}: orders are changed by a cancel and a new one", Plan.HALT)

    async def run(self) -> None:
        """Keep nothing, until cancelled."""
        try:
            await asyncio.Event().wait()
        finally:
            self._places.close()


def order_body(market: Listed, command: Command, leverage: int, margin_mode: str) -> Body:
    """Return an order in the venue's words, its size in contracts."""
    body = {
        "clientOid": market.codec.text(command.client_id),
        "side": "buy" if command.side == BUY else "sell",
        "symbol": market.symbol,
        "type": "limit",
        "leverage": leverage,
        "marginMode": margin_mode,
        "price": market.units.price_text(command.ticks),
        "size": int(market.units.amount_text(command.lots)),
    }
    if command.flags & POST_ONLY:
        body["postOnly"] = True
    if command.flags & IOC:
        body["timeInForce"] = "IOC"
    if command.flags & REDUCE_ONLY:
        body["reduceOnly"] = True
    return body
