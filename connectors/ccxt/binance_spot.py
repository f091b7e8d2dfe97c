"""Be Binance spot with an account, on mainnet or testnet.

The account's stream is its WebSocket API, subscribed to with a signature: no key of a stream has to
be prolonged. Orders are changed by a cancel and a new order: the venue's own amend only makes an
order smaller, and its cancel-replace does not say of both halves what became of them.
"""

from collections.abc import Callable, Sequence
from functools import partial
from urllib.parse import urlsplit

from connectors.ccxt.binance_rates import SPOT, heed
from connectors.ccxt.binance_spot_reads import BinanceSpotReads
from connectors.ccxt.binance_spot_safety import examine, prepare
from connectors.ccxt.binance_spot_words import BinanceSpotWords
from connectors.ccxt.binance_words import Names
from connectors.ccxt.dialects import BINANCE
from connectors.ccxt.keeper import Keeper, Patience
from connectors.ccxt.library import Keys, Way, exchange_of
from connectors.ccxt.line import Tap
from connectors.ccxt.listing import Listed
from connectors.ccxt.native.binance_streams import SPOT_REST, SPOT_WS
from connectors.ccxt.native.parts import Streams
from connectors.ccxt.network import Network
from connectors.ccxt.own import AccountState
from connectors.ccxt.parts import Running
from connectors.ccxt.private_feed import PrivateFeed
from connectors.ccxt.public_feed import Deliver, OnLink
from connectors.ccxt.public_only import PublicTerms
from connectors.ccxt.safety import Terms
from connectors.ccxt.spot_rescue import SpotRescue, binance_headers
from connectors.ccxt.writes import DialectWrites
from connectors.examined import Remark
from connectors.model.instrument import Instrument

STREAM = "account"


def api_url(ws_url: str | None) -> str:
    """Return where the WebSocket API is, by where market data are: a host named likewise."""
    url = urlsplit(ws_url or SPOT_WS)
    return f"{url.scheme}://{url.netloc.replace('stream.', 'ws-api.', 1)}/ws-api/v3"


class BinanceSpot:
    """The `Parts` of Binance spot."""

    alphabet = BINANCE.alphabet
    has_account = True
    amends = False
    life_ns = BINANCE.life_ms * 1_000_000

    def __init__(
        self,
        network: Network,
        where: PublicTerms,
        streams: Streams,
        keys: Keys,
        terms: Terms,
        sends: bool,
        account_name: str | None = None,
    ) -> None:
        """`streams` make those of market data, with `sends` orders are sent, and `account_name`
        stands for the venue's own."""
        self._network = network
        network.heed = partial(heed, network, caps=SPOT)
        self._where = where
        self._keys = keys
        self._terms = terms
        self._tap: Tap | None = None
        self._streams = streams
        way = where.way()
        options = {**way.options, **BINANCE.options}
        mine = Way(way.exchange, options, BINANCE.codes, way.addresses)
        self.exchange = exchange_of(mine, network, keys, lambda url: self._tap)
        self._names = Names()
        self.reads = BinanceSpotReads(self.exchange, network, self._names)
        self.account_name = account_name
        self.relist_every_s = where.relist_every_s
        self.writes = DialectWrites(self.exchange, network, BINANCE) if sends else None

    async def prepare(self, market: Listed) -> None:
        """See that the account may trade, or raise VenueError."""
        await prepare(self.reads, self._network, self._terms, market)

    async def examine(self, market: Listed) -> list[Remark]:
        """Remark on the account and on a market of it."""
        return await examine(self.reads, self._terms, market)

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
    ) -> Keeper:
        """Return the account's stream."""
        say = self._network.say
        words = BinanceSpotWords(self._names)
        feed = PrivateFeed(state, markets, words, deliver, on_link, lambda text: say("", text))

        async def subscribed() -> None:
            """Subscribe to the account; the answer has the channel's name as its id."""
            line = self.exchange.client(api_url(self._where.ws_url))
            await line.connect(None)
            method, params = "userDataStream.subscribe.signature", self.exchange.sign_params({})
            await line.send({"id": STREAM, "method": method, "params": params})
            await line.future("its end")

        patience = Patience(max_silence_s=None)
        feed.stream = keeper = Keeper(
            self.exchange, self._network, "", [subscribed], [STREAM], feed, patience
        )
        self._tap = feed
        return keeper

    def emergency(self, instruments: Sequence[Instrument]) -> Callable[[], None]:
        """Return what cancels all orders from another thread."""
        url, symbols = self._where.rest_url or SPOT_REST, [each.symbol for each in instruments]
        venue, keys = self._network.venue, self._keys
        return SpotRescue(venue, url, binance_headers(keys.key), keys.secret, symbols).cancel_all
