"""Send the orders of any venue in its dialect, over HTTP."""

import asyncio

from connectors.ccxt.answers import Verdict
from connectors.ccxt.asking import written
from connectors.ccxt.commands import Command
from connectors.ccxt.dialects import Ask, Dialect
from connectors.ccxt.library import Exchange
from connectors.ccxt.listing import Listed
from connectors.ccxt.meant import MEANT, Meant
from connectors.ccxt.network import Network
from connectors.model.errors import Plan, VenueError
from connectors.model.events import BUY
from connectors.model.orders import SIDE_SLOTS, SLOTS
from connectors.pacing import Pacer


class DialectWrites:
    """The orders of one account (`connectors.ccxt.orders.Writes`)."""

    def __init__(self, exchange: Exchange, network: Network, dialect: Dialect) -> None:
        self._exchange = exchange
        self._budgets = network.budgets
        self._dialect = dialect
        self.life_ns = dialect.life_ms * 1_000_000
        self.amends = dialect.amend is not None

    async def create(self, market: Listed, command: Command) -> Verdict:
        """Send an order."""
        c = command
        order = _meant(market, c.client_id, c.side, c.ticks, c.lots, c.flags)
        return await self._written(self._budgets.places, self._dialect.create, order)

    async def cancel(self, market: Listed, client_id: int) -> Verdict:
        """Send a cancel."""
        order = _meant(market, client_id, BUY, 1, 1, 0)
        return await self._written(self._budgets.cancels, self._dialect.cancel, order, False)

    async def amend(self, market: Listed, client_id: int, ticks: int, lots: int) -> Verdict:
        """Send an amend; raise VenueError where the venue has none."""
        if self._dialect.amend is None:
            raise VenueError(f"{self._dialect.venue} {self._dialect.cannot}", Plan.HALT)
        side = client_id % SLOTS // SIDE_SLOTS
        order = _meant(market, client_id, side, ticks, lots, 0)
        return await self._written(self._budgets.amends, self._dialect.amend, order)

    async def run(self) -> None:
        """Wait: HTTP needs nothing kept."""
        await asyncio.Event().wait()

    async def _written(self, pacer: Pacer, ask: Ask, order: Meant, is_held: bool = True) -> Verdict:
        before = MEANT.set(order if is_held else None)
        try:
            return await written(pacer, lambda: ask(self._exchange, order))
        finally:
            MEANT.reset(before)


def _meant(market: Listed, client_id: int, side: int, ticks: int, lots: int, flags: int) -> Meant:
    units = market.units
    return Meant(
        market.unified,
        market.symbol,
        market.codec.text(client_id),
        "buy" if side == BUY else "sell",
        units.price_text(ticks),
        units.amount_text(lots),
        flags,
    )
