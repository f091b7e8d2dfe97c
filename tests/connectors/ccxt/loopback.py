"""Serve Bybit's stand-in on loopback from a thread: for runs that open sockets of their own."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from runner.engine.clock import SystemClock
from tests.venues.bybit.client import keys
from tests.venues.bybit.keys import UID
from tests.venues.bybit.sessions import STREAMS
from tests.venues.bybit.venue import Setup, Venue
from tests.venues.common.loopback import Doors


@contextmanager
def served(setup: Setup) -> Iterator[int]:
    """Serve a stand-in while in the context; give its port."""
    loop, is_open = asyncio.new_event_loop(), threading.Event()
    shut, found = asyncio.Event(), [0]

    async def serve() -> None:
        clock = SystemClock()
        venue = Venue(setup, clock.now_ns())
        venue.open_account(UID, keys())
        async with Doors(venue, clock.now_ns, STREAMS).opened() as port:
            found[0] = port
            is_open.set()
            await shut.wait()

    def run() -> None:
        with asyncio.Runner(loop_factory=lambda: loop) as runner:
            runner.run(serve())

    thread = threading.Thread(target=run)
    thread.start()
    try:
        is_open.wait(10)
        yield found[0]
    finally:
        loop.call_soon_threadsafe(shut.set)
        thread.join(10)
