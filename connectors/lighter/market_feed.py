"""Read the public stream: frames become rows of their markets, one batch each.

What cannot be read is counted and refused, and where it was a book's the book is lost with it.
"""

import asyncio
from collections.abc import Callable, Sequence
from typing import Protocol

from connectors.lighter import wire
from connectors.lighter.decode import public_frame
from connectors.lighter.market import PublicMarket
from connectors.lighter.notices import take_notice
from connectors.lighter.refusals import Refusals
from connectors.model.events import AccountRows, MarketRows
from connectors.socket import Malformed
from connectors.stream import CLOSED_BY_US

Deliver = Callable[[str, MarketRows, AccountRows, int], None]
"""Hand a market's batch on: name, rows, account rows and the stamp that is "now"."""


class Line(Protocol):
    """What a feed asks of its stream."""

    def drop(self, why: str) -> None: ...
    def resubscribe(self, channel: str) -> None: ...
    def replace_soon(self) -> None: ...


class MarketFeed:
    """The `Feed` of a public stream. Give it its stream as `line` before that runs."""

    line: Line

    def __init__(
        self,
        markets: Sequence[PublicMarket],
        deliver: Deliver,
        on_link: Callable[[str, bool, str], None],
        on_error: Callable[[wire.ErrorBody], None],
        now_ns: Callable[[], int],
    ) -> None:
        self.refused = Refusals()
        self.backlogs = 0
        self.height = 0
        self.pinged = asyncio.Event()
        """Set by each ping of the venue: whoever answers clears it."""
        self._markets = tuple(markets)
        self._deliver = deliver
        self._on_link = on_link
        self._on_error = on_error
        self._now_ns = now_ns
        self._none = AccountRows()
        self._books = {f"order_book:{m.market_id}": m for m in markets}
        self._trades = {f"trade:{m.market_id}": m for m in markets}
        self._tickers = {f"ticker:{m.market_id}": m for m in markets}
        self._stats = {f"market_stats:{m.market_id}": m for m in markets}
        self._spot_stats = {f"spot_market_stats:{m.market_id}": m for m in markets}

    def channel_of(self, frame: bytes) -> str | None:
        """Return the channel whose first data this is; a book's is its snapshot."""
        said = public_frame(frame)
        match said:
            case wire.BookUpdate():
                return None
            case wire.HeightFrame():
                return "height"
            case wire.BookSnapshot() | wire.TradeFrame() | wire.TickerFrame():
                return said.channel
            case wire.StatsFrame() | wire.SpotStatsFrame():
                return said.channel
            case _:
                return None

    def on_frames(self, frames: list[bytes], recv_ns: int) -> bool:
        """Take what had come, and deliver it as one batch a market."""
        has_data = False
        for frame in frames:
            try:
                has_data |= self._take(public_frame(frame), recv_ns)
            except Malformed as error:
                self.refused.count(str(error))
                self.line.drop(str(error))
        self._flush(recv_ns)
        return has_data

    def on_backlog(self, frames: int) -> None:
        """Count: the rows say by their stamps how late they are."""
        self.backlogs += 1

    def on_connected(self) -> None:
        """Forget the books: the next snapshots replace them."""
        for market in self._markets:
            market.expect_all()

    def on_whole(self) -> None:
        """Do nothing: each market has been told of its own channels."""

    def on_down(self, reason: str) -> None:
        """Tell that nothing is known from here on; whoever has ended the stream knows it."""
        if reason == CLOSED_BY_US:
            return
        now_ns = self._now_ns()
        for market in self._markets:
            market.book.lose(market.rows, now_ns, now_ns)
            market.trades.lose()
        self._flush(now_ns)
        for market in self._markets:
            self._on_link(market.name, False, reason)

    def _take(self, said: wire.Public | wire.Notice | wire.ErrorFrame, recv_ns: int) -> bool:
        """Take one frame; tell whether it was data."""
        match said:
            case wire.BookFrame():
                self._take_book(said, recv_ns)
            case wire.TradeFrame():
                self._take_trades(said, recv_ns)
            case wire.TickerFrame():
                _asked_for(self._tickers, said.channel).take_ticker(said, recv_ns)
            case wire.StatsFrame():
                market = _asked_for(self._stats, said.channel)
                market.take_stats(said.market_stats, recv_ns)
            case wire.SpotStatsFrame():
                market = _asked_for(self._spot_stats, said.channel)
                market.take_spot_stats(said.spot_market_stats, recv_ns)
            case wire.HeightFrame():
                self.height = max(self.height, said.height)
            case _:
                take_notice(said, self.line, self.pinged, self._on_error)
                return False
        return True

    def _take_book(self, frame: wire.BookFrame, recv_ns: int) -> None:
        market = _asked_for(self._books, frame.channel)
        try:
            if isinstance(frame, wire.BookSnapshot):
                if not market.book.has_begun:
                    market.rows.clear()
                market.book.take_snapshot(frame, market.rows, recv_ns)
                market.tops.doubt = 0
                self._hear(market, frame.channel)
            elif not market.book.take_update(frame, market.rows, recv_ns):
                self._ask_again(market, recv_ns)
        except Malformed:
            market.book.lose(market.rows, frame.venue_ns(), recv_ns)
            self._ask_again(market, recv_ns)
            raise

    def _take_trades(self, frame: wire.TradeFrame, recv_ns: int) -> None:
        market = _asked_for(self._trades, frame.channel)
        if isinstance(frame, wire.TradeHistory):
            market.trades.take_history(frame, market.rows, recv_ns)
        else:
            market.trades.take(frame, market.rows, recv_ns)
        self._hear(market, frame.channel)

    def _hear(self, market: PublicMarket, channel: str) -> None:
        """Tell that a market is whole once each of its channels has spoken."""
        if channel in market.silent:
            market.silent.discard(channel)
            if not market.silent:
                self._on_link(market.name, True, "")

    def _ask_again(self, market: PublicMarket, now_ns: int) -> None:
        """Ask for a book that broke; one that breaks again and again is left alone for a while."""
        if market.restraint.may_ask(now_ns):
            self.line.resubscribe(f"order_book:{market.market_id}")

    def _flush(self, now_ns: int) -> None:
        """Deliver what there is of each market, from its first snapshot on."""
        for market in self._markets:
            self._hand_on(market, now_ns)
            if market.is_contradicted(now_ns):
                market.book.breaks += 1
                market.book.lose(market.rows, now_ns, now_ns)
                self._hand_on(market, now_ns)
                self._ask_again(market, now_ns)
            if market.restraint.has_rested(now_ns) and not market.book.is_followed:
                self.line.resubscribe(f"order_book:{market.market_id}")

    def _hand_on(self, market: PublicMarket, now_ns: int) -> None:
        if market.rows and market.book.has_begun:
            self._deliver(market.name, market.rows, self._none, now_ns)
        market.rows.clear()


def _asked_for(markets: dict[str, PublicMarket], channel: str) -> PublicMarket:
    market = markets.get(channel)
    if market is None:
        raise Malformed(f"channel {channel[:40]} was not asked for")
    return market
