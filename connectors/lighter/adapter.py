"""Be a venue: Lighter's market data, and the account where there is one."""

import asyncio
from collections.abc import Callable, Mapping, Sequence

from connectors.lighter.links import Links
from connectors.lighter.listing import Listed, listed, read_details
from connectors.lighter.market import Figures
from connectors.lighter.market_data import MarketData
from connectors.lighter.network import Network
from connectors.model.account import Fate, Payment, Standing, Trade
from connectors.model.errors import Plan, VenueError
from connectors.model.events import POST_ONLY, AccountRows, MarketRows
from connectors.model.instrument import Instrument
from connectors.pacing import Scope
from connectors.venue import Sink

LISTING = "the listing of "


class LighterVenue:
    """The markets of a deploy on one network."""

    cancel_all_out_of_loop: Callable[[], None] | None = None

    def __init__(
        self,
        network: Network,
        instruments: Mapping[str, Instrument],
    ) -> None:
        """`instruments` are the markets by our names, with the steps they are expected to have."""
        self._network = network
        self._instruments = dict(instruments)
        self._sinks: Mapping[str, Sink] = {}
        self._data: MarketData | None = None

    @property
    def scopes(self) -> Sequence[Scope]:
        """What the venue counts: connections, messages and reads."""
        return self._network.budgets.scopes

    def figures(self, market: str) -> Figures | None:
        """Return mark, index and funding of a market, where they have been told."""
        return None if self._data is None else self._data.figures(market)

    def funding_per_hour(self, market: str) -> float | None:
        """Return the rate that longs will pay shorts for this hour, as a fraction, where known."""
        return None if self._data is None else self._data.funding_per_hour(market)

    async def standing(self, market: str) -> Standing:
        """Raise VenueError: there is no account."""
        raise _no_account(market)

    async def trades_after(self, market: str, trade_id: int) -> tuple[Trade, ...]:
        """Raise VenueError: there is no account."""
        raise _no_account(market)

    async def payments_after(self, market: str, after_ns: int) -> tuple[Payment, ...]:
        """Raise VenueError: there is no account."""
        raise _no_account(market)

    async def order_fate(self, market: str, client_id: int) -> Fate:
        """Raise VenueError: there is no account."""
        raise _no_account(market)

    async def run(self, sinks: Mapping[str, Sink]) -> None:
        """Deliver until cancelled. A market that is not listed as configured stays silent, is held
        and is told to a person; where that is all of them VenueError is raised."""
        self._sinks = sinks
        found = await self._found(sinks)
        data = MarketData(self._network, found, self._deliver)
        pages = {LISTING + name: [name] for name in sinks}
        links = Links(sinks, {**data.streams(), **pages})
        for name in sinks.keys() - {market.name for market in found}:
            links.change(LISTING + name, False, self._network.clock.now_ns())
        self._data = data
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(data.run(links), name="lighter market data")
                tasks.create_task(self._keep_listed(found, links), name="lighter listing")
        finally:
            self._data = None
            await self._network.hang_up()

    def place(
        self,
        market: str,
        client_id: int,
        side: int,
        ticks: int,
        lots: int,
        flags: int = POST_ONLY,
    ) -> None:
        """Raise VenueError: nothing here sends orders."""
        raise _no_account(market)

    def cancel(self, market: str, client_id: int) -> None:
        """Raise VenueError: nothing here sends orders."""
        raise _no_account(market)

    def close(self) -> None:
        """Nothing is kept beyond `run`."""

    def _deliver(self, market: str, rows: MarketRows, account: AccountRows, now_ns: int) -> None:
        self._sinks[market].on_batch(rows, account, now_ns)

    async def _found(self, names: Mapping[str, Sink]) -> list[Listed]:
        """Return the markets that are listed as configured; raise VenueError where none is."""
        details = await read_details(self._network.rest)
        found, last = [], None
        for name in names:
            try:
                found.append(listed(name, self._instruments[name], details))
            except VenueError as error:
                self._network.say(name, str(error))
                last = error
        if last is not None and not found:
            raise last
        return found

    async def _keep_listed(self, found: Sequence[Listed], links: Links) -> None:
        """Hold a market while it is not listed as it was at the start."""
        network = self._network
        while True:
            await asyncio.sleep(network.terms.relist_every_s)
            try:
                details = await read_details(network.rest)
            except VenueError as error:
                network.say("", str(error))
                continue
            for market in found:
                why = ""
                try:
                    now = listed(market.name, market.instrument, details)
                    why = "" if now == market else "it has another id now"
                except VenueError as error:
                    why = str(error)
                if links.change(LISTING + market.name, not why, network.clock.now_ns()):
                    network.say(market.name, why or "listed as before")


def _no_account(market: str) -> VenueError:
    return VenueError(f"markets.{market}.venue: lighter is read without an account", Plan.HALT)
