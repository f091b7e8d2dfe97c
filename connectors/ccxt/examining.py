"""Be a venue that holds its account against the configuration before anything is asked of it."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from connectors.ccxt.adapter import CcxtVenue
from connectors.ccxt.listing import Listed
from connectors.ccxt.network import Network
from connectors.ccxt.parts import Parts
from connectors.examined import Remark
from connectors.model.instrument import Instrument


class Examining(Parts, Protocol):
    """The parts of a venue that can tell what its account is like."""

    async def examine(self, market: Listed) -> Sequence[Remark]:
        """Remark on the account and on a market of it; raises VenueError."""


class ExaminedVenue(CcxtVenue):
    """The markets of a deploy at one exchange, whose account can be examined."""

    def __init__(
        self, network: Network, parts: Examining, instruments: Mapping[str, Instrument]
    ) -> None:
        """`instruments` are the markets by our names, with the steps they are expected to have."""
        super().__init__(network, parts, instruments)
        self._examining = parts
        self._names = tuple(instruments)

    async def prepare(self) -> None:
        """Have each market's settings made what they are to be. Raises VenueError."""
        for name in self._names:
            await self._examining.prepare(await self._listings.listed(name))

    async def examine(self) -> Sequence[Remark]:
        """Remark on every market. Raises VenueError."""
        remarks: list[Remark] = []
        for name in self._names:
            remarks += await self._examining.examine(await self._listings.listed(name))
        return remarks
