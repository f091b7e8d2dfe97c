"""Read a venue's public REST: its JSON, or an error that says what it proves."""

from collections.abc import Awaitable, Callable, Mapping
from types import MappingProxyType
from typing import Any, Protocol, TypeVar
from urllib.parse import urlencode

import msgspec

from connectors.calls import Request
from connectors.ccxt.answers import INVALID, RATE, UNKNOWN, Answer, Told
from connectors.ccxt.network import Network
from connectors.ccxt.no_account import NoAccount
from connectors.ccxt.reading import Reader
from connectors.ccxt.words import Book, Rates
from connectors.socket import Malformed

T = TypeVar("T")
TOO_FAST = (403, 418, 429)
"""Statuses of who has asked too much from one address."""
Headers = Mapping[str, str]
NO_HEADERS: Headers = MappingProxyType({})
WRONG = 400
OURS = 500
"""From here on a status is the venue's own fault, and passes."""


class PublicRest(Protocol):
    """What one venue is asked without an account. All of it raises Told, Lost or Malformed."""

    async def markets(self) -> list[Mapping[str, Any]]:
        """Return every market in ccxt's words."""

    async def touch(self, symbol: str) -> tuple[str, str]:
        """Return the best bid and ask, empty where a side is."""

    async def rates(self, symbol: str) -> Rates:
        """Return marks and funding."""


class BookRest(Protocol):
    """What a venue is asked besides, whose streams bring no snapshots."""

    async def book(self, symbol: str) -> Book:
        """Return a book as it stood at its number."""


class IntervalRest(Protocol):
    """And one whose streams do not tell how often markets pay."""

    async def intervals(self) -> Mapping[str, int]:
        """Return the hours between payments by symbol, of markets with others than usual."""


class FundingRest(Protocol):
    """What a venue is asked besides, whose streams do not tell when funding is paid."""

    async def fundings(self) -> Mapping[str, Rates]:
        """Return what each market announces, by symbol."""


class Rest:
    """Requests to one address, each with the same headers."""

    def __init__(self, network: Network, url: str, headers: Headers = NO_HEADERS) -> None:
        self._network = network
        self._url = url
        self._headers = headers

    async def get(self, path: str, kind: type[T], **query: str | int) -> T:
        """Return an answer. Raises Told where the venue refuses, Lost where nothing is known, and
        Malformed for what is not of the kind."""
        words = f"?{urlencode(query)}" if query else ""
        return await self._asked("GET", f"{path}{words}", kind)

    async def post(self, path: str, kind: type[T]) -> T:
        """Return the answer to a request that changes nothing; raises what `get` does."""
        return await self._asked("POST", path, kind)

    async def _asked(self, method: str, path: str, kind: type[T]) -> T:
        request = Request(method, f"{self._url}{path}", self._headers)
        status, said = await self._network.carry(request)
        return answered(status, said, kind, path)


class NativeReads(NoAccount):
    """A venue's reads: what is public is asked again until it is answered, the rest raises."""

    def __init__(self, network: Network, rest: PublicRest) -> None:
        super().__init__(network)
        self._rest = rest
        self._reader = Reader(network, self.set_clock)

    async def markets(self) -> list[Mapping[str, Any]]:
        """Return every market in ccxt's words, or raise VenueError."""
        return await self._ask("markets", self._rest.markets)

    async def touch(self, symbol: str) -> tuple[str, str]:
        """Return the best bid and ask, or raise VenueError."""
        return await self._ask("book", lambda: self._rest.touch(symbol))

    async def rates(self, symbol: str) -> Rates:
        """Return marks and funding, or raise VenueError."""
        return await self._ask("funding", lambda: self._rest.rates(symbol))

    async def book(self, rest: BookRest, symbol: str) -> Book:
        """Return a snapshot, or raise VenueError."""
        return await self._ask("book", lambda: rest.book(symbol))

    async def intervals(self, rest: IntervalRest) -> Mapping[str, int]:
        """Return hours between payments by symbol, or raise VenueError."""
        return await self._ask("funding", rest.intervals)

    async def fundings(self, rest: FundingRest) -> Mapping[str, Rates]:
        """Return what markets announce of funding, or raise VenueError."""
        return await self._ask("funding", rest.fundings)

    async def _ask(self, what: str, read: Callable[[], Awaitable[T]]) -> T:
        return await self._reader.ask(what, read)


def answered(status: int, said: object, kind: type[T], what: str) -> T:
    """Return an answer as a kind of struct; raise Told for a refusal, or Malformed."""
    if status >= WRONG:
        raise Told(str(status), words_of(said)[:200], status, refusal_of(status))
    return converted(said, kind, what)


def refusal_of(status: int) -> Answer:
    """Return what a status of 400 or more means, where nothing else is known."""
    return RATE if status in TOO_FAST else INVALID if status < OURS else UNKNOWN


def words_of(said: object) -> str:
    """Return an answer as text."""
    return said if isinstance(said, str) else msgspec.json.encode(said).decode()


def converted(said: object, kind: type[T], what: str) -> T:
    """Return JSON as a kind of struct, or raise Malformed."""
    try:
        return msgspec.convert(said, kind, strict=False)
    except (msgspec.ValidationError, RecursionError) as error:
        raise Malformed(f"{what}: {error}") from None
