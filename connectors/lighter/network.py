"""Hold what streams and reads of one network share."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Protocol, TypeVar

from connectors.lighter.budgets import Budgets
from connectors.lighter.rest import Rest
from connectors.lighter.terms import PONG, Terms
from connectors.pacing import Clock, Kind
from connectors.patiently import until_answered
from connectors.socket import Closed, Feed, Subscription, Transport
from connectors.stream import Stream

T = TypeVar("T")

SILENCE_NS = 10_000_000_000
"""How long nothing is sent after the venue has said that we are too fast."""


class Warn(Protocol):
    """Tell a person, in the log."""

    def __call__(self, now_ns: int, market: str, text: str) -> None: ...


@dataclass(frozen=True, slots=True)
class Network:
    """One network: where it is, what it counts, and what carries our bytes."""

    terms: Terms
    budgets: Budgets
    rest: Rest
    transport: Transport
    clock: Clock
    rng: random.Random
    warn: Warn
    hang_up: Callable[[], Awaitable[None]]
    """Close the connections of reads; another read opens anew."""

    def stream(self, url: str, subscriptions: list[Subscription], feed: Feed) -> Stream:
        """Return a stream that is not running yet."""
        return Stream(
            lambda: url,
            subscriptions,
            feed,
            self.transport,
            self.budgets.doors,
            self.budgets.messages,
            self.clock,
            self.rng,
            self.terms.limits(),
            self.terms.reconnect(),
        )

    def say(self, market: str, text: str) -> None:
        """Tell a person."""
        self.warn(self.clock.now_ns(), market, f"lighter: {text.removeprefix('lighter ')}")

    async def until_answered(self, ask: Callable[[], Awaitable[T]]) -> T:
        """Ask until there is an answer; raise VenueError where waiting will not help."""
        return await until_answered(ask, partial(self.say, ""))

    def slow_down(self) -> None:
        """Send nothing for a while."""
        self.budgets.messages.silence(self.clock.now_ns() + SILENCE_NS)

    async def answer_pings(self, pinged: asyncio.Event, stream: Stream) -> None:
        """Give the sign of life whenever the venue asks for it."""
        while True:
            await pinged.wait()
            pinged.clear()
            await self.budgets.messages.turn(1, Kind.REDUCE, self.clock)
            self.budgets.messages.release()
            with suppress(Closed):
                stream.send(PONG)
