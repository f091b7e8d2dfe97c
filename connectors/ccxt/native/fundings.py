"""Read what markets announce of funding, where no stream tells all of it."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence

from connectors.ccxt.market import PublicMarket
from connectors.ccxt.network import Network
from connectors.ccxt.words import Rates

READ_EVERY_S = 60.0


class Fundings:
    """Rates, moments and intervals of funding, read each minute. `read` tells them by symbol."""

    def __init__(
        self,
        network: Network,
        markets: Sequence[PublicMarket],
        read: Callable[[], Awaitable[Mapping[str, Rates]]],
    ) -> None:
        self._network = network
        self._markets = markets
        self._read = read

    async def run(self) -> None:
        """Tell markets their funding until cancelled."""
        while True:
            told = await self._network.until_answered(self._read)
            for market in self._markets:
                rates = told.get(market.listed.symbol)
                if rates is not None:
                    market.take_rates(rates)
            await asyncio.sleep(READ_EVERY_S)
