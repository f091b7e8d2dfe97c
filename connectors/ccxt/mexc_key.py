"""Hold the key of an account's stream at MEXC: it lives for an hour, and an account has sixty.

A stream whose key has ended brings nothing more and stays open, so the key is renewed long before.
"""

import asyncio
from collections.abc import Mapping

from connectors.calls import Lost
from connectors.ccxt.answers import Told
from connectors.ccxt.library import Exchange
from connectors.model.errors import VenueError

RENEWED_S = 1500.0
"""The venue recommends thirty minutes."""
CLOSED_WITHIN_S = 1.0


class ListenKey:
    """The key of one connection at a time."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange
        self._key: str | None = None

    async def fresh(self) -> str:
        """Return a new key, and give back one that could not be before.

        Raises Told, Lost or VenueError.
        """
        await self.close()
        said: Mapping[str, object] = await self._exchange.spotPrivatePostUserDataStream()
        if not isinstance(said, dict) or not isinstance(said.get("listenKey"), str):
            raise VenueError(f"listen key: not as documented: {str(said)[:120]}")
        self._key = str(said["listenKey"])
        return self._key

    async def renewed(self) -> None:
        """Wait, and prolong the key's life. Raises Told or Lost: the connection is replaced."""
        await asyncio.sleep(RENEWED_S)
        if self._key is not None:
            await self._exchange.spotPrivatePutUserDataStream({"listenKey": self._key})

    async def close(self) -> None:
        """Give the key back, if that takes no time; otherwise before the next one."""
        if self._key is None:
            return
        try:
            async with asyncio.timeout(CLOSED_WITHIN_S):
                await self._exchange.spotPrivateDeleteUserDataStream({"listenKey": self._key})
        except (Lost, VenueError, TimeoutError):
            return
        except Told:
            # It has ended already.
            pass
        self._key = None
