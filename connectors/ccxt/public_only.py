"""Be the market data of an exchange that ccxt knows: read, and nothing is ever sent."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from connectors.ccxt.answers import Codes
from connectors.ccxt.ids import Alphabet
from connectors.ccxt.keeper import Keeper, Patience, Watch
from connectors.ccxt.library import Way, exchange_of
from connectors.ccxt.line import Tap
from connectors.ccxt.listing import Listed
from connectors.ccxt.market import PublicMarket
from connectors.ccxt.mirror import DEPTH, MirrorSpeech
from connectors.ccxt.network import Network
from connectors.ccxt.no_account import NoAccount
from connectors.ccxt.own import AccountState
from connectors.ccxt.public_feed import Deliver, OnLink, PublicFeed
from connectors.ccxt.reading import Reader
from connectors.ccxt.words import Rates
from connectors.model.errors import Plan, VenueError
from connectors.model.events import AccountRows, MarketRows

SEQUENCED: Mapping[str, Mapping[str, Any]] = {
    "binance": {
        "defaultType": "spot",
        "fetchMargins": False,
        "fetchMarkets": {"types": ["spot"]},
    },
    "binanceusdm": {"fetchMargins": False, "fetchMarkets": {"types": ["linear"]}},
    "okx": {"fetchMarkets": {"types": ["swap"]}},
}
"""Exchanges of ccxt whose books cannot lose a change unseen, and how they are asked."""


@dataclass(frozen=True, slots=True)
class PublicTerms:
    """Where an exchange is; None: where ccxt knows it to be."""

    exchange: str
    rest_url: str | None
    ws_url: str | None
    max_silence_s: float
    ping_every_s: float
    relist_every_s: float

    def way(self) -> Way:
        """Return how ccxt gets there."""
        options = {
            **SEQUENCED.get(self.exchange, {}),
            "ws": {"keepAlive": int(self.ping_every_s * 1000)},
        }
        addresses = {}
        if self.rest_url is not None:
            addresses["https://"] = self.rest_url
        if self.ws_url is not None:
            addresses["wss://"] = self.ws_url
        codes: Codes = {}
        return Way(self.exchange, options, codes, addresses)


class PublicReads(NoAccount):
    """The reads of an exchange that need no account; those that do raise."""

    def __init__(self, exchange: Any, network: Network) -> None:
        super().__init__(network)
        self._exchange = exchange
        self._reader = Reader(network, self.set_clock)

    async def markets(self) -> list[Mapping[str, Any]]:
        """Return every market in ccxt's words."""
        ask = self._exchange.load_markets
        return list((await self._reader.ask("markets", lambda: ask(True))).values())

    async def touch(self, symbol: str) -> tuple[str, str]:
        """Return the best bid and ask, empty where a side is."""
        unified = self._exchange.safe_symbol(symbol)
        ask = self._exchange.fetch_order_book
        book = await self._reader.ask("book", lambda: ask(unified, 5))
        best = [str(book[side][0][0]) if book[side] else "" for side in ("bids", "asks")]
        return best[0], best[1]

    async def rates(self, symbol: str) -> Rates:
        """Return marks and funding, as far as the exchange tells them."""
        unified = self._exchange.safe_symbol(symbol)
        ask = self._exchange.fetch_funding_rate
        told = await self._reader.ask("funding", lambda: ask(unified))
        interval = str(told.get("interval") or "").removesuffix("h")
        return Rates(
            symbol,
            _text(told.get("markPrice")),
            _text(told.get("indexPrice")),
            _text(told.get("fundingRate")),
            told.get("fundingTimestamp"),
            int(interval) if interval.isdecimal() else None,
        )


class PublicOnly:
    """The `Parts` of an exchange that is read."""

    alphabet = Alphabet.TEXT
    has_account = False
    amends = False
    account_name: str | None = None
    life_ns = 0
    writes = None

    def __init__(self, network: Network, terms: PublicTerms) -> None:
        self._network = network
        self._terms = terms
        self._tap: Tap | None = None
        self.exchange = exchange_of(terms.way(), network, None, lambda url: self._tap)
        self.reads = PublicReads(self.exchange, network)
        self.relist_every_s = terms.relist_every_s

    async def prepare(self, market: Listed) -> None:
        """Prepare nothing."""

    def public(
        self, markets: Sequence[Listed], deliver: Deliver, on_link: OnLink
    ) -> Sequence[Keeper]:
        """Return the stream of market data."""
        symbols = {market.unified: market.symbol for market in markets}
        speech = MirrorSpeech(symbols, self._network.now_ms)
        feed = PublicFeed(
            [PublicMarket(market) for market in markets],
            speech,
            deliver,
            on_link,
            self._network.clock.now_ns,
        )
        keeper = Keeper(
            self.exchange,
            self._network,
            "",
            [watch for market in markets for watch in self._watches(market.unified)],
            [speech.book_channel(market.symbol) for market in markets],
            feed,
            Patience(self._terms.max_silence_s),
        )
        feed.stream = keeper
        self._tap = feed
        return [keeper]

    def private(
        self,
        state: AccountState,
        markets: Sequence[Listed],
        deliver: Callable[[str, MarketRows, AccountRows, int], None],
        on_link: Callable[[bool, str], None],
    ) -> Keeper:
        """Raise: there is no account."""
        raise VenueError(f"{self._network.venue}: has no account's stream", Plan.HALT)

    def _watches(self, unified: str) -> list[Watch]:
        each = self.exchange
        depth = None if each.id == "okx" else 2 * DEPTH
        return [lambda: each.watch_order_book(unified, depth), lambda: each.watch_trades(unified)]


def _text(number: object) -> str | None:
    return None if number is None else str(number)
