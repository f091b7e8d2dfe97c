"""Know how our markets are listed, and hold those that are not listed as they were."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence

from connectors.ccxt.ids import Alphabet
from connectors.ccxt.listing import Listed, Market, found
from connectors.ccxt.network import Network
from connectors.links import LISTING, Links
from connectors.model.errors import VenueError
from connectors.model.instrument import Instrument


class Listings:
    """The markets of a deploy as the venue lists them; `read` asks for every market."""

    def __init__(
        self,
        network: Network,
        instruments: Mapping[str, Instrument],
        alphabet: Alphabet,
        read: Callable[[], Awaitable[Sequence[Market]]],
        relist_every_s: float,
    ) -> None:
        self._network = network
        self._instruments = dict(instruments)
        self._alphabet = alphabet
        self._read = read
        self._relist_every_s = relist_every_s
        self._reading = asyncio.Lock()
        self.known: dict[str, Listed] = {}
        """The markets that have been found as configured."""

    @property
    def count(self) -> int:
        """How many markets the deploy has here."""
        return len(self._instruments)

    def is_spot(self, name: str) -> bool:
        """Tell whether a market of the deploy is configured as spot."""
        return self._instruments[name].is_spot

    async def listed(self, name: str) -> Listed:
        """Return a market, reading the list where it has not been read. Raises VenueError."""
        async with self._reading:
            if name not in self.known:
                self.known[name] = self._found(name, await self._read())
        return self.known[name]

    async def found(self, names: Iterable[str]) -> list[Listed]:
        """Return the markets that are listed as configured, and tell a person of the others.

        Waits for the list as long as it takes. Raises VenueError where none is.
        """
        markets = await self._network.until_answered(self._read)
        listed: list[Listed] = []
        last: VenueError | None = None
        for name in names:
            try:
                listed.append(self._found(name, markets))
            except VenueError as error:
                self._network.say(name, str(error))
                last = error
        if last is not None and not listed:
            raise last
        self.known.update({market.name: market for market in listed})
        return listed

    async def keep(self, markets: Sequence[Listed], links: Links) -> None:
        """Read the list again and again; hold a market while it is not listed as it was."""
        while True:
            await asyncio.sleep(self._relist_every_s)
            try:
                now = await self._read()
            except VenueError as error:
                self._network.say("", str(error))
                continue
            for market in markets:
                why = self._change(market, now)
                now_ns = self._network.clock.now_ns()
                if links.change(LISTING + market.name, not why, now_ns):
                    self._network.say(market.name, why or "listed as before")

    def _found(self, name: str, markets: Iterable[Market]) -> Listed:
        instrument = self._instruments[name]
        return found(self._network.venue, name, instrument, self._alphabet, markets)

    def _change(self, market: Listed, now: Iterable[Market]) -> str:
        """Return what is other than it was, in words."""
        try:
            return "" if self._found(market.name, now) == market else "listed otherwise than before"
        except VenueError as error:
            return str(error)
