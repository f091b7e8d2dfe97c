"""Join a book's snapshot, which is asked for apart, with the changes around it.

Changes wait until the snapshot comes. Those that it holds already are dropped; the first one that
it does not has to reach over its number, and from then on each names the one before it.
"""

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from connectors.ccxt.market import PublicMarket
from connectors.ccxt.native.feed import NativeFeed
from connectors.ccxt.native.speech import Speech
from connectors.ccxt.public_feed import Deliver, OnLink
from connectors.ccxt.words import Book
from connectors.socket import Malformed

MOST_WAITING = 4096


@dataclass(slots=True)
class Join:
    """One market's changes before its snapshot, and after it the number that it has.

    `is_new`: nothing has come yet since the connection was made. `is_joined`: a change of this
    connection has followed, so that what comes is the next one, or a hole.
    """

    waiting: "deque[Book]" = field(default_factory=lambda: deque(maxlen=MOST_WAITING))
    number: int | None = None
    is_new: bool = True
    is_joined: bool = False
    is_asked: bool = False

    def joined(self, change: Book) -> Book:
        """Return a change as one that follows the snapshot, where it reaches over its number."""
        number = self.number
        if number is None or change.number <= number:
            return change
        self.number = None
        return replace(change, before=number) if change.before <= number else change


class JoiningFeed(NativeFeed):
    """The feed of a stream whose books have changes alone. `ask` is given the symbol of a market
    whose snapshot is wanted, and `take_snapshot` what came of it.

    Numbers go on from one connection to the next, so a planned change of connection loses no book.
    """

    def __init__(
        self,
        markets: Sequence[PublicMarket],
        speech: Speech,
        deliver: Deliver,
        on_link: OnLink,
        say: Callable[[str], None],
        now_ns: Callable[[], int],
        ask: Callable[[str], None],
    ) -> None:
        super().__init__(markets, speech, deliver, on_link, say, now_ns)
        self._ask = ask
        self._joins = {symbol: Join() for symbol in self._markets}

    def on_connected(self) -> None:
        """Wait for the subscriptions of a new connection."""
        self._heard.clear()
        for join in self._joins.values():
            join.is_joined = False

    def on_down(self, reason: str) -> None:
        """Tell that nothing is known from here on."""
        super().on_down(reason)
        for join in self._joins.values():
            join.waiting.clear()
            join.number, join.is_new = None, True

    def take_snapshot(self, book: Book) -> None:
        """Join a snapshot with what waited for it, and deliver what came of it."""
        market, join = self._markets[book.symbol], self._joins[book.symbol]
        join.is_asked = False
        if join.is_new or market.book.is_followed:
            return
        now_ns = self._now_ns()
        join.number = book.number
        goes_on = self._follow(market, join, book, now_ns)
        while goes_on and join.waiting:
            goes_on = self._follow(market, join, join.waiting.popleft(), now_ns)
        self._flush(now_ns)

    def _take_book(self, book: Book, recv_ns: int) -> None:
        market, join = self._markets.get(book.symbol), self._joins.get(book.symbol)
        if market is None or join is None:
            raise Malformed(f"{book.symbol[:40]} was not asked for")
        if market.book.is_followed:
            self._step(market, join, book, recv_ns)
            return
        join.waiting.append(book)
        if join.is_new:
            join.is_new = False
            self._ask_again(market)

    def _follow(self, market: PublicMarket, join: Join, book: Book, now_ns: int) -> bool:
        """Take one step outside of a batch of frames; tell whether the book is followed."""
        try:
            self._step(market, join, book, now_ns)
        except Malformed as error:
            self.line.drop(str(error))
        return market.book.is_followed

    def _follows(self, market: PublicMarket, book: Book) -> bool:
        """Tell whether a change is the next one; an old one is let be until one has joined."""
        return not self._joins[book.symbol].is_joined or super()._follows(market, book)

    def _step(self, market: PublicMarket, join: Join, book: Book, now_ns: int) -> None:
        """Follow the book; keep what broke it for the next snapshot, which may be older."""
        super()._take_book(join.joined(book), now_ns)
        join.is_joined = not book.is_snapshot and market.book.number == book.number
        if not market.book.is_followed:
            join.waiting.appendleft(book)

    def _ask_again(self, market: PublicMarket) -> None:
        join = self._joins[market.listed.symbol]
        if not join.is_asked:
            join.is_asked = True
            self._ask(market.listed.symbol)
