"""Be Bybit's USDT perpetuals, on its mainnet, its testnet, its demo, or a stand-in of them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from connectors.calls import Request
from connectors.ccxt.bybit_lane import RECV_WINDOW_MS
from connectors.ccxt.bybit_rates import heed
from connectors.ccxt.bybit_reach import worst_ticks
from connectors.ccxt.bybit_reads import BybitReads
from connectors.ccxt.bybit_safety import Safety, prepare
from connectors.ccxt.bybit_words import DEPTH, BybitWords
from connectors.ccxt.bybit_writes import BybitWrites
from connectors.ccxt.codes import BYBIT
from connectors.ccxt.emergency import Emergency
from connectors.ccxt.ids import Alphabet
from connectors.ccxt.keeper import Keeper, Patience, Watch
from connectors.ccxt.library import Keys, Way, exchange_of
from connectors.ccxt.line import Tap
from connectors.ccxt.listing import Listed
from connectors.ccxt.market import PublicMarket
from connectors.ccxt.native.bybit_streams import bybit_manner, bybit_streams
from connectors.ccxt.network import Network
from connectors.ccxt.outgoing import cleaned
from connectors.ccxt.own import AccountState
from connectors.ccxt.parts import Running
from connectors.ccxt.private_feed import AnswerTap, PrivateFeed
from connectors.ccxt.public_feed import Deliver, OnLink, PublicFeed
from connectors.model.errors import VenueError
from connectors.model.instrument import Instrument

OPTIONS = {
    "defaultType": "swap",
    "defaultSubType": "linear",
    "defaultSettle": "USDT",
    "fetchMarkets": {"types": ["linear"]},
    "enableUnifiedMargin": False,
    "enableUnifiedAccount": True,
    "unifiedMarginStatus": 6,
    "recvWindow": RECV_WINDOW_MS,
    "adjustForTimeDifference": False,
    "watchPositions": {"fetchPositionsSnapshot": False, "awaitPositionsSnapshot": False},
}
PRIVATE = ("order", "execution", "position")
WALLET = "wallet"
GUARD = "dcp.future"
"""A connection with this topic is one whose loss has the venue cancel what rests."""


@dataclass(frozen=True, slots=True)
class Terms:
    """Where Bybit is, and how its streams are kept. Without `trade_url` orders go over HTTP."""

    rest_url: str
    public_url: str
    private_url: str
    trade_url: str | None
    account_name: str | None
    """The account's name where the venue does not tell it, as its demo does not."""
    max_silence_s: float
    ping_every_s: float
    relist_every_s: float
    is_native: bool = False
    """Whether market data are read without ccxt."""

    def way(self) -> Way:
        """Return how ccxt gets there."""
        options = OPTIONS | {"ws": {"keepAlive": int(self.ping_every_s * 1000)}}
        return Way(
            "bybit",
            options,
            BYBIT,
            {
                "https://": self.rest_url,
                "https://api.bybit.com": self.rest_url,
                "wss://": self.public_url,
                "wss://stream.bybit.com": self.public_url,
                "wss://stream.bybit.com/v5/private": f"{self.private_url}/v5/private",
                "wss://stream.bybit.com/v5/trade": f"{self.trade_url or self.private_url}/v5/trade",
            },
        )


class Bybit:
    """The `Parts` of Bybit."""

    alphabet = Alphabet.TEXT
    amends = True
    life_ns = RECV_WINDOW_MS * 1_000_000

    def __init__(
        self,
        network: Network,
        terms: Terms,
        keys: Keys | None = None,
        sends: bool = False,
        safety: Safety | None = None,
    ) -> None:
        """Without keys there is no account; with `sends` orders are sent."""
        self._network = network
        network.heed = partial(heed, network)
        self._terms = terms
        self._safety = safety or Safety()
        self._taps: dict[str, Tap] = {}
        self.exchange = exchange_of(terms.way(), network, keys, self._taps.get)
        self.reads = BybitReads(self.exchange, network)
        self.has_account = keys is not None
        self.account_name = terms.account_name
        self.relist_every_s = terms.relist_every_s
        self._words = BybitWords()
        self.writes: BybitWrites | None = None
        if sends:
            self.writes = BybitWrites(self.exchange, network)
            if terms.trade_url is not None:
                self.writes.trade = self._trade(self.writes)

    async def prepare(self, market: Listed) -> None:
        """Set and read back mode and leverage, or raise VenueError."""
        await prepare(self.exchange, self.reads, self._safety, market)

    def worst_ticks(self, market: Listed, side: int) -> int | None:
        """Return the worst price that an order of a side may have, None where nobody knows."""
        return worst_ticks(market, side, self.reads.ratios.get(market.symbol))

    def emergency(self, instruments: Sequence[Instrument]) -> Emergency:
        """Return what cancels all orders from another thread."""

        def sign(symbol: str) -> Request:
            body = {"category": "linear", "symbol": symbol}
            made = self.exchange.sign("v5/order/cancel-all", ["private"], "POST", body)
            return cleaned(made["method"], made["url"], made["headers"], made["body"])

        return Emergency("bybit", [each.symbol for each in instruments], sign, "0")

    def public(
        self, markets: Sequence[Listed], deliver: Deliver, on_link: OnLink
    ) -> Sequence[Running]:
        """Return the stream of market data."""
        if self._terms.is_native:
            manner = bybit_manner(self._terms.max_silence_s, self._terms.ping_every_s)
            streams = bybit_streams(self._network, self._terms.public_url, manner)
            return streams(markets, deliver, on_link)
        feed = PublicFeed(
            [PublicMarket(market) for market in markets],
            self._words,
            deliver,
            on_link,
            self._network.clock.now_ns,
        )
        watches = [watch for market in markets for watch in self._public_watches(market.unified)]
        channels = [
            f"{topic}.{market.symbol}"
            for market in markets
            for topic in (f"orderbook.{DEPTH}", "publicTrade", "tickers")
        ]
        url = self.exchange.urls["api"]["ws"]["public"]["linear"]
        keeper = self._keeper(url, watches, channels, feed, self._terms.max_silence_s)
        feed.stream = keeper
        return [keeper]

    def private(
        self,
        state: AccountState,
        markets: Sequence[Listed],
        deliver: Deliver,
        on_link: Callable[[bool, str], None],
    ) -> Keeper:
        """Return the account's stream. Each of its topics is asked for once, for all markets."""
        feed = PrivateFeed(
            state, markets, self._words, deliver, on_link, lambda text: self._network.say("", text)
        )
        each = self.exchange
        watches: list[Watch] = [each.watch_orders, each.watch_my_trades, each.watch_positions]
        url = each.urls["api"]["ws"]["private"]["contract"]
        topics = [WALLET] if self._safety.disconnect_cancel_s is None else [WALLET, GUARD]

        async def asked(topic: str) -> None:
            await each.authenticate(url)
            await keeper.send_once({"op": "subscribe", "req_id": topic, "args": [topic]})
            await each.client(url).future("its end")

        async def seeded() -> None:
            await self._seed(state)
            await each.client(url).future("its end")

        watches += [seeded, *(partial(asked, topic) for topic in topics)]
        feed.stream = keeper = self._keeper(url, watches, (*PRIVATE, *topics), feed, None)
        state.hearing.on_deaf = partial(keeper.break_off, "it has left out what reads show")
        return keeper

    async def _seed(self, state: AccountState) -> None:
        """Read the wallet once: its stream tells only what changes."""
        try:
            told = await self.reads.wallet()
        except VenueError as error:
            self._network.say("", str(error))
        else:
            state.wallet = state.wallet or told

    def _public_watches(self, unified: str) -> list[Watch]:
        each = self.exchange
        return [
            lambda: each.watch_order_book_for_symbols([unified], DEPTH),
            lambda: each.watch_trades_for_symbols([unified]),
            lambda: each.watch_ticker(unified),
        ]

    def _trade(self, writes: BybitWrites) -> Keeper:
        tap = AnswerTap(self._words, writes.on_answer, writes.on_lost)
        url = self.exchange.urls["api"]["ws"]["private"]["trade"]

        async def authenticated() -> Any:
            await self.exchange.authenticate(url)
            keeper.hear("auth")
            await self.exchange.client(url).future("its end")

        keeper = self._keeper(url, [authenticated], ["auth"], tap, None)
        tap.stream = keeper
        return keeper

    def _keeper(
        self, url: str, watches: Sequence[Watch], channels: Sequence[str], feed: Any, silence: Any
    ) -> Keeper:
        self._taps[url] = feed
        patience = Patience(max_silence_s=silence)
        return Keeper(self.exchange, self._network, url, watches, channels, feed, patience)
