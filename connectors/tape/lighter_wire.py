"""Decode raw Lighter recordings: our stamp in seconds and the text of one WebSocket message each.

Prices and sizes are decimal strings. A message names its channel and market as ``order_book:1``;
its first answer to a subscription is ``subscribed/...``, everything after it ``update/...``. Stamps
are in ms on the message and in us inside a newer book.
"""

from __future__ import annotations

import msgspec

from connectors.tape.binance_wire import as_ns


class Frame(msgspec.Struct, gc=False):
    """One recorded message; `ts` is our clock in seconds since 1970."""

    ts: float
    msg: str

    def recv_ns(self) -> int:
        """Return our stamp; a float of seconds carries microseconds and no more."""
        return round(self.ts * 1e6) * 1000


class Envelope(msgspec.Struct, gc=False):
    """What tells the messages apart."""

    type: str
    channel: str = ""


class Level(msgspec.Struct, gc=False):
    """A price and what rests there now; size 0 removes the level."""

    price: float
    size: float


class Book(msgspec.Struct, gc=False):
    """A whole book, or the levels that changed between `begin_nonce` and `nonce`."""

    asks: list[Level]
    bids: list[Level]
    nonce: int
    offset: int
    begin_nonce: int | None = None
    last_updated_at: int | None = None


class BookMessage(msgspec.Struct, gc=False):
    """A book with the message's own stamp."""

    order_book: Book
    timestamp: int

    def venue_ns(self) -> int:
        """Return the venue's stamp, the finer of the two."""
        return as_ns(self.order_book.last_updated_at or self.timestamp)


class Trade(msgspec.Struct, gc=False):
    """One trade; the taker bought when the maker was the ask."""

    trade_id: int
    type: str
    price: float
    size: float
    is_maker_ask: bool
    timestamp: int


class TradesMessage(msgspec.Struct, gc=False):
    """Trades, and those that closed a liquidated position, in whatever order."""

    trades: list[Trade] | None = None
    liquidation_trades: list[Trade] | None = None

    def in_order(self) -> list[Trade]:
        """Return all of them by their ids."""
        every = [*(self.trades or ()), *(self.liquidation_trades or ())]
        return sorted(every, key=lambda trade: trade.trade_id)


class Stats(msgspec.Struct, gc=False):
    """Which symbol a market id stands for."""

    symbol: str
    market_id: int


class StatsMessage(msgspec.Struct, gc=False):
    """Figures of one market."""

    market_stats: Stats


decode_frames = msgspec.json.Decoder(list[Frame]).decode
decode_envelope = msgspec.json.Decoder(Envelope).decode
decode_book = msgspec.json.Decoder(BookMessage, strict=False).decode
decode_trades = msgspec.json.Decoder(TradesMessage, strict=False).decode
decode_stats = msgspec.json.Decoder(StatsMessage).decode
