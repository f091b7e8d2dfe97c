"""Say what Hyperliquid is asked for: orders and cancels, by our ids.

Orders that only add and those that take leave in batches of their own: the venue lets the former
and cancels go first. There is no amend: the venue's names an order by its own number, and gives the
order another one.
"""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any, NoReturn

from connectors.calls import Request
from connectors.ccxt.answers import Verdict
from connectors.ccxt.commands import Command
from connectors.ccxt.hyperliquid_lane import LIFE_MS, HyperliquidLane
from connectors.ccxt.hyperliquid_signing import Signer
from connectors.ccxt.lane import Body
from connectors.ccxt.listing import Listed
from connectors.ccxt.network import Network
from connectors.model.errors import Plan, VenueError
from connectors.model.events import BUY, IOC, POST_ONLY, REDUCE_ONLY


class HyperliquidWrites:
    """The orders of one account."""

    life_ns = LIFE_MS * 1_000_000
    amends = False

    def __init__(
        self, network: Network, url: str, signer: Signer, numbers: Mapping[str, int]
    ) -> None:
        """`numbers` are the markets' as the venue counts them."""
        self._network = network
        self._url = url
        self._signer = signer
        self._numbers = numbers
        places, cancels = network.budgets.places, network.budgets.cancels
        self._adding = HyperliquidLane(network, places, order_action, self._signed)
        self._taking = HyperliquidLane(network, places, order_action, self._signed)
        self._cancels = HyperliquidLane(network, cancels, cancel_action, self._signed)

    async def create(self, market: Listed, command: Command) -> Verdict:
        """Send an order."""
        lane = self._taking if command.flags & IOC else self._adding
        return await lane.write(order_words(self._numbers[market.symbol], market, command))

    async def cancel(self, market: Listed, client_id: int) -> Verdict:
        """Send a cancel."""
        words = {"asset": self._numbers[market.symbol], "cloid": market.codec.text(client_id)}
        return await self._cancels.write(words)

    async def amend(self, market: Listed, client_id: int, ticks: int, lots: int) -> NoReturn:
        """Raise VenueError: there is none."""
        raise VenueError(f"{self._network.venue} amends no order by our id", Plan.HALT)

    async def run(self) -> None:
        """Keep nothing, until cancelled."""
        try:
            await asyncio.Event().wait()
        finally:
            for lane in (self._adding, self._taking, self._cancels):
                lane.close()

    def _signed(self, action: Mapping[str, Any]) -> Request:
        return self._signer.request(self._url, action, self._network.now_ms(), LIFE_MS)


def order_words(number: int, market: Listed, command: Command) -> Body:
    """Return an order in the venue's words, in the order in which they are hashed."""
    return {
        "a": number,
        "b": command.side == BUY,
        "p": market.units.price_text(command.ticks),
        "s": market.units.amount_text(command.lots),
        "r": bool(command.flags & REDUCE_ONLY),
        "t": {"limit": {"tif": _tif_of(command.flags)}},
        "c": market.codec.text(command.client_id),
    }


def order_action(orders: Sequence[Body]) -> Mapping[str, Any]:
    """Return the action that places orders, which names no builder."""
    return {"type": "order", "orders": list(orders), "grouping": "na"}


def cancel_action(cancels: Sequence[Body]) -> Mapping[str, Any]:
    """Return the action that cancels orders by our ids."""
    return {"type": "cancelByCloid", "cancels": list(cancels)}


def _tif_of(flags: int) -> str:
    if flags & IOC:
        return "Ioc"
    return "Alo" if flags & POST_ONLY else "Gtc"
