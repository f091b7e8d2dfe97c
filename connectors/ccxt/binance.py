"""Be Binance's USD-M futures with an account: its linear perpetuals, on mainnet or testnet."""

import asyncio
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from connectors.calls import Request
from connectors.ccxt.binance_rates import heed
from connectors.ccxt.binance_reads import BinanceReads
from connectors.ccxt.binance_safety import examine, prepare
from connectors.ccxt.binance_words import BinanceWords, Names
from connectors.ccxt.cares import BINANCE_USDM as CARE
from connectors.ccxt.countdown import AnsweredCountdown
from connectors.ccxt.dialects import BINANCE_USDM
from connectors.ccxt.emergency import Emergency
from connectors.ccxt.keeper import Keeper, Patience
from connectors.ccxt.library import Keys, Way, exchange_of
from connectors.ccxt.line import Tap
from connectors.ccxt.listing import Listed
from connectors.ccxt.native.parts import Streams
from connectors.ccxt.network import Network
from connectors.ccxt.outgoing import cleaned
from connectors.ccxt.own import AccountState
from connectors.ccxt.parts import Running
from connectors.ccxt.private_feed import PrivateFeed
from connectors.ccxt.public_feed import Deliver, OnLink
from connectors.ccxt.public_only import PublicTerms
from connectors.ccxt.safety import Terms
from connectors.ccxt.writes import DialectWrites
from connectors.examined import Remark
from connectors.model.instrument import Instrument

STREAM = "account"
PROLONGED_S = 1200.0
"""The stream's key ends an hour after it was last prolonged."""


class BinanceUsdm:
    """The `Parts` of Binance's USD-M futures."""

    alphabet = BINANCE_USDM.alphabet
    has_account = True
    amends = True
    life_ns = BINANCE_USDM.life_ms * 1_000_000

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
        network.heed = partial(heed, network)
        self._terms = terms
        self._tap: Tap | None = None
        self._streams = streams
        way = where.way()
        mine = Way(way.exchange, way.options, BINANCE_USDM.codes, way.addresses)
        self.exchange = exchange_of(mine, network, keys, lambda url: self._tap)
        self._names = Names()
        self.reads = BinanceReads(self.exchange, network, self._names)
        self.account_name = account_name
        self.relist_every_s = where.relist_every_s
        self.writes = DialectWrites(self.exchange, network, BINANCE_USDM) if sends else None

    async def prepare(self, market: Listed) -> None:
        """Set and read back what an account has to be like, or raise VenueError."""
        await prepare(self.exchange, self.reads, self._network, self._terms, market)

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
        words = BinanceWords(self._names)
        feed = PrivateFeed(state, markets, words, deliver, on_link, lambda text: say("", text))

        async def listened() -> None:
            """Open a stream with a key of its own, and prolong the key while it lasts."""
            key = str((await self.exchange.fapiPrivatePostListenKey())["listenKey"])
            url = self.exchange.get_private_ws_url("linear", key)
            line = self.exchange.client(url)
            await line.connect(None)
            keeper.hear(STREAM)
            await line.future("its end")

        async def prolonged() -> None:
            await asyncio.sleep(PROLONGED_S)
            await self.exchange.fapiPrivatePutListenKey()

        feed.stream = keeper = Keeper(
            self.exchange,
            self._network,
            "",
            [listened, prolonged],
            [STREAM],
            feed,
            Patience(max_silence_s=None),
        )
        self._tap = feed
        return keeper

    def countdown(self, symbols: Sequence[str], lasts_s: int) -> AnsweredCountdown:
        """Return the venue's countdown, which each market has for itself."""

        async def arm(symbol: str, seconds: int) -> int:
            said = await CARE.countdown(self.exchange, symbol, seconds)
            return int(said["countdownTime"]) // 1000

        return AnsweredCountdown(self._network, symbols, lasts_s, arm)

    def emergency(self, instruments: Sequence[Instrument]) -> Emergency:
        """Return what cancels all orders from another thread."""

        def sign(symbol: str) -> Request:
            made: Any = self.exchange.sign(
                "allOpenOrders", ["fapiPrivate"], "DELETE", {"symbol": symbol}
            )
            return cleaned(made["method"], made["url"], made["headers"], made["body"])

        symbols = [each.symbol for each in instruments]
        return Emergency(self._network.venue, symbols, sign, "200")
