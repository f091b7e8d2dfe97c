"""Keep the subscriptions of one stream: ask through ccxt, see that data comes, and begin anew.

What ccxt's watch calls return is not read: the tap has taken it before. They only ask, and end with
an error when the stream does; then everything of it is dropped, whatever ccxt remembers of it.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Protocol

from connectors.ccxt.library import Exchange
from connectors.ccxt.network import Network
from connectors.model.errors import Plan, VenueError

Watch = Callable[[], Awaitable[Any]]
CLOSE_WITHIN_S = 1.0
MALFORMED_PER_MINUTE = 10


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a stream may be silent, and how it is replaced."""

    max_silence_s: float | None
    confirm_within_s: float = 10.0
    first_s: float = 0.5
    most_s: float = 30.0


class Feed(Protocol):
    """What hears how a stream is."""

    def on_whole(self) -> None:
        """Hear that every channel has spoken."""

    def on_down(self, why: str) -> None:
        """Hear that nothing is known from here on."""


class Keeper:
    """One stream. `url` is where ccxt opens it, empty where all that it opens are one; `watches`
    are the calls that ask for its channels."""

    def __init__(
        self,
        exchange: Exchange,
        network: Network,
        url: str,
        watches: Sequence[Watch],
        channels: Iterable[str],
        feed: Feed,
        patience: Patience,
    ) -> None:
        self._exchange = exchange
        self._network = network
        self.url = url
        self._watches = tuple(watches)
        self._channels = frozenset(channels)
        self._feed = feed
        self._patience = patience
        self._missing: set[str] = set()
        self._is_told = False
        self._heard_s = 0.0
        self._dropped_s: list[float] = []
        self._broken: asyncio.Future[str] | None = None

    @property
    def is_whole(self) -> bool:
        """Tell whether every channel has spoken since the stream was opened."""
        return self._is_told

    def hear(self, channel: str = "") -> None:
        """Note data, and the first of a channel."""
        self._heard_s = asyncio.get_running_loop().time()
        self._missing.discard(channel)
        if not self._missing and not self._is_told and self._broken is not None:
            self._is_told = True
            self._feed.on_whole()

    def drop(self, why: str) -> None:
        """Count a message that could not be read; too many break the stream."""
        now_s = asyncio.get_running_loop().time()
        self._dropped_s = [at_s for at_s in self._dropped_s if at_s > now_s - 60.0] + [now_s]
        if len(self._dropped_s) > MALFORMED_PER_MINUTE:
            self.break_off(f"{len(self._dropped_s)} messages in a minute make no sense, as: {why}")

    def break_if_deaf(self, since_s: float, why: str) -> None:
        """End the connection unless something has come over it since a moment of the loop."""
        if self._heard_s <= since_s:
            self.break_off(why)

    def break_off(self, why: str) -> None:
        """End the connection; the next one follows."""
        if self._broken is not None and not self._broken.done():
            self._broken.set_result(why)

    def topics_of(self, request_id: object) -> list[str]:
        """Return the topics that a request of ccxt's has asked for; ours are named by theirs."""
        line = self._exchange.lines.get(self.url)
        asked = [] if line is None else line.subscriptions.values()
        found = (s for s in asked if isinstance(s, dict) and str(s.get("id")) == str(request_id))
        return next((list(s.get("topics", ())) for s in found), [str(request_id)])

    async def send(self, message: Any) -> None:
        """Send a frame, where there is a connection for it."""
        with suppress(ConnectionError):
            await self.send_once(message)

    async def send_once(self, message: Any) -> None:
        """Send a frame; raise ConnectionError where nothing of it has left."""
        line = self._exchange.lines.get(self.url)
        if line is None:
            raise ConnectionError("not connected")
        await line.send(message)

    async def run(self) -> None:
        """Keep the stream until cancelled. Raises VenueError where waiting will not help, and
        whatever is our own fault."""
        failures = 0
        while True:
            opened_s = asyncio.get_running_loop().time()
            try:
                why = await self._serve()
            finally:
                await self._hang_up()
            self._feed.on_down(why)
            is_stable = asyncio.get_running_loop().time() - opened_s > 60.0
            failures = 0 if is_stable else failures + 1
            limit_s = min(self._patience.most_s, self._patience.first_s * 2.0 ** min(failures, 16))
            await asyncio.sleep(self._network.rng.uniform(0.0, limit_s))

    async def _serve(self) -> str:
        """Serve one connection to its end; return why it ended."""
        loop = asyncio.get_running_loop()
        self._missing, self._is_told = set(self._channels), False
        self._dropped_s, self._heard_s = [], loop.time()
        broken = self._broken = loop.create_future()
        tasks = [asyncio.ensure_future(self._ask(watch)) for watch in self._watches]
        tasks.append(asyncio.ensure_future(self._look()))
        try:
            ends: list[asyncio.Future[Any]] = [*tasks, broken]
            await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
            return broken.result() if broken.done() else self._reason(tasks)
        finally:
            self._broken = None
            self._is_told = False
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _ask(self, watch: Watch) -> str:
        """Ask for channels until the stream ends."""
        while True:
            await watch()
            await asyncio.sleep(0)

    async def _look(self) -> str:
        """Return why the stream is of no more use, once it is."""
        loop = asyncio.get_running_loop()
        within_s, silence_s = self._patience.confirm_within_s, self._patience.max_silence_s
        await asyncio.sleep(within_s)
        if self._missing:
            return f"no word of {', '.join(sorted(self._missing))} within {within_s:g} s"
        while silence_s is not None:
            left_s = self._heard_s + silence_s - loop.time()
            if left_s <= 1e-6:
                return f"no data for {silence_s:g} s"
            await asyncio.sleep(left_s)
        await asyncio.Event().wait()
        return ""

    def _reason(self, tasks: "list[asyncio.Task[str]]") -> str:
        """Return why the first task ended, or raise what a person has to mend."""
        fault = next((line.fault for line in self._lines() if line.fault is not None), None)
        if fault is not None:
            raise fault
        first = next(task for task in tasks if task.done())
        if first.cancelled():
            return "ccxt gave up the stream"
        error = first.exception()
        if error is None:
            return first.result()
        if isinstance(error, VenueError) and error.plan is Plan.HALT:
            raise error
        return f"{type(error).__name__} {str(error)[:200]}"

    async def _hang_up(self) -> None:
        """Drop the connection, and all that ccxt remembers of it."""
        for line in self._lines():
            self._exchange.clients.pop(line.url, None)
            self._exchange.lines.pop(line.url, None)
            with suppress(TimeoutError, ConnectionError):
                async with asyncio.timeout(CLOSE_WITHIN_S):
                    await line.close()

    def _lines(self) -> list[Any]:
        lines = self._exchange.lines
        found = lines.values() if not self.url else [lines.get(self.url)]
        return [line for line in found if line is not None]
