"""Read a public stream: frames become rows of their markets, one batch each.

What cannot be read is refused, and where it was a book's the book is lost with it: quotes are
pulled by its GAP row, and the venue is asked for a snapshot.
"""

from collections.abc import Callable, Sequence
from typing import Protocol

from connectors.ccxt.market import PublicMarket
from connectors.ccxt.native.speech import Confirmed, Denied, Said, Speech
from connectors.ccxt.public_feed import Deliver, OnLink
from connectors.ccxt.words import Book, Prints, Rates
from connectors.model.events import AccountRows
from connectors.socket import Malformed
from connectors.stream import CLOSED_BY_US


class Line(Protocol):
    """What a feed asks of its stream."""

    def drop(self, why: str) -> None: ...
    def resubscribe(self, channel: str) -> None: ...


class NativeFeed:
    """The `Feed` of a public stream. Give it its stream as `line` before that runs.

    A market is up once its subscriptions are let in and its book is followed; others do not matter
    to it.
    """

    line: Line

    def __init__(
        self,
        markets: Sequence[PublicMarket],
        speech: Speech,
        deliver: Deliver,
        on_link: OnLink,
        say: Callable[[str], None],
        now_ns: Callable[[], int],
    ) -> None:
        self._markets = {market.listed.symbol: market for market in markets}
        self._speech = speech
        self._deliver = deliver
        self._on_link = on_link
        self._say = say
        self._now_ns = now_ns
        self._none = AccountRows()
        self._needs = {symbol: speech.channels(symbol) for symbol in self._markets}
        self._heard: set[str] = set()
        self._touched: dict[str, PublicMarket] = {}
        self._unfollowed = dict(self._markets)
        self.backlogs = 0

    def channel_of(self, frame: bytes) -> str | None:
        """Return the subscription whose first data this is; a book's is its snapshot."""
        match self._speech.said(frame):
            case Book(symbol=symbol, is_snapshot=True):
                return self._speech.book_channel(symbol)
            case Confirmed(channel=channel):
                return channel
            case _:
                return None

    def on_frames(self, frames: list[bytes], recv_ns: int) -> bool:
        """Take what had come, and deliver it as one batch a market."""
        has_data = False
        for frame in frames:
            try:
                has_data |= self._take(self._speech.said(frame), recv_ns)
            except Malformed as error:
                self.line.drop(str(error))
        self._flush(recv_ns)
        return has_data

    def on_backlog(self, frames: int) -> None:
        """Count: the rows say by their stamps how late they are."""
        self.backlogs += 1

    def on_connected(self) -> None:
        """Wait for the snapshots of a new connection; what was told stands until they come."""
        self._heard.clear()
        for market in self._markets.values():
            market.book.forget()
        self._unfollowed = dict(self._markets)

    def on_whole(self) -> None:
        """Do nothing: each market is told of its own."""

    def on_down(self, reason: str) -> None:
        """Tell that nothing is known from here on; whoever has ended the stream knows it."""
        if reason == CLOSED_BY_US:
            return
        now_ns = self._now_ns()
        for symbol, market in self._markets.items():
            market.book.lose(market.rows, now_ns, now_ns)
            self._touched[symbol] = self._unfollowed[symbol] = market
        self._flush(now_ns, is_down=True)
        for market in self._markets.values():
            market.is_up = False
            self._on_link(market.listed.name, False, reason)

    def _take(self, said: Said, recv_ns: int) -> bool:
        """Take one frame; tell whether it was data."""
        match said:
            case Book():
                self._take_book(said, recv_ns)
            case Prints():
                self._touch(said.symbol).take_prints(said, recv_ns)
            case Rates():
                self._market(said.symbol).take_rates(said)
            case Confirmed():
                self._hear(said.channel)
                return False
            case Denied():
                self._say(f"market data: a subscription was refused: {said.why[:160]}")
                return False
            case _:
                return False
        return True

    def _take_book(self, book: Book, recv_ns: int) -> None:
        market = self._touch(book.symbol)
        if book.is_snapshot and not market.book.has_begun:
            market.rows.clear()
        try:
            is_whole = self._follows(market, book) and market.book.take(book, market.rows, recv_ns)
        except Malformed:
            self._break(market, book.venue_ns, recv_ns)
            raise
        if not is_whole:
            self._break(market, book.venue_ns, recv_ns)
        elif book.is_snapshot:
            self._unfollowed.pop(book.symbol, None)
            self._hear(self._speech.book_channel(book.symbol))
            self._tell_if_up(book.symbol)

    def _follows(self, market: PublicMarket, book: Book) -> bool:
        """Tell whether a change is the next one, where the venue's numbers may begin anew: there
        none can be taken for an old one by its number."""
        if not self._speech.is_strict or book.is_snapshot or not market.book.is_followed:
            return True
        return market.book.number == book.before <= book.number

    def _break(self, market: PublicMarket, venue_ns: int, recv_ns: int) -> None:
        """Pull the quotes, and ask for the book unless that was in vain again and again."""
        market.book.lose(market.rows, venue_ns, recv_ns)
        self._unfollowed[market.listed.symbol] = market
        if market.restraint.may_ask(recv_ns):
            self._ask_again(market)

    def _ask_again(self, market: PublicMarket) -> None:
        self.line.resubscribe(self._speech.book_channel(market.listed.symbol))

    def _hear(self, channel: str) -> None:
        """Note a subscription; tell the markets that are whole with it."""
        self._heard.add(channel)
        for symbol, needs in self._needs.items():
            if channel in needs:
                self._tell_if_up(symbol)

    def _tell_if_up(self, symbol: str) -> None:
        market = self._markets[symbol]
        if market.book.is_followed and not market.is_up and self._needs[symbol] <= self._heard:
            market.is_up = True
            self._on_link(market.listed.name, True, "")

    def _flush(self, now_ns: int, is_down: bool = False) -> None:
        """Deliver what there is of each market, from its first snapshot on."""
        for market in self._touched.values():
            if market.rows and market.book.has_begun:
                self._deliver(market.listed.name, market.rows, self._none, now_ns)
            market.rows.clear()
        self._touched.clear()
        for market in () if is_down else self._unfollowed.values():
            if market.restraint.has_rested(now_ns):
                self._ask_again(market)

    def _touch(self, symbol: str) -> PublicMarket:
        market = self._market(symbol)
        self._touched[symbol] = market
        return market

    def _market(self, symbol: str) -> PublicMarket:
        market = self._markets.get(symbol)
        if market is None:
            raise Malformed(f"{symbol[:40]} was not asked for")
        return market
