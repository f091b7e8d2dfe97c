"""Ask an account's books by the venue's own addresses: ccxt signs, and we read what is answered."""

from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeVar

from connectors.ccxt.answers import Meaning, Told
from connectors.ccxt.library import Exchange
from connectors.ccxt.network import Network
from connectors.ccxt.reading import Reader
from connectors.ccxt.told import told_as
from connectors.model.errors import VenueError
from connectors.socket import Malformed

T = TypeVar("T")


class AccountReads(ABC):
    """What the reads of every account stand on: whole answers or VenueError."""

    def __init__(self, exchange: Exchange, network: Network) -> None:
        self._exchange = exchange
        self._network = network
        self._reader = Reader(network, self.set_clock)

    @abstractmethod
    async def set_clock(self) -> None:
        """Learn how far the venue's clock is from ours."""

    async def ask_clock(self) -> None:
        """Learn the venue's time, or raise VenueError."""
        await self._reader.ask("time", self.set_clock)

    async def _said(self, what: str, method: str, asked: Mapping[str, Any]) -> Any:
        """Return the answer of an address, as ccxt calls that."""
        return await self._reader.ask(what, lambda: getattr(self._exchange, method)(dict(asked)))

    async def _found(self, what: str, ask: Callable[[], Awaitable[Any]]) -> Any | None:
        """Return an answer, None where the venue says that it knows no such thing."""

        async def read() -> Any | None:
            try:
                return await ask()
            except Told as told:
                if told.answer.meaning is Meaning.NOT_FOUND:
                    return None
                raise

        return await self._reader.ask(what, read)

    async def _ask(self, what: str, method: str, asked: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return an answer that is an object."""
        said = await self._said(what, method, asked)
        if not isinstance(said, dict):
            raise self._not_as_documented(what, str(said)[:120])
        return said

    def _as(self, said: Any, what: str, kind: type[T]) -> T:
        """Return an answer as its kind."""
        try:
            return told_as(said, kind)
        except Malformed as error:
            raise self._not_as_documented(what, error) from None

    def _not_as_documented(self, what: str, why: object) -> VenueError:
        return VenueError(f"{self._network.venue} {what}: not as documented: {why}")
