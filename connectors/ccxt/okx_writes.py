"""Say what OKX is asked for: orders, cancels and amends, each in a lane of its own sort.

OKX v5, "Place order", "Cancel order", "Amend order". The words are ours: ccxt signs them.
"""

import asyncio

from connectors.ccxt.answers import Verdict
from connectors.ccxt.batches import Batches
from connectors.ccxt.commands import Command
from connectors.ccxt.lane import Body
from connectors.ccxt.library import Exchange
from connectors.ccxt.listing import Listed
from connectors.ccxt.network import Network
from connectors.ccxt.okx_lane import AMENDS, CANCELS, LIFE_MS, PLACES, ROWS
from connectors.model.events import BUY, IOC, POST_ONLY, REDUCE_ONLY


class OkxWrites:
    """The orders of one account, in one margin mode."""

    life_ns = LIFE_MS * 1_000_000
    amends = True

    def __init__(self, exchange: Exchange, network: Network, margin_mode: str) -> None:
        self._margin_mode = margin_mode
        budgets = network.budgets
        self._places = Batches(exchange, PLACES, ROWS, budgets.places)
        self._cancels = Batches(exchange, CANCELS, ROWS, budgets.cancels)
        self._amends = Batches(exchange, AMENDS, ROWS, budgets.amends)

    async def create(self, market: Listed, command: Command) -> Verdict:
        """Send an order."""
        return await self._places.write(order_body(market, command, self._margin_mode))

    async def cancel(self, market: Listed, client_id: int) -> Verdict:
        """Send a cancel."""
        return await self._cancels.write(cancel_body(market, client_id))

    async def amend(self, market: Listed, client_id: int, ticks: int, lots: int) -> Verdict:
        """Send an amend: the size is that in all, what has filled included."""
        return await self._amends.write(amend_body(market, client_id, ticks, lots))

    async def run(self) -> None:
        """Keep nothing, until cancelled."""
        try:
            await asyncio.Event().wait()
        finally:
            for lane in (self._places, self._cancels, self._amends):
                lane.close()


def order_body(market: Listed, command: Command, margin_mode: str) -> Body:
    """Return an order in the venue's words, its size in contracts."""
    body = {
        "instId": market.symbol,
        "tdMode": margin_mode,
        "clOrdId": market.codec.text(command.client_id),
        "side": "buy" if command.side == BUY else "sell",
        "ordType": _type_of(command.flags),
        "px": market.units.price_text(command.ticks),
        "sz": market.units.amount_text(command.lots),
    }
    return body | ({"reduceOnly": True} if command.flags & REDUCE_ONLY else {})


def cancel_body(market: Listed, client_id: int) -> Body:
    """Return a cancel."""
    return {"instId": market.symbol, "clOrdId": market.codec.text(client_id)}


def amend_body(market: Listed, client_id: int, ticks: int, lots: int) -> Body:
    """Return new terms; where they cannot be taken the order stays as it is."""
    return {
        "instId": market.symbol,
        "clOrdId": market.codec.text(client_id),
        "newSz": market.units.amount_text(lots),
        "newPx": market.units.price_text(ticks),
        "cxlOnFail": False,
    }


def _type_of(flags: int) -> str:
    if flags & IOC:
        return "ioc"
    return "post_only" if flags & POST_ONLY else "limit"
