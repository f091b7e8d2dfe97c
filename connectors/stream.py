"""Keep a stream to a venue alive: connect again after a loss, and before a loss that is known.

Connections are counted in a budget that all streams of a venue share, with jitter in between, so a
venue that restarts is not stormed. A planned change opens the next connection first; it takes over
once it is whole, and what it had received by then is delivered with nothing lost in between.
"""

import asyncio
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from connectors.leg import Leg
from connectors.pacing import Clock, Kind, Pacer
from connectors.socket import CannotConnect, Closed, Feed, Limits, Subscription, Transport

CLOSED_BY_US = "closed by us"
"""Why a stream is down once it is cancelled or closed."""


@dataclass(frozen=True, slots=True)
class Reconnect:
    """How a lost connection is replaced: full jitter under a limit that doubles to `most_s`."""

    first_s: float = 0.5
    most_s: float = 30.0
    connect_within_s: float = 10.0
    whole_within_s: float = 30.0
    stable_after_s: float = 60.0
    max_age_s: float = 23 * 3600.0
    """When a connection is replaced by plan, before the venue ends it."""


class Stream:
    """A supervised connection. `run` it as a task; end it by cancelling that, or with `close`."""

    def __init__(
        self,
        url: Callable[[], str],
        subscriptions: Sequence[Subscription],
        feed: Feed,
        transport: Transport,
        doors: Pacer,
        messages: Pacer,
        clock: Clock,
        rng: random.Random,
        limits: Limits,
        reconnect: Reconnect,
    ) -> None:
        """`doors` counts new connections and `messages` what we send; the streams of a venue share
        both. `url` and the subscriptions' messages are made for each connection: to renew a token
        before it expires, call `replace_soon`."""
        self._url = url
        self._subscriptions = tuple(subscriptions)
        self._feed = feed
        self._transport = transport
        self._doors = doors
        self._messages = messages
        self._clock = clock
        self._rng = rng
        self._limits = limits
        self._reconnect = reconnect
        self._failures = 0
        self._leg: Leg | None = None
        self._replace = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    @property
    def is_whole(self) -> bool:
        """Whether every subscription of the present connection has sent its first data."""
        return self._leg is not None and not self._leg.missing

    @property
    def missing(self) -> frozenset[str]:
        """The channels that have sent nothing yet."""
        if self._leg is None:
            return frozenset(s.channel for s in self._subscriptions)
        return frozenset(self._leg.missing)

    def replace_soon(self) -> None:
        """Open the next connection now and close this one then: the venue said that it will."""
        self._replace.set()

    def drop(self, why: str) -> None:
        """Count a frame that the feed could not read; too many in a minute break the connection."""
        if self._leg is not None:
            self._leg.drop(why)

    def resubscribe(self, channel: str) -> None:
        """Ask for a channel again, from its snapshot on: its sequence has a hole."""
        if self._leg is not None:
            self._leg.ask_again(channel)

    def send(self, frame: bytes) -> None:
        """Send a frame whose budget was taken. Raises Closed where nothing of it has left."""
        if self._leg is None:
            raise Closed(0, "not connected")
        self._leg.send(frame)

    async def run(self) -> None:
        """Keep the stream until cancelled. Raises only what is our own fault."""
        self._task = asyncio.current_task()
        try:
            while True:
                self._leg = await self._connected()
                while self._leg is not None:
                    self._leg = await self._served(self._leg)
        finally:
            if self._leg is not None:
                leg, self._leg = self._leg, None
                self._feed.on_down(CLOSED_BY_US)
                await leg.stop()

    async def close(self) -> None:
        """End `run` and its connections, promptly."""
        task, self._task = self._task, None
        if task is not None and not task.done():
            task.cancel()
            await asyncio.wait((task,))

    async def _connected(self) -> Leg:
        """Return a live connection, however long that takes."""
        while True:
            try:
                return await self._open(is_live=True)
            except CannotConnect as error:
                self._feed.on_down(f"no connection: {error}")
                await asyncio.sleep(self._pause_s())

    async def _open(self, is_live: bool) -> Leg:
        """Open one connection in the budget, or raise CannotConnect."""
        await self._doors.turn(1, Kind.READ, self._clock)
        self._failures += 1
        try:
            async with asyncio.timeout(self._reconnect.connect_within_s):
                connection = await self._transport.connect(self._url())
        except TimeoutError:
            waited_s = self._reconnect.connect_within_s
            raise CannotConnect(f"no answer within {waited_s:g} s") from None
        except CannotConnect as error:
            self._doors.silence(self._clock.now_ns() + int(error.after_s * 1e9))
            raise
        finally:
            self._doors.release()
        if is_live:
            self._feed.on_connected()
        return Leg(
            connection,
            self._subscriptions,
            self._feed,
            self._messages,
            self._clock,
            self._limits,
            is_live,
        )

    async def _served(self, leg: Leg) -> Leg | None:
        """Serve a connection to its end; return the one that has taken over, if one has."""
        left_s = self._reconnect.max_age_s
        while await self._is_replaced_within(leg, left_s):
            successor = await self._successor(leg)
            if successor is not None:
                await self._change(leg, successor)
                return successor
            left_s = self._pause_s()
        await self._lose(leg)
        return None

    async def _change(self, leg: Leg, successor: Leg) -> None:
        """Let the successor take over; nothing of the old connection is delivered from then on."""
        self._leg = successor
        self._replace.clear()
        leg.mute()
        try:
            successor.take_over()
        finally:
            await leg.stop()

    async def _is_replaced_within(self, leg: Leg, left_s: float) -> bool:
        """Wait until the connection has ended (False) or is to be replaced (True)."""
        asked = asyncio.create_task(self._replace.wait())
        ends: list[asyncio.Future[Any]] = [leg.ended, asked]
        try:
            await asyncio.wait(ends, timeout=left_s, return_when=asyncio.FIRST_COMPLETED)
        finally:
            asked.cancel()
        self._replace.clear()
        return not leg.ended.done()

    async def _successor(self, leg: Leg) -> Leg | None:
        """Return a connection that is whole, unless `leg` ends before or none is to be had."""
        opening = asyncio.create_task(self._whole())
        ends: list[asyncio.Future[Any]] = [leg.ended, opening]
        try:
            await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        except asyncio.CancelledError:
            left = await _cancelled(opening)
            if left is not None:
                await left.stop()
            raise
        return await _cancelled(opening)

    async def _whole(self) -> Leg | None:
        """Open a connection and return it once it is whole, or None."""
        try:
            leg = await self._open(is_live=False)
        except CannotConnect:
            return None
        whole = asyncio.create_task(leg.whole.wait())
        within_s = self._reconnect.whole_within_s
        ends: list[asyncio.Future[Any]] = [leg.ended, whole]
        try:
            await asyncio.wait(ends, timeout=within_s, return_when=asyncio.FIRST_COMPLETED)
        except asyncio.CancelledError:
            await leg.stop()
            raise
        finally:
            whole.cancel()
        if leg.whole.is_set() and not leg.ended.done():
            self._failures = 0
            return leg
        await leg.stop()
        _raise(leg.fault())
        return None

    async def _lose(self, leg: Leg) -> None:
        """Tell the reason of an end, let go, and wait before the next connection."""
        self._leg = None
        fault = leg.fault()
        self._feed.on_down(leg.ended.result() if fault is None else f"fault: {fault!r}")
        await leg.stop()
        _raise(fault)
        if asyncio.get_running_loop().time() - leg.opened_s >= self._reconnect.stable_after_s:
            self._failures = 1
        await asyncio.sleep(self._pause_s())

    def _pause_s(self) -> float:
        """Return a wait with full jitter: uniform under a limit that doubles with each failure."""
        doubled = self._reconnect.first_s * 2.0 ** min(max(0, self._failures - 1), 16)
        return self._rng.uniform(0.0, min(self._reconnect.most_s, doubled))


def _raise(fault: BaseException | None) -> None:
    if fault is not None:
        raise fault


async def _cancelled(opening: "asyncio.Task[Leg | None]") -> Leg | None:
    """Cancel a task and return what it had made by then."""
    opening.cancel()
    await asyncio.wait((opening,))
    return None if opening.cancelled() else opening.result()
