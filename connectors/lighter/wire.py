"""Name the frames of Lighter's public channels, as they are on the wire.

Channels are asked for as ``order_book/1`` and told as ``order_book:1``. The first frame of a
channel is ``subscribed/...`` and whole, those after it ``update/...`` and what has changed. Prices
and sizes are decimal texts, an empty side of the ticker an empty text. Stamps are in ms on the
frame, and in us as ``last_updated_at`` and ``transaction_time``.
"""

from typing import Annotated

from msgspec import Meta, Struct

Count = Annotated[int, Meta(ge=0, le=(1 << 63) - 1)]
Stamp = Annotated[int, Meta(ge=0, le=9_000_000_000_000_000)]
"""Seconds, ms or us since 1970; `as_ns` tells which."""
MarketId = Annotated[int, Meta(ge=0, le=65_535)]

MS_FROM = 100_000_000_000
"""A stamp from here on is in ms: in seconds it would be the year 5138."""
US_FROM = 100_000_000_000_000
"""A stamp from here on is in us."""


def as_ns(stamp: int) -> int:
    """Return a venue's stamp in ns, whichever of its three units it came in."""
    if stamp >= US_FROM:
        return stamp * 1_000
    return stamp * 1_000_000 if stamp >= MS_FROM else stamp * 1_000_000_000


class Level(Struct, gc=False):
    """A price and what rests there now; size 0 removes the level."""

    price: float
    size: float


class Book(Struct, gc=False):
    """A whole book, or the levels that changed after `begin_nonce` and up to `nonce`."""

    asks: list[Level]
    bids: list[Level]
    nonce: Count
    offset: Count
    begin_nonce: Count | None = None
    last_updated_at: Stamp = 0


class BookFrame(Struct, gc=False):
    """A book with the frame's own stamp."""

    channel: str
    order_book: Book
    timestamp: Stamp

    def venue_ns(self) -> int:
        """Return the venue's stamp, the finer of the two."""
        return as_ns(self.order_book.last_updated_at or self.timestamp)


class BookSnapshot(BookFrame, gc=False, tag="subscribed/order_book"):
    """A book from which all updates follow."""


class BookUpdate(BookFrame, gc=False, tag="update/order_book"):
    """What has changed of a book."""


class Trade(Struct, gc=False):
    """One trade; the taker bought when the maker was the ask. Rates of fees are in 1e-6."""

    trade_id: Count
    type: str
    market_id: MarketId
    price: float
    size: float
    is_maker_ask: bool
    timestamp: Stamp
    ask_account_id: Count
    bid_account_id: Count
    ask_client_id: Count = 0
    bid_client_id: Count = 0
    maker_fee: int = 0
    taker_fee: int = 0
    transaction_time: Stamp = 0

    def venue_ns(self) -> int:
        """Return the venue's stamp, the finer of the two."""
        return as_ns(self.transaction_time or self.timestamp)


class TradeFrame(Struct, gc=False):
    """Trades, and those that closed a liquidated position, in whatever order."""

    channel: str
    trades: list[Trade] | None = None
    liquidation_trades: list[Trade] | None = None

    def in_order(self) -> list[Trade]:
        """Return all of them by their ids."""
        every = [*(self.trades or ()), *(self.liquidation_trades or ())]
        every.sort(key=_trade_id)
        return every


def _trade_id(trade: Trade) -> int:
    return trade.trade_id


class TradeHistory(TradeFrame, gc=False, tag="subscribed/trade"):
    """Trades of the past, told once at the start."""


class TradeNews(TradeFrame, gc=False, tag="update/trade"):
    """Trades that have just happened."""


class Best(Struct, gc=False):
    """The best level of a side, as texts: both are empty where the side is."""

    price: str
    size: str


class Ticker(Struct, gc=False):
    """The best levels: `a` is the ask and `b` the bid."""

    a: Best
    b: Best
    last_updated_at: Stamp = 0


class TickerFrame(Struct, gc=False):
    """The top of a book, told at once, between the book's own batches."""

    channel: str
    ticker: Ticker
    nonce: Count
    timestamp: Stamp = 0

    def venue_ns(self) -> int:
        """Return the venue's stamp, the finer of the two (0: none)."""
        return as_ns(self.ticker.last_updated_at or self.timestamp)


class TickerFirst(TickerFrame, gc=False, tag="subscribed/ticker"):
    """The first of a channel."""


class TickerNews(TickerFrame, gc=False, tag="update/ticker"):
    """A change."""


class Stats(Struct, gc=False):
    """Figures of a market; the unit of the rates of funding is for `stats` to find."""

    market_id: MarketId
    index_price: float
    mark_price: float
    current_funding_rate: float
    funding_rate: float
    funding_timestamp: Stamp


class StatsFrame(Struct, gc=False):
    """Figures of one market."""

    channel: str
    market_stats: Stats
    timestamp: Stamp = 0


class StatsFirst(StatsFrame, gc=False, tag="subscribed/market_stats"):
    """The first of a channel."""


class StatsNews(StatsFrame, gc=False, tag="update/market_stats"):
    """A change."""


class SpotStats(Struct, gc=False):
    """Figures of a spot market: it has neither a mark nor funding."""

    market_id: MarketId
    index_price: float
    mid_price: float


class SpotStatsFrame(Struct, gc=False):
    """Figures of one spot market."""

    channel: str
    spot_market_stats: SpotStats
    timestamp: Stamp = 0


class SpotStatsFirst(SpotStatsFrame, gc=False, tag="subscribed/spot_market_stats"):
    """The first of a channel."""


class SpotStatsNews(SpotStatsFrame, gc=False, tag="update/spot_market_stats"):
    """A change."""


class HeightFrame(Struct, gc=False):
    """The number of the chain's latest block: it grows while the venue works."""

    height: Count
    channel: str = "height"


class HeightFirst(HeightFrame, gc=False, tag="subscribed/height"):
    """The first of the channel."""


class HeightNews(HeightFrame, gc=False, tag="update/height"):
    """Another block."""


class Connected(Struct, gc=False, tag="connected"):
    """The venue's greeting."""


class Ping(Struct, gc=False, tag="ping"):
    """The venue asks for a sign of life."""


class Pong(Struct, gc=False, tag="pong"):
    """The venue's answer to our ping."""


class Unsubscribed(Struct, gc=False, tag="unsubscribed"):
    """A channel has been left."""

    channel: str = ""


class Shutdown(Struct, gc=False, tag="shutdown"):
    """The venue will close the connection."""

    close_in_ms: Count = 0


Notice = Connected | Ping | Pong | Unsubscribed | Shutdown
Public = (
    BookSnapshot
    | BookUpdate
    | TradeHistory
    | TradeNews
    | TickerFirst
    | TickerNews
    | StatsFirst
    | StatsNews
    | SpotStatsFirst
    | SpotStatsNews
    | HeightFirst
    | HeightNews
)


class ErrorBody(Struct, gc=False):
    """A code and what it means."""

    code: int
    message: str = ""


class ErrorFrame(Struct, gc=False):
    """A refusal: of a subscription, or of how fast we are. It names no request."""

    error: ErrorBody
