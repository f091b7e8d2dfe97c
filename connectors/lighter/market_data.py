"""Run the public streams: every market's book, trades, top and figures."""

import asyncio
from collections.abc import Sequence

from msgspec import Struct

from connectors.lasting import all_lasting, lasting
from connectors.lighter import channels
from connectors.lighter.budgets import READ
from connectors.lighter.funding import FundingUnit
from connectors.lighter.listing import Listed
from connectors.lighter.market import Figures, PublicMarket
from connectors.lighter.market_feed import Deliver, MarketFeed
from connectors.lighter.network import Network
from connectors.lighter.notices import TOO_FAST
from connectors.lighter.wire import ErrorBody, MarketId
from connectors.links import Links
from connectors.model.errors import VenueError

COMPARE_EVERY_S = 60.0
"""Time between two looks at REST's rates of funding, while the stream's unit is not certain."""
FIRST_COMPARE_S = 15.0
OF = "market data of "
OURS = "lighter"
"""REST tells the rates of other venues too."""


class Rate(Struct):
    """A market's rate of funding, as a fraction of eight hours."""

    market_id: MarketId
    exchange: str
    rate: float


class Rates(Struct):
    """Rates of this venue and of others."""

    funding_rates: list[Rate]


class MarketData:
    """The public streams of a run. Market `name`'s rows go to `deliver`, its links to `links`."""

    def __init__(self, network: Network, markets: Sequence[Listed], deliver: Deliver) -> None:
        self._network = network
        self._funding = FundingUnit()
        self._markets = {m.name: PublicMarket(m.name, m.market_id, m.grid) for m in markets}
        self._deliver = deliver
        has_ticker = network.terms.has_ticker
        each = channels.markets_a_stream(network.terms.caps.subscriptions, has_ticker)
        every = tuple(self._markets.values())
        self._groups = [every[k : k + each] for k in range(0, len(every), each)]

    def streams(self) -> dict[str, list[str]]:
        """Return what each market hangs on, by a name of its own: one silent market stops none."""
        return {OF + name: [name] for name in self._markets}

    def figures(self, market: str) -> Figures | None:
        """Return what the venue last said of a market besides its book."""
        return self._markets[market].figures

    def funding_per_hour(self, market: str) -> float | None:
        """Return the rate that longs will pay shorts for this hour, as a fraction; None where it,
        or its unit, is not known."""
        figures = self._markets[market].figures
        if figures is None or figures.streamed_rate is None:
            return None
        return self._funding.per_hour(figures.streamed_rate)

    async def run(self, links: Links) -> None:
        """Keep every stream until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            for group in self._groups:
                name = f"lighter {group[0].name} and {len(group) - 1} more"
                tasks.create_task(lasting(name, self._keep(group, links)), name=name)
            tasks.create_task(self._find_unit(), name="lighter funding")

    async def _keep(self, group: tuple[PublicMarket, ...], links: Links) -> None:
        network = self._network

        def tell(market: str, is_whole: bool, why: str) -> None:
            if links.change(OF + market, is_whole, network.clock.now_ns()) and not is_whole:
                network.say(market, f"market data: {why}")

        feed = MarketFeed(group, self._deliver, tell, self._refused, network.clock.now_ns)
        wanted = channels.of_markets([m.market_id for m in group], network.terms.has_ticker)
        stream = network.stream(network.terms.public_url(), wanted, feed)
        feed.line = stream
        await all_lasting(
            ("lighter market stream", stream.run()),
            ("lighter market pings", network.answer_pings(feed.pinged, stream)),
        )

    def _refused(self, error: ErrorBody) -> None:
        """Heed a refusal of the venue: it names no channel, so it is told as it came."""
        if error.code in TOO_FAST:
            self._network.slow_down()
        self._network.say("", f"market data: refused with {error.code} {error.message[:160]}")

    async def _find_unit(self) -> None:
        """Compare rates until their unit is certain."""
        await asyncio.sleep(FIRST_COMPARE_S)
        while self._funding.unit is None:
            try:
                told = await self._network.rest.get("funding-rates", {}, READ, Rates)
            except VenueError as error:
                self._network.say("", str(error))
            else:
                own = {r.market_id: r.rate for r in told.funding_rates if r.exchange == OURS}
                self._funding.compare(self._streamed(), own)
            await asyncio.sleep(COMPARE_EVERY_S)

    def _streamed(self) -> dict[int, float]:
        told = {m.market_id: m.figures for m in self._markets.values()}
        rates = {k: figures.streamed_rate for k, figures in told.items() if figures is not None}
        return {k: rate for k, rate in rates.items() if rate is not None}
