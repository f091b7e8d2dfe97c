"""State what a worker asks of its way to its venue, and be the one that keeps no books."""

from typing import Protocol

from connectors.model.events import POST_ONLY, AccountRows
from connectors.venue import Venue


class Outbox(Protocol):
    """One market's way to its venue and back."""

    @property
    def is_halted(self) -> bool:
        """Tell whether the market has to stop."""

    def place(
        self, client_id: int, side: int, ticks: int, lots: int, flags: int = POST_ONLY
    ) -> None:
        """Send an order that passed review."""

    def cancel(self, client_id: int) -> None:
        """Send a cancel at once."""

    def amend(self, client_id: int, side: int, ticks: int, lots: int) -> None:
        """Send an order's new price and size in all, which passed review."""

    def take(self, account: AccountRows) -> AccountRows:
        """Return the rows that the worker is to take, in order."""

    def close(self) -> None:
        """Let no order leave from now on."""


class DirectOutbox:
    """Hand everything on, and keep no books."""

    is_halted = False

    def __init__(self, market: str, venue: Venue) -> None:
        self._market = market
        self._venue = venue

    def place(
        self, client_id: int, side: int, ticks: int, lots: int, flags: int = POST_ONLY
    ) -> None:
        """Send an order."""
        self._venue.place(self._market, client_id, side, ticks, lots, flags)

    def cancel(self, client_id: int) -> None:
        """Send a cancel."""
        self._venue.cancel(self._market, client_id)

    def amend(self, client_id: int, side: int, ticks: int, lots: int) -> None:
        """Send an order's new terms."""
        self._venue.amend(self._market, client_id, side, ticks, lots)

    def take(self, account: AccountRows) -> AccountRows:
        """Return the rows as they are."""
        return account

    def close(self) -> None:
        """Nothing ever waits."""
