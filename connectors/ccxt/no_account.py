"""Be the reads of an exchange that is read without an account: what needs one raises."""

from typing import NoReturn

from connectors.ccxt.network import Network
from connectors.model.errors import Plan, VenueError


class NoAccount:
    """The half of a venue's reads that nobody answers."""

    def __init__(self, network: Network) -> None:
        self._network = network

    async def set_clock(self) -> None:
        """Take the clocks for level: nothing is signed."""

    async def ask_clock(self) -> None:
        """Ask nothing."""

    async def account(self) -> NoReturn:
        """Raise: there is no account."""
        raise self._no_account()

    async def position(self, symbol: str) -> NoReturn:
        """Raise: there is no account."""
        raise self._no_account()

    async def open_orders(self, symbol: str) -> NoReturn:
        """Raise: there is no account."""
        raise self._no_account()

    async def last_orders(self, symbol: str) -> NoReturn:
        """Raise: there is no account."""
        raise self._no_account()

    async def order(self, symbol: str, client_text: str) -> NoReturn:
        """Raise: there is no account."""
        raise self._no_account()

    async def fills(self, symbol: str, since_ms: int) -> NoReturn:
        """Raise: there is no account."""
        raise self._no_account()

    async def last_fills(self, symbol: str) -> NoReturn:
        """Raise: there is no account."""
        raise self._no_account()

    async def payments(self, symbol: str, since_ms: int) -> NoReturn:
        """Raise: there is no account."""
        raise self._no_account()

    def _no_account(self) -> VenueError:
        return VenueError(f"{self._network.venue}: is read without an account", Plan.HALT)
