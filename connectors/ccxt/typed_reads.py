"""Ask a venue through ccxt's own methods, and convert what it says: as documented or VenueError."""

from collections.abc import Mapping
from typing import Any, TypeVar

import msgspec

from connectors.ccxt.library import Exchange
from connectors.ccxt.network import Network
from connectors.ccxt.reading import Reader
from connectors.model.errors import VenueError

T = TypeVar("T")


class TypedReads:
    """What the reads of a venue stand on that gives plain lists and objects."""

    def __init__(self, exchange: Exchange, network: Network) -> None:
        self._exchange = exchange
        self._network = network
        self._reader = Reader(network, self.set_clock)

    async def set_clock(self) -> None:
        """Learn how far the venue's clock is from ours."""
        raise NotImplementedError

    async def ask_clock(self) -> None:
        """Learn the venue's time, or raise VenueError."""
        await self._reader.ask("time", self.set_clock)

    async def markets(self) -> list[Mapping[str, Any]]:
        """Return every market in ccxt's words."""
        await self.ask_clock()
        ask = self._exchange.load_markets
        return list((await self._reader.ask("markets", lambda: ask(True))).values())

    async def _typed(
        self, what: str, method: str, asked: Mapping[str, Any], kind: type[T]
    ) -> list[T]:
        return self._as(await self._said(what, method, asked), what, kind)

    def _as(self, said: Any, what: str, kind: type[T]) -> list[T]:
        try:
            return msgspec.convert(said, list[kind], strict=False)  # type: ignore[valid-type]
        except (msgspec.ValidationError, RecursionError) as error:
            raise self._not_as_documented(what, error) from None

    def _one(self, what: str, said: Any, kind: type[T]) -> T:
        try:
            return msgspec.convert(said, kind, strict=False)
        except (msgspec.ValidationError, RecursionError) as error:
            raise self._not_as_documented(what, error) from None

    async def _rows(
        self, what: str, method: str, asked: Mapping[str, Any]
    ) -> list[Mapping[str, Any]]:
        said = await self._said(what, method, asked)
        if not isinstance(said, list) or not all(isinstance(row, dict) for row in said):
            raise self._not_as_documented(what, str(said)[:120])
        return said

    async def _ask(self, what: str, method: str, asked: Mapping[str, Any]) -> Mapping[str, Any]:
        said = await self._said(what, method, asked)
        if not isinstance(said, dict):
            raise self._not_as_documented(what, str(said)[:120])
        return said

    async def _said(self, what: str, method: str, asked: Mapping[str, Any]) -> Any:
        return await self._reader.ask(what, lambda: getattr(self._exchange, method)(dict(asked)))

    def _not_as_documented(self, what: str, why: object) -> VenueError:
        return VenueError(f"{self._network.venue} {what}: not as documented: {why}")
