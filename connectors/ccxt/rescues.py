"""Clear an account market by market, from another thread or process, without ccxt.

The stamp of a request is the venue's own time, asked for just before, so that no clock of this
machine's stands in the way.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from connectors.calls import Request
from connectors.ccxt.emergency import FAILED, TRIES, asked, cleared
from connectors.model.errors import Plan, VenueError

Ask = Callable[[Request], Any]
MEANT = {"key_env": "a half", "secret_env": "a half", "passphrase_env": "the passphrase"}


class MarketsRescue(ABC):
    """The `Rescue` of one account, in some markets. A venue says how it is asked."""

    def __init__(self, venue: str, symbols: Sequence[str], ask: Ask = asked) -> None:
        self._venue = venue
        self._symbols = tuple(symbols)
        self._ask = ask

    @abstractmethod
    def clock(self) -> Request:
        """Return what asks for the venue's time."""

    @abstractmethod
    def stamp_ms(self, said: Any) -> int:
        """Return the time of an answer. Raises LookupError, TypeError or ValueError."""

    @abstractmethod
    def cancelling(self, symbol: str, stamp_ms: int) -> Request:
        """Return what cancels all orders of a market."""

    @abstractmethod
    def is_cleared(self, said: Any) -> bool:
        """Tell whether an answer says that it has."""

    @abstractmethod
    def listing(self, symbol: str, stamp_ms: int) -> Request:
        """Return what asks for the orders that rest."""

    @abstractmethod
    def count(self, said: Any) -> int:
        """Return how many an answer lists. Raises LookupError, TypeError or ValueError."""

    def ready(self) -> None:
        """Sign something: nothing else is needed."""
        self.listing(self._symbols[0], 0)

    def cancel_all(self) -> None:
        """Cancel all; raise VenueError unless the venue has done it on every market."""
        cleared(self._venue, self._symbols, self._cancelled)

    def resting(self) -> int:
        """Return how many orders rest on our markets. Raises VenueError."""
        return sum(self._count(symbol) for symbol in self._symbols)

    def _cancelled(self, symbol: str) -> str:
        """Cancel all of one market; return why that failed, nothing where it did not."""
        why = ""
        for _ in range(TRIES):
            try:
                said = self._ask(self.cancelling(symbol, self._now_ms()))
            except FAILED as error:
                why = f"{type(error).__name__} {error}"
                continue
            if self.is_cleared(said):
                return ""
            why = str(said)[:160]
        return why

    def _count(self, symbol: str) -> int:
        said = None
        try:
            said = self._ask(self.listing(symbol, self._now_ms()))
            return self.count(said)
        except (*FAILED, LookupError, TypeError) as error:
            why = f"{type(error).__name__} {error}: {str(said)[:160]}"
            raise VenueError(f"{self._venue} {symbol}: {why}") from None

    def _now_ms(self) -> int:
        said = self._ask(self.clock())
        try:
            return self.stamp_ms(said)
        except (LookupError, TypeError):
            raise ValueError(f"no time: {str(said)[:160]}") from None


def secrets_of(
    words: Mapping[str, Any], secrets: Mapping[str, str], names: Sequence[str]
) -> list[str]:
    """Return a key's parts, found among the secrets by the names of their variables.

    Raises VenueError for one that is not there.
    """
    found = []
    for name in names:
        variable = words[name]
        if not secrets.get(variable):
            raise VenueError(
                f"{words['venue']} watchdog: expected {variable} to hold {MEANT[name]} of the key",
                Plan.HALT,
            )
        found.append(secrets[variable])
    return found
