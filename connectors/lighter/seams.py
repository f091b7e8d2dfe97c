"""State what the adapter is given: who signs tokens, and who sends orders.

Without a signer the adapter has no account; without `Orders` it reads an account and sends nothing.
"""

from collections.abc import Mapping
from typing import Protocol

from connectors.lighter.account_wire import Tx
from connectors.lighter.proofs import Proofs
from connectors.numbered import Bound
from connectors.reports import Reports


class Signer(Protocol):
    """Who holds the key of the account."""

    async def auth_token(self, expires_s: int) -> str:
        """Return a token for the account's channels and reads that is valid until `expires_s`,
        seconds since 1970. Raises VenueError. Never signs on the main thread."""


class Orders(Proofs, Protocol):
    """Who sends commands, once each. What comes of them it tells through `Reports`, or the
    account's streams do."""

    @property
    def quota_left(self) -> int | None:
        """What the venue has last said is left of the volume quota."""

    def bound(self, client_id: int) -> Bound:
        """Promise what the nonce of an order will stay below."""

    def recall(self, left: Mapping[int, Bound]) -> None:
        """Learn what former processes have promised; before anything is sent."""

    def place(
        self, market: str, client_id: int, side: int, ticks: int, lots: int, flags: int
    ) -> None:
        """Send a limit order."""

    def cancel(self, market: str, client_id: int) -> None:
        """Send a cancel."""

    def amend(self, market: str, client_id: int, side: int, ticks: int, lots: int) -> None:
        """Send another price and size in all of a resting order."""

    def on_order(self, client_id: int, is_over: bool) -> None:
        """Hear the account's stream of an order: that it rests, or that it has ended."""

    def on_transaction(self, tx: Tx) -> None:
        """Hear that a transaction was executed, or that it failed."""

    async def run(self, reports: Reports, market_ids: Mapping[str, int]) -> None:
        """Keep what sending to markets, by our names, needs, until cancelled."""

    def close(self) -> None:
        """Let go of threads and sockets."""
