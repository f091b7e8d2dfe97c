"""Be KuCoin futures with an account: its linear perpetuals, on mainnet or at a stand-in.

There is no test network. Each order names its leverage and margin mode, and none is amended.
"""

import asyncio
from collections.abc import Callable, Sequence
from functools import partial

from connectors.ccxt import kucoin_words
from connectors.ccxt.account_parts import AccountParts, Setup
from connectors.ccxt.dialects import kucoin_futures
from connectors.ccxt.ids import Alphabet
from connectors.ccxt.keeper import Keeper, Watch
from connectors.ccxt.kucoin_rates import heed
from connectors.ccxt.kucoin_reads import KucoinReads
from connectors.ccxt.kucoin_rescue import KucoinRescue
from connectors.ccxt.kucoin_safety import CROSS, examine, prepare
from connectors.ccxt.kucoin_sent import Sent
from connectors.ccxt.kucoin_words import KucoinWords
from connectors.ccxt.kucoin_writes import LIFE_MS, KucoinWrites
from connectors.ccxt.library import Way
from connectors.ccxt.listing import Listed
from connectors.ccxt.native.kucoin_door import Door
from connectors.ccxt.native.kucoin_rest import KucoinRest
from connectors.ccxt.native.kucoin_streams import REST
from connectors.ccxt.native.kucoin_wire import Bullet, Let
from connectors.ccxt.native.rest import converted
from connectors.ccxt.own import AccountState
from connectors.ccxt.public_feed import Deliver
from connectors.examined import Remark
from connectors.model.errors import Plan, VenueError
from connectors.model.instrument import Instrument

STREAM = "account"
MONEY_EVERY_S = 30.0
"""How often money is read: the stream tells it where something has been done, not as marks move."""


class Kucoin(AccountParts):
    """The `Parts` of KuCoin's linear perpetuals."""

    alphabet = Alphabet.TEXT
    amends = False
    life_ns = LIFE_MS * 1_000_000
    channels = kucoin_words.CHANNELS

    def __init__(self, setup: Setup) -> None:
        """Take the network's transport for the account's stream: those of market data have been
        made with it before."""
        where, terms, network = setup.where, setup.terms, setup.network
        mode, leverage = terms.margin_mode or CROSS, terms.leverage or 1
        way, dialect = where.way(), kucoin_futures(leverage, mode)
        options = {**way.options, **dialect.options}
        super().__init__(setup, Way(way.exchange, options, dialect.codes, way.addresses))
        network.heed = partial(heed, network)
        say, every_s = partial(network.say, ""), where.ping_every_s
        network.transport = Door(network.transport, self._bullet, where.ws_url, every_s, say)
        self._url = where.rest_url or REST
        self._sent, self._state = Sent(), AccountState()
        public = KucoinRest(network, self._url)
        self.reads = KucoinReads(self.exchange, network, public, self._sent, mode)
        made = KucoinWrites(self.exchange, network, self._sent, leverage, mode)
        self.writes = made if setup.sends else None

    async def prepare(self, market: Listed) -> None:
        """Set and read back what an account has to be like, or raise VenueError."""
        await prepare(self.exchange, self.reads, self._network, self._terms, market)

    async def examine(self, market: Listed) -> list[Remark]:
        """Remark on the account and on a market of it."""
        return await examine(self.reads, self._terms, market)

    def speech(self) -> KucoinWords:
        """Return how the account's stream speaks."""
        return KucoinWords(self._sent)

    def stream_url(self) -> str:
        """Return our name of the account's stream: where it is the venue says each time."""
        return STREAM

    def watches(self) -> Sequence[Watch]:
        """Return what connects and subscribes, and what reads the money meanwhile."""
        return [self._listen, self._weigh]

    def private(
        self,
        state: AccountState,
        markets: Sequence[Listed],
        deliver: Deliver,
        on_link: Callable[[bool, str], None],
    ) -> Keeper:
        """Return the account's stream."""
        self._state = state
        return super().private(state, markets, deliver, on_link)

    def emergency(self, instruments: Sequence[Instrument]) -> Callable[[], None]:
        """Return what cancels all orders from another thread."""
        symbols = [each.symbol for each in instruments]
        venue, keys = self._network.venue, self._setup.keys
        parts = (keys.key, keys.secret, keys.password)
        return KucoinRescue(venue, self._url, *parts, symbols).cancel_all

    async def _weigh(self) -> None:
        """Read what the account is worth; where that fails, the last word stands."""
        try:
            self._state.wallet = await self.reads.wallet()
        except VenueError as error:
            if error.plan is Plan.HALT:
                raise
            self._network.say("", str(error))
        await asyncio.sleep(MONEY_EVERY_S)

    async def _bullet(self) -> Bullet:
        said = await self.exchange.futuresPrivatePostBulletPrivate()
        return converted(said, Let, "bullet-private").data

    async def _listen(self) -> None:
        """Subscribe; each answer has its topic as its id."""
        line = self.exchange.client(STREAM)
        await line.connect(None)
        for topic in self.channels:
            words = {"type": "subscribe", "privateChannel": True, "response": True}
            await line.send({"id": topic, "topic": topic, **words})
        await line.future("its end")
