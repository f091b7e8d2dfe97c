"""Be one process's way to the stand-in: pulled, nothing leaves and nothing arrives any more."""

import asyncio

from connectors.calls import Reply, Request
from tests.venues.common.memory import Wire, Within


class Plug:
    """A sender and a transport that end with their process."""

    def __init__(self, way: Within) -> None:
        self._way = way
        self._wires: list[Wire] = []
        self._is_pulled = False

    def pull(self) -> None:
        """End every connection of this process, as the system does when it dies."""
        self._is_pulled = True
        for wire in self._wires:
            wire.hang_up()

    async def send(self, request: Request) -> Reply:
        """Carry a request, unless pulled."""
        if self._is_pulled:
            await asyncio.Event().wait()
        return await self._way.send(request)

    async def connect(self, url: str) -> Wire:
        """Open a stream, unless pulled."""
        if self._is_pulled:
            await asyncio.Event().wait()
        wire = await self._way.connect(url)
        self._wires.append(wire)
        return wire

    async def close(self) -> None:
        """Keep nothing open: requests pass in memory."""
