"""Be MEXC spot with an account: on mainnet, or at a stand-in. The venue has no testnet.

Orders are changed by a cancel and a new order: what ccxt calls an edit is that too, and its new
order is a plain one that may take. Its cancels of several ask for contracts'. Neither is used.
"""

from collections.abc import Callable, Sequence

from connectors.ccxt.account_parts import AccountParts, Setup
from connectors.ccxt.dialects import MEXC
from connectors.ccxt.keeper import Watch
from connectors.ccxt.library import Way
from connectors.ccxt.listing import Listed
from connectors.ccxt.mexc_key import ListenKey
from connectors.ccxt.mexc_reads import MexcReads
from connectors.ccxt.mexc_safety import examine, prepare
from connectors.ccxt.mexc_words import CHANNELS, MexcWords
from connectors.ccxt.names import Names
from connectors.ccxt.native.mexc import subscription
from connectors.ccxt.native.mexc_push import said_in
from connectors.ccxt.native.mexc_rest import REST, MexcRest
from connectors.ccxt.native.mexc_streams import PATH, WS
from connectors.ccxt.spot_rescue import SpotRescue, mexc_headers
from connectors.ccxt.writes import DialectWrites
from connectors.examined import Remark
from connectors.model.instrument import Instrument


class Mexc(AccountParts):
    """The `Parts` of MEXC spot."""

    alphabet = MEXC.alphabet
    amends = False
    life_ns = MEXC.life_ms * 1_000_000
    channels = CHANNELS

    def __init__(self, setup: Setup) -> None:
        way, network = setup.where.way(), setup.network
        options = {**way.options, **MEXC.options}
        mine = Way(way.exchange, options, MEXC.codes, way.addresses, decode=said_in)
        super().__init__(setup, mine)
        self.exchange.ping = lambda line: {"method": "PING"}
        self._names = Names()
        self._key = ListenKey(self.exchange)
        public = MexcRest(network, setup.where.rest_url or REST, network.clock.now_ns)
        self.reads = MexcReads(self.exchange, network, public, self._names)
        self.writes = DialectWrites(self.exchange, network, MEXC) if setup.sends else None

    async def prepare(self, market: Listed) -> None:
        """See that the account may trade, or raise VenueError."""
        await prepare(self.reads, self._network, self._terms, market)

    async def examine(self, market: Listed) -> list[Remark]:
        """Remark on the account and on a market of it."""
        return await examine(self.reads, self._terms, market)

    def speech(self) -> MexcWords:
        """Return how the account's stream speaks."""
        return MexcWords(self._names)

    def watches(self) -> Sequence[Watch]:
        """Return what subscribes to the account, and keeps the stream's key alive."""
        return [self._listen, self._key.renewed]

    def emergency(self, instruments: Sequence[Instrument]) -> Callable[[], None]:
        """Return what cancels all orders from another thread."""
        url = self._setup.where.rest_url or REST
        symbols = [each.symbol for each in instruments]
        venue, keys = self._network.venue, self._setup.keys
        return SpotRescue(venue, url, mexc_headers(keys.key), keys.secret, symbols).cancel_all

    async def _listen(self) -> None:
        """Open a stream with a key of its own, and ask for each channel by itself."""
        key = await self._key.fresh()
        try:
            ws_url = self._setup.where.ws_url or WS
            line = self.exchange.client(f"{ws_url}{PATH}?listenKey={key}")
            await line.connect(None)
            for number, channel in enumerate(CHANNELS, 1):
                await line.send(subscription(channel, number))
            await line.future("its end")
        finally:
            await self._key.close()
