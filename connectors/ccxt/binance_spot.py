"""Be Binance spot with an account, on mainnet or testnet.

The account's stream is its WebSocket API, subscribed to with a signature: no key of a stream has to
be prolonged. Orders are changed by a cancel and a new order: the venue's own amend only makes an
order smaller, and its cancel-replace does not say of both halves what became of them.
"""

from collections.abc import Callable, Sequence
from functools import partial
from urllib.parse import urlsplit

from connectors.ccxt.account_parts import AccountParts, Setup
from connectors.ccxt.binance_rates import SPOT, heed
from connectors.ccxt.binance_spot_reads import BinanceSpotReads
from connectors.ccxt.binance_spot_safety import examine, prepare
from connectors.ccxt.binance_spot_words import BinanceSpotWords
from connectors.ccxt.dialects import BINANCE
from connectors.ccxt.keeper import Watch
from connectors.ccxt.library import Way
from connectors.ccxt.listing import Listed
from connectors.ccxt.names import Names
from connectors.ccxt.native.binance_streams import SPOT_REST, SPOT_WS
from connectors.ccxt.spot_rescue import SpotRescue, binance_headers
from connectors.ccxt.writes import DialectWrites
from connectors.examined import Remark
from connectors.model.instrument import Instrument

STREAM = "account"


def api_url(ws_url: str | None) -> str:
    """Return where the WebSocket API is, by where market data are: a host named likewise."""
    url = urlsplit(ws_url or SPOT_WS)
    return f"{url.scheme}://{url.netloc.replace('stream.', 'ws-api.', 1)}/ws-api/v3"


class BinanceSpot(AccountParts):
    """The `Parts` of Binance spot."""

    alphabet = BINANCE.alphabet
    amends = False
    life_ns = BINANCE.life_ms * 1_000_000
    channels = (STREAM,)

    def __init__(self, setup: Setup) -> None:
        way, network = setup.where.way(), setup.network
        network.heed = partial(heed, network, caps=SPOT)
        options = {**way.options, **BINANCE.options}
        super().__init__(setup, Way(way.exchange, options, BINANCE.codes, way.addresses))
        self._names = Names()
        self.reads = BinanceSpotReads(self.exchange, network, self._names)
        self.writes = DialectWrites(self.exchange, network, BINANCE) if setup.sends else None

    async def prepare(self, market: Listed) -> None:
        """See that the account may trade, or raise VenueError."""
        await prepare(self.reads, self._network, self._terms, market)

    async def examine(self, market: Listed) -> list[Remark]:
        """Remark on the account and on a market of it."""
        return await examine(self.reads, self._terms, market)

    def speech(self) -> BinanceSpotWords:
        """Return how the account's stream speaks."""
        return BinanceSpotWords(self._names)

    def watches(self) -> Sequence[Watch]:
        """Return what subscribes to the account."""
        return [self._listen]

    def emergency(self, instruments: Sequence[Instrument]) -> Callable[[], None]:
        """Return what cancels all orders from another thread."""
        url = self._setup.where.rest_url or SPOT_REST
        symbols = [each.symbol for each in instruments]
        venue, keys = self._network.venue, self._setup.keys
        return SpotRescue(venue, url, binance_headers(keys.key), keys.secret, symbols).cancel_all

    async def _listen(self) -> None:
        """Subscribe; the answer has the channel's name as its id."""
        line = self.exchange.client(api_url(self._setup.where.ws_url))
        await line.connect(None)
        method, params = "userDataStream.subscribe.signature", self.exchange.sign_params({})
        await line.send({"id": STREAM, "method": method, "params": params})
        await line.future("its end")
