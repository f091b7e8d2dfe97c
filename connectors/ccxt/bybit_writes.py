"""Say what Bybit is asked for: orders, cancels and amends, each in a line of its own sort."""

import asyncio
from itertools import count

from connectors.ccxt.answers import Verdict
from connectors.ccxt.bybit_lane import RECV_WINDOW_MS, BybitLane
from connectors.ccxt.bybit_orders import order_body
from connectors.ccxt.commands import Command
from connectors.ccxt.keeper import Keeper
from connectors.ccxt.library import Exchange
from connectors.ccxt.listing import Listed
from connectors.ccxt.network import Network
from connectors.ccxt.words import Answered
from connectors.pacing import Pacer


class BybitWrites:
    """The orders of one account. Give it the stream for orders as `trade`, where there is one."""

    life_ns = RECV_WINDOW_MS * 1_000_000
    amends = True

    def __init__(self, exchange: Exchange, network: Network) -> None:
        self._exchange = exchange
        self.trade: Keeper | None = None
        keys, budgets = count(1), network.budgets

        def lane(op: str, pacer: Pacer) -> BybitLane:
            return BybitLane(exchange, network, op, pacer, keys, lambda: self.trade)

        self._creates = lane("order.create", budgets.places)
        self._cancels = lane("order.cancel", budgets.cancels)
        self._amends = lane("order.amend", budgets.amends)
        self._lanes = (self._creates, self._cancels, self._amends)

    async def create(self, market: Listed, command: Command) -> Verdict:
        """Send an order."""
        return await self._creates.write(order_body(market, command))

    async def cancel(self, market: Listed, client_id: int) -> Verdict:
        """Send a cancel."""
        body = {
            "category": "linear",
            "symbol": market.symbol,
            "orderLinkId": market.codec.text(client_id),
        }
        return await self._cancels.write(body)

    async def amend(self, market: Listed, client_id: int, ticks: int, lots: int) -> Verdict:
        """Send an amend: the size is that in all, what has filled included."""
        price, amount = market.units.price_text(ticks), market.units.amount_text(lots)
        body = {
            "category": "linear",
            "symbol": market.symbol,
            "orderLinkId": market.codec.text(client_id),
            "qty": amount,
            "price": price,
        }
        return await self._amends.write(body)

    async def run(self) -> None:
        """Keep the stream for orders, until cancelled."""
        try:
            if self.trade is None:
                await asyncio.Event().wait()
            else:
                await self.trade.run()
        finally:
            for lane in self._lanes:
                lane.close()

    def on_answer(self, answered: Answered) -> None:
        """Take the answer to a request over the stream."""
        for lane in self._lanes:
            lane.on_answer(answered)

    def on_lost(self, why: str) -> None:
        """Hear that what was asked over the stream will not be answered."""
        for lane in self._lanes:
            lane.on_lost(why)
