"""Read a public stream: messages become rows of their markets, one batch each.

What cannot be read is refused, and where it was a book's the book is lost with it: quotes are
pulled by its GAP row, and the venue is asked for a snapshot.
"""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any, Protocol

from connectors.ccxt.market import PublicMarket
from connectors.ccxt.words import Asked, Book, Prints, Rates, Word
from connectors.model.events import AccountRows, MarketRows
from connectors.socket import Malformed

Deliver = Callable[[str, MarketRows, AccountRows, int], None]
"""Hand a market's batch on: name, rows, account rows and the stamp that is "now"."""
OnLink = Callable[[str, bool, str], None]
"""Tell of a market that it is whole, or why not."""

SNAPSHOT_WITHIN_NS = 10_000_000_000
"""How long a book that was asked for again may take before its connection is replaced."""


class Stream(Protocol):
    """What the feed asks of its keeper."""

    def hear(self, channel: str = "") -> None: ...
    def drop(self, why: str) -> None: ...
    def break_off(self, why: str) -> None: ...
    def topics_of(self, request_id: object) -> list[str]: ...
    async def send(self, message: Any) -> None: ...


class Speech(Protocol):
    """How a venue speaks on its public stream."""

    def public_word(self, message: Any) -> Word | None:
        """Return what a message says, None where it is ccxt's alone. Raises Malformed."""

    def book_channel(self, symbol: str) -> str:
        """Return the channel of a market's book."""

    def made_word(self, result: Any) -> Word | None:
        """Return what something that ccxt has made says, None where that is not looked at."""

    def forget(self) -> None:
        """Hear that what follows comes from a new connection."""

    def ask_again(self, channel: str) -> Sequence[Any]:
        """Return the messages that bring a channel's snapshot again."""


class PublicFeed:
    """The `Tap` and `Feed` of a public stream. Give it its keeper as `stream` before that runs."""

    stream: Stream

    def __init__(
        self,
        markets: Sequence[PublicMarket],
        speech: Speech,
        deliver: Deliver,
        on_link: OnLink,
        now_ns: Callable[[], int],
    ) -> None:
        self._markets = {market.listed.symbol: market for market in markets}
        self._speech = speech
        self._deliver = deliver
        self._on_link = on_link
        self._now_ns = now_ns
        self._none = AccountRows()
        self._is_whole = False
        self._tasks: set[asyncio.Task[None]] = set()

    def take(self, message: Any, recv_ns: int) -> bool:
        """Take a message of ours; leave the others to ccxt."""
        return self._hear(self._speech.public_word(message), recv_ns)

    def made(self, result: Any, recv_ns: int) -> None:
        """Take what ccxt has made."""
        self._hear(self._speech.made_word(result), recv_ns)

    def _hear(self, word: Word | None, recv_ns: int) -> bool:
        match word:
            case Book():
                self._take_book(word, recv_ns)
            case Prints():
                self._market(word.symbol).take_prints(word, recv_ns)
            case Rates():
                self._market(word.symbol).take_rates(word)
            case Asked():
                for topic in self.stream.topics_of(word.request_id):
                    if not topic.startswith(self._speech.book_channel("")):
                        self.stream.hear(topic)
                return False
            case _:
                return False
        self.stream.hear()
        return True

    def drop(self, why: str) -> None:
        """Count a message that could not be read."""
        self.stream.drop(why)

    def flush(self, now_ns: int) -> None:
        """Deliver what there is of each market, from its first snapshot on."""
        for market in self._markets.values():
            if market.rows and market.book.has_begun:
                self._deliver(market.listed.name, market.rows, self._none, now_ns)
            market.rows.clear()
            self._look_after(market, now_ns)

    def on_whole(self) -> None:
        """Tell every market whose book is followed that it is whole."""
        self._is_whole = True
        for market in self._markets.values():
            self._tell_if_up(market)

    def on_down(self, why: str) -> None:
        """Tell that nothing is known from here on."""
        self._is_whole = False
        self._speech.forget()
        now_ns = self._now_ns()
        for market in self._markets.values():
            self._lose(market, now_ns)
        self.flush(now_ns)
        for market in self._markets.values():
            market.is_up, market.asked_ns = False, 0
            self._on_link(market.listed.name, False, why)

    def _take_book(self, book: Book, recv_ns: int) -> None:
        market = self._market(book.symbol)
        if book.is_snapshot and not market.book.has_begun:
            market.rows.clear()
        try:
            is_whole = market.book.take(book, market.rows, recv_ns)
        except Malformed:
            self._break(market, book.venue_ns, recv_ns)
            raise
        if not is_whole:
            self._break(market, book.venue_ns, recv_ns)
        elif book.is_snapshot:
            market.asked_ns = 0
            self.stream.hear(self._speech.book_channel(book.symbol))
            self._tell_if_up(market)

    def _break(self, market: PublicMarket, venue_ns: int, recv_ns: int) -> None:
        """Pull the quotes, and ask for the book unless that was in vain again and again."""
        market.book.lose(market.rows, venue_ns, recv_ns)
        if market.restraint.may_ask(recv_ns):
            self._ask_again(market, recv_ns)

    def _lose(self, market: PublicMarket, now_ns: int) -> None:
        market.book.lose(market.rows, now_ns, now_ns)

    def _ask_again(self, market: PublicMarket, now_ns: int) -> None:
        if market.asked_ns:
            return
        market.asked_ns = now_ns
        channel = self._speech.book_channel(market.listed.symbol)
        task = asyncio.ensure_future(self._say(self._speech.ask_again(channel)))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _say(self, messages: Sequence[Any]) -> None:
        for message in messages:
            await self.stream.send(message)

    def _look_after(self, market: PublicMarket, now_ns: int) -> None:
        """Ask for a book that has rested; give up a connection that does not bring one."""
        if market.book.is_followed:
            return
        if market.restraint.has_rested(now_ns):
            self._ask_again(market, now_ns)
        elif market.asked_ns and now_ns - market.asked_ns > SNAPSHOT_WITHIN_NS:
            self.stream.break_off(f"no snapshot of {market.listed.symbol}")

    def _tell_if_up(self, market: PublicMarket) -> None:
        if self._is_whole and market.book.is_followed and not market.is_up:
            market.is_up = True
            self._on_link(market.listed.name, True, "")

    def _market(self, symbol: str) -> PublicMarket:
        market = self._markets.get(symbol)
        if market is None:
            raise Malformed(f"{symbol[:40]} was not asked for")
        return market
