"""Read the snapshots of books whose streams have changes alone, some at a time."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial

from connectors.ccxt.native.joining import JoiningFeed
from connectors.ccxt.network import Network
from connectors.ccxt.words import Book

AT_ONCE = 4


class Snapshots:
    """What a joining feed asks. `run` it beside the stream."""

    feed: JoiningFeed

    def __init__(self, network: Network, read: Callable[[str], Awaitable[Book]]) -> None:
        self._network = network
        self._read = read
        self._due: asyncio.Queue[str] = asyncio.Queue()

    def ask(self, symbol: str) -> None:
        """Have a snapshot read as soon as may be."""
        self._due.put_nowait(symbol)

    async def run(self) -> None:
        """Read what is asked for until cancelled. Raises VenueError where waiting will not help."""
        async with asyncio.TaskGroup() as tasks:
            for _ in range(AT_ONCE):
                tasks.create_task(self._work(), name="snapshots")

    async def _work(self) -> None:
        while True:
            read = partial(self._read, await self._due.get())
            self.feed.take_snapshot(await self._network.until_answered(read))
