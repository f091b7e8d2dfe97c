"""State the contract that every venue keeps, and what it may not do.

A venue speaks bytes to an exchange and rows to a worker. It holds no price, no position opinion
and no retry of an order: what it was asked it does once, and what became of it arrives as account
rows. An outcome that is not proven is OUTCOME_UNKNOWN, never a guess. No method blocks the event
loop, and no method can move funds out of an account.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from connectors.model.account import Fate, Payment, Standing, Trade
from connectors.model.events import POST_ONLY, AccountRows, MarketRows
from connectors.pacing import Scope


class Sink(Protocol):
    """Where a venue delivers one market's batches: called on the event loop, one call at a time."""

    def on_batch(self, rows: MarketRows, account: AccountRows, now_ns: int) -> None:
        """Take everything drained at `now_ns`. The columns are the venue's and are reused."""

    def on_link(self, is_whole: bool, now_ns: int) -> None:
        """Hear that a stream of this market or of its account broke, or that all are whole again.

        False: nothing that the streams say is to be trusted since. True: every stream has
        delivered its first frame again. A break that touches the book is also told as a GAP row.
        """


class Countdown(Protocol):
    """A countdown at the venue: it cancels our orders there unless we renew it in time.

    What a venue says of it is read back where it can be read, and taken from its answer where it
    cannot. Nothing here repeats by itself: when to renew is for whoever runs the deploy.
    """

    @property
    def lasts_ns(self) -> int:
        """How far ahead a renewal sets it."""

    async def renew(self) -> int:
        """Begin it, or begin it anew; return when it is due, as the venue says after that.

        0: none runs. Raises VenueError where nothing could be sent or the venue says nothing.
        """

    async def disarm(self) -> int:
        """Have none run; return when it is due, as the venue says after that. 0 proves it."""

    async def due_ns(self) -> int:
        """Return when it is due, as the venue says; 0: none runs. Raises VenueError."""


class Rescue(Protocol):
    """What clears an account from a process of its own. Every method blocks and may raise
    VenueError."""

    def ready(self) -> None:
        """Load what the rest needs, and try it out."""

    def cancel_all(self) -> None:
        """Cancel every order, on a connection of its own; raise unless the venue has let it in."""

    def resting(self) -> int:
        """Read how many orders rest."""


@dataclass(frozen=True, slots=True)
class RescueWords:
    """What makes a venue's `Rescue` in another process.

    `maker` is `module:function`; it is called with `words`, the environment and a clock's `now_ns`.
    The words are plain, and hold no key: only the name of the variable that does.
    """

    maker: str
    words: Mapping[str, str | int]


class Venue(Protocol):
    """One connection to one venue and account, for all markets of a deploy that use it.

    The reads raise VenueError where the venue gives no answer: a fault of transport is never
    told as an empty or absent one.
    """

    @property
    def cancel_all_out_of_loop(self) -> Callable[[], None] | None:
        """Cancel all our orders, from another thread and over a connection and key of its own.

        None where there is no such way.
        """

    @property
    def countdown(self) -> Countdown | None:
        """The venue's own way to cancel our orders once nobody renews it.

        None where there is no such way, or none is wanted.
        """

    @property
    def rescue(self) -> RescueWords | None:
        """What another process needs to cancel our orders once this one no longer can.

        None where there is no such way.
        """

    @property
    def scopes(self) -> Sequence[Scope]:
        """What the venue counts our requests by: kept in the ledger, and taken up by a start."""

    @property
    def look_every_ns(self) -> int:
        """How long to leave between two looks at one market, so that its reads fit their budget."""

    @property
    def amends(self) -> bool:
        """Tell whether the venue changes a resting order in place: whether `amend` may be used."""

    async def standing(self, market: str) -> Standing:
        """Read the venue's truth about one market."""

    async def trades_after(self, market: str, trade_id: int) -> tuple[Trade, ...]:
        """Read our trades with a higher id, in order of id; all of them, or raise."""

    async def payments_after(self, market: str, after_ns: int) -> tuple[Payment, ...]:
        """Read the funding of our position that was paid later than a moment; all of it, or raise.

        A payment that the venue has changed since is told as it stands now.
        """

    async def mid_half_ticks(self, market: str) -> int:
        """Read the middle of a market's touch, in half ticks: sizes in quote are counted with it.

        Raises VenueError where there is no book with two sides.
        """

    async def order_fate(self, market: str, client_id: int) -> Fate:
        """Read what became of an order. ABSENT is an answer only when it is proven.

        Of an order that rests also its terms, once no amend can change them any more.
        """

    async def run(self, sinks: Mapping[str, Sink]) -> None:
        """Deliver batches until cancelled. The first batch of a market is a whole snapshot."""

    def place(
        self,
        market: str,
        client_id: int,
        side: int,
        ticks: int,
        lots: int,
        flags: int = POST_ONLY,
    ) -> None:
        """Send a limit order, once. `flags` are POST_ONLY, IOC and REDUCE_ONLY, added up."""

    def cancel(self, market: str, client_id: int) -> None:
        """Send a cancel, once. It may overtake an amend of the same order."""

    def amend(
        self,
        market: str,
        client_id: int,
        side: int,
        ticks: int,
        lots: int,
        flags: int = POST_ONLY,
    ) -> None:
        """Change a resting order's price and size in one message, once; it keeps its ids.

        `lots` is its new size in all, what it has filled included: a fill on the way never makes it
        larger. `side` and `flags` are those it was placed with. Where it has filled as much already
        it is over. One that would take is refused, or ended, as a post-only order is. An order has
        one amend on its way at a time, and gets another one only after the first is proven.

        What became of it is told as one row: AMENDED, AMEND_REJECTED, or where neither is proven
        AMEND_UNKNOWN, after which a stream or `order_fate` proves the terms; or the order's end. A
        venue that does not amend raises.
        """

    def close(self) -> None:
        """Let go of files and sockets. Resting orders are the worker's care, before this."""
