"""Serve a stand-in on loopback from a thread: for runs that open sockets of their own."""

import asyncio
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from runner.engine.clock import SystemClock
from tests.venues.bybit.client import keys
from tests.venues.bybit.keys import UID
from tests.venues.bybit.sessions import STREAMS
from tests.venues.bybit.venue import Setup, Venue
from tests.venues.common.loopback import Behind, Doors


@contextmanager
def served(setup: Setup) -> Iterator[int]:
    """Serve a stand-in of Bybit while in the context; give its port."""

    def made(now_ns: int) -> Venue:
        venue = Venue(setup, now_ns)
        venue.open_account(UID, keys())
        return venue

    with served_by(made, STREAMS) as port:
        yield port


@contextmanager
def served_by(made: Callable[[int], Behind[Any]], streams: Sequence[str]) -> Iterator[int]:
    """Serve the venue that is made for a moment; give its port."""
    loop, is_open = asyncio.new_event_loop(), threading.Event()
    shut, found = asyncio.Event(), [0]

    async def serve() -> None:
        clock = SystemClock()
        venue = made(clock.now_ns())
        async with Doors(venue, clock.now_ns, streams).opened() as port:
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
