"""Serve the stand-in on loopback from a thread: for runs that open real sockets of their own."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from runner.engine.clock import SystemClock
from tests.venues.common.loopback import Doors
from tests.venues.lighter.venue import Setup, Venue


@contextmanager
def served(setup: Setup) -> Iterator[int]:
    """Serve a stand-in while in the context; give its port."""
    doors = _Open(setup)
    doors.thread.start()
    try:
        doors.is_open.wait(10)
        yield doors.port
    finally:
        doors.loop.call_soon_threadsafe(doors.shut.set)
        doors.thread.join(10)


class _Open:
    def __init__(self, setup: Setup) -> None:
        self.loop = asyncio.new_event_loop()
        self.shut = asyncio.Event()
        self.is_open = threading.Event()
        self.port = 0
        self.thread = threading.Thread(target=self._run, args=(setup,))

    def _run(self, setup: Setup) -> None:
        with asyncio.Runner(loop_factory=lambda: self.loop) as runner:
            runner.run(self._serve(setup))

    async def _serve(self, setup: Setup) -> None:
        clock = SystemClock()
        venue = Venue(setup, clock.now_ns())
        async with Doors(venue, clock.now_ns).opened() as port:
            self.port = port
            self.is_open.set()
            await self.shut.wait()
