"""Read how often markets pay funding, where no stream tells it."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence

from connectors.ccxt.market import PublicMarket
from connectors.ccxt.network import Network
from connectors.ccxt.words import Rates

READ_EVERY_S = 3600.0


class Intervals:
    """The hours between payments, read again each hour: a venue shortens them in wild markets.

    `read` tells the hours by symbol of those markets that do not have the venue's `usual_h`.
    """

    def __init__(
        self,
        network: Network,
        markets: Sequence[PublicMarket],
        read: Callable[[], Awaitable[Mapping[str, int]]],
        usual_h: int,
    ) -> None:
        self._network = network
        self._markets = markets
        self._read = read
        self._usual_h = usual_h

    async def run(self) -> None:
        """Tell markets their intervals until cancelled."""
        while True:
            hours = await self._network.until_answered(self._read)
            for market in self._markets:
                symbol = market.listed.symbol
                interval_h = hours.get(symbol, self._usual_h)
                market.take_rates(Rates(symbol, None, None, None, None, interval_h))
            await asyncio.sleep(READ_EVERY_S)
