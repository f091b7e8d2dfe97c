"""Know how our markets are listed, and hold those that are not listed as they were."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress

from connectors.lighter.listing import Listed, Listing, listed, read_details
from connectors.lighter.network import Network
from connectors.links import LISTING, Links
from connectors.model.errors import VenueError
from connectors.model.instrument import Instrument
from connectors.shared import Shared


class Listings:
    """The markets of a deploy as the venue lists them."""

    def __init__(self, network: Network, instruments: Mapping[str, Instrument]) -> None:
        self._network = network
        self._instruments = dict(instruments)
        self._known: dict[str, Listed] = {}
        self._details = Shared(lambda: read_details(network.rest))
        self._before: tuple[int, Listing] | None = None
        """When the list was read before the first run, and what it said."""

    @property
    def count(self) -> int:
        """How many markets the deploy has here."""
        return len(self._instruments)

    async def listed(self, name: str) -> Listed:
        """Return a market, reading the list where it has not been read. Raises VenueError."""
        if name not in self._known:
            details = await self._details.ask()
            self._before = self._network.clock.now_ns(), details
            for each, instrument in self._instruments.items():
                with suppress(VenueError):
                    self._known[each] = listed(each, instrument, details)
            self._known[name] = listed(name, self._instruments[name], details)
        return self._known[name]

    async def found(self, names: Iterable[str]) -> list[Listed]:
        """Return the markets that are listed as configured, and tell a person of the others.

        Waits for the list as long as it takes; the first time one will do that is no older than
        any while a run lasts. Raises VenueError where none is.
        """
        network = self._network
        details = self._read_before()
        if details is None:
            details = await network.until_answered(lambda: read_details(network.rest))
        found: list[Listed] = []
        last: VenueError | None = None
        for name in names:
            try:
                found.append(listed(name, self._instruments[name], details))
            except VenueError as error:
                self._network.say(name, str(error))
                last = error
        if last is not None and not found:
            raise last
        self._known.update({market.name: market for market in found})
        return found

    async def keep(self, markets: Sequence[Listed], links: Links) -> None:
        """Read the list again and again; hold a market while it is not listed as it was."""
        network = self._network
        while True:
            await asyncio.sleep(network.terms.relist_every_s)
            try:
                details = await read_details(network.rest)
            except VenueError as error:
                network.say("", str(error))
                continue
            for market in markets:
                why = _change(market, details)
                if links.change(LISTING + market.name, not why, network.clock.now_ns()):
                    network.say(market.name, why or "listed as before")

    def _read_before(self) -> Listing | None:
        """Return the list as it was read before the first run, once, unless that is long ago."""
        before, self._before = self._before, None
        if before is None:
            return None
        read_ns, details = before
        age_s = (self._network.clock.now_ns() - read_ns) / 1e9
        return details if age_s < self._network.terms.relist_every_s else None


def _change(market: Listed, details: Listing) -> str:
    """Return what is other than it was, in words."""
    try:
        now = listed(market.name, market.instrument, details)
    except VenueError as error:
        return str(error)
    return "" if now == market else f"market {market.market_id} is {now.market_id} now"
