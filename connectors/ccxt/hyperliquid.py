"""Be Hyperliquid with an account: its own perpetuals, on mainnet or testnet.

Nothing of it is signed or asked by ccxt, which would name a builder and hash in Python; it opens
the account's stream. The key is an agent's, the account is named by its address.
"""

from collections.abc import Callable, Sequence
from typing import Any

from connectors.ccxt import hyperliquid_words
from connectors.ccxt.account_parts import AccountParts, Setup
from connectors.ccxt.dialects import HYPERLIQUID
from connectors.ccxt.examining import ExaminedVenue
from connectors.ccxt.hyperliquid_lane import LIFE_MS, acted
from connectors.ccxt.hyperliquid_reads import HyperliquidReads
from connectors.ccxt.hyperliquid_rescue import AHEAD_MS, HyperliquidRescue
from connectors.ccxt.hyperliquid_safety import HyperliquidSafety
from connectors.ccxt.hyperliquid_signing import Nonces, Signer, address_in
from connectors.ccxt.hyperliquid_words import HyperliquidWords
from connectors.ccxt.hyperliquid_writes import HyperliquidWrites
from connectors.ccxt.keeper import Watch
from connectors.ccxt.library import Way
from connectors.ccxt.listing import Listed
from connectors.ccxt.native.hyperliquid_rest import HyperliquidRest
from connectors.ccxt.native.hyperliquid_streams import REST
from connectors.ccxt.network import PAID
from connectors.examined import Remark
from connectors.model.instrument import Instrument
from connectors.pacing import Kind


class Hyperliquid(AccountParts):
    """The `Parts` of Hyperliquid's perpetuals."""

    alphabet = HYPERLIQUID.alphabet
    amends = False
    life_ns = LIFE_MS * 1_000_000
    channels = hyperliquid_words.CHANNELS

    def __init__(self, setup: Setup, symbols: Sequence[str], is_mainnet: bool = True) -> None:
        """`symbols` are our markets'. Raises VenueError for what is no address or no key."""
        way = setup.where.way()
        options = {**HYPERLIQUID.options, **way.options}
        super().__init__(setup, Way(way.exchange, options, HYPERLIQUID.codes, way.addresses))
        network, keys = setup.network, setup.keys
        self._symbols = tuple(symbols)
        self._is_mainnet = is_mainnet
        self._url = setup.where.rest_url or REST
        self._address = address_in(keys.key)
        self._signer = Signer(keys.secret, is_mainnet, Nonces())
        self.reads = HyperliquidReads(network, HyperliquidRest(network, self._url), self._address)
        self._safety = HyperliquidSafety(self.reads, network, setup.terms, self._signer.address)
        self.writes = None
        if setup.sends:
            self.writes = HyperliquidWrites(network, self._url, self._signer, self.reads.numbers)

    async def prepare(self, market: Listed) -> None:
        """Set and read back what an account has to be like, or raise VenueError."""
        await self._safety.prepare(market, self._act)

    async def examine(self, market: Listed) -> list[Remark]:
        """Remark on the account and on a market of it."""
        return await self._safety.examine(market)

    def speech(self) -> HyperliquidWords:
        """Return how the account's stream speaks."""
        return HyperliquidWords(self._address, self._symbols)

    def stream_url(self) -> str:
        """Return where the account's stream is."""
        return str(self.exchange.urls["api"]["ws"]["public"])

    def watches(self) -> Sequence[Watch]:
        """Return what subscribes: the stream begins with what is held."""
        return [self._listen]

    def emergency(self, instruments: Sequence[Instrument]) -> Callable[[], None]:
        """Return what cancels all orders from another thread."""
        symbols, venue = [each.symbol for each in instruments], self._network.venue
        signer = Signer(self._setup.keys.secret, self._is_mainnet, Nonces(AHEAD_MS))
        return HyperliquidRescue(venue, self._url, self._address, signer, symbols).cancel_all

    async def _act(self, action: dict[str, Any]) -> Any:
        """Have an action carried out that is no order."""
        pacer, clock = self._network.budgets.places, self._network.clock
        await pacer.turn(1, Kind.PLACE, clock)
        PAID.set(pacer)
        return await acted(
            self._network, self._signer.request(self._url, action, self._network.now_ms())
        )

    async def _listen(self) -> None:
        line = self.exchange.client(self.stream_url())
        await line.connect(None)
        for channel in self.channels:
            of = {"type": channel, "user": self._address}
            await line.send({"method": "subscribe", "subscription": of})
        await line.future("its end")


class HyperliquidVenue(ExaminedVenue):
    """The markets of a deploy at Hyperliquid, which counts an account's requests."""

    @property
    def quota_left(self) -> int | None:
        """What the account may still send, None where the venue has not said."""
        reads = self._parts.reads
        return reads.quota_left if isinstance(reads, HyperliquidReads) else None
