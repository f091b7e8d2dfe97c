"""State the contract that every venue keeps, and what it may not do.

A venue speaks bytes to an exchange and rows to a worker. It holds no price, no position opinion
and no retry of an order: what it was asked it does once, and what became of it arrives as account
rows. An outcome that is not proven is OUTCOME_UNKNOWN, never a guess. No method blocks the event
loop, and no method can move funds out of an account.
"""

from collections.abc import Mapping
from typing import Protocol

from connectors.model.account import Fate, Standing, Trade
from connectors.model.events import AccountRows, MarketRows


class Sink(Protocol):
    """Where a venue delivers one market's batches: called on the event loop, one call at a time."""

    def on_batch(self, rows: MarketRows, account: AccountRows, now_ns: int) -> None:
        """Take everything drained at `now_ns`. The columns are the venue's and are reused."""


class Venue(Protocol):
    """One connection to one venue and account, for all markets of a deploy that use it."""

    async def standing(self, market: str) -> Standing:
        """Read the venue's truth about one market."""

    async def trades_after(self, market: str, trade_id: int) -> tuple[Trade, ...]:
        """Read our trades with a higher id, in order of id; all of them, or raise."""

    async def order_fate(self, market: str, client_id: int) -> Fate:
        """Read what became of an order. ABSENT is an answer only when it is proven."""

    async def run(self, sinks: Mapping[str, Sink]) -> None:
        """Deliver batches until cancelled. The first batch of a market is a whole snapshot."""

    def place(self, market: str, client_id: int, side: int, ticks: int, lots: int) -> None:
        """Send a post-only limit order, once."""

    def cancel(self, market: str, client_id: int) -> None:
        """Send a cancel, once."""

    def close(self) -> None:
        """Let go of files and sockets. Resting orders are the worker's care, before this."""
