"""Be the market data of an exchange without ccxt: read, and nothing is ever sent."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from connectors.ccxt.ids import Alphabet
from connectors.ccxt.listing import Listed
from connectors.ccxt.native.rest import NativeReads, PublicRest
from connectors.ccxt.network import Network
from connectors.ccxt.own import AccountState
from connectors.ccxt.parts import Running
from connectors.ccxt.public_feed import Deliver, OnLink
from connectors.model.errors import Plan, VenueError

Streams = Callable[[Sequence[Listed], Deliver, OnLink], Sequence[Running]]
"""Make the streams of some markets."""


@dataclass(frozen=True, slots=True)
class Read:
    """What one venue is read by."""

    rest: PublicRest
    streams: Streams


class NativeOnly:
    """The `Parts` of an exchange that is read."""

    alphabet = Alphabet.TEXT
    has_account = False
    amends = False
    account_name: str | None = None
    life_ns = 0
    writes = None

    def __init__(self, network: Network, read: Read, relist_every_s: float) -> None:
        self._network = network
        self._streams = read.streams
        self.reads = NativeReads(network, read.rest)
        self.relist_every_s = relist_every_s

    async def prepare(self, market: Listed) -> None:
        """Prepare nothing."""

    def public(
        self, markets: Sequence[Listed], deliver: Deliver, on_link: OnLink
    ) -> Sequence[Running]:
        """Return the streams of market data."""
        return self._streams(markets, deliver, on_link)

    def private(
        self,
        state: AccountState,
        markets: Sequence[Listed],
        deliver: Deliver,
        on_link: Callable[[bool, str], None],
    ) -> Running:
        """Raise: there is no account."""
        raise VenueError(f"{self._network.venue}: has no account's stream", Plan.HALT)
