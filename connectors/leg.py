"""Serve one connection of a stream: subscribe, listen, keep alive, and say why it ended.

Up is not whole: a connection is whole once each subscription has sent its first data. Answering is
not alive: data that stops while pongs flow breaks it too. `connectors.stream` connects again.
"""

import asyncio
from collections import deque
from collections.abc import Iterable, Sequence
from typing import Any

from connectors.pacing import Clock, Kind, Pacer
from connectors.socket import Broken, Closed, Connection, Feed, Limits, Malformed, Subscription

CLOSE_WITHIN_S = 1.0
MOST_PAUSE_S = 300.0
DUST_S = 1e-6
"""What a float's rounding may take from a deadline."""


class Leg:
    """One connection. A leg that is not live holds its frames back until it takes over."""

    def __init__(
        self,
        connection: Connection,
        subscriptions: Sequence[Subscription],
        feed: Feed,
        messages: Pacer,
        clock: Clock,
        limits: Limits,
        is_live: bool,
    ) -> None:
        self._connection = connection
        self._subscriptions = {s.channel: s for s in subscriptions}
        self._feed = feed
        self._messages = messages
        self._clock = clock
        self._limits = limits
        self._is_muted = False
        self._is_told = False
        self._held: list[bytes] | None = None if is_live else []
        self._held_bytes = 0
        self._batches = 0
        self._dropped_s: deque[float] = deque()
        self._unanswered: set[str] = set()
        self._due: list[Subscription] = []
        self._asked_again = asyncio.Event()
        self._loop = asyncio.get_running_loop()
        self._data_s = self._loop.time()
        self._broken: asyncio.Future[str] = self._loop.create_future()
        self.opened_s = self._loop.time()
        self.missing = set(self._subscriptions)
        self.whole = asyncio.Event()
        self.ended = asyncio.create_task(self._run(), name="connection")
        """Returns why the connection is of no more use; raises faults of our own."""

    def take_over(self) -> None:
        """Deliver what was held back, as one batch of this moment, and go on live."""
        held, self._held = self._held or [], None
        self._feed.on_connected()
        try:
            self._deliver(held)
        except Broken as error:
            self._break(str(error))

    def mute(self) -> None:
        """Deliver nothing more: another connection has taken over."""
        self._is_muted = True

    def drop(self, why: str) -> None:
        """Count a frame that could not be read."""
        now_s = self._loop.time()
        self._dropped_s.append(now_s)
        while self._dropped_s[0] <= now_s - 60.0:
            self._dropped_s.popleft()
        if len(self._dropped_s) > self._limits.malformed_per_minute:
            self._break(f"{len(self._dropped_s)} frames in a minute make no sense, as: {why}")

    def ask_again(self, channel: str) -> None:
        """Leave a channel and ask for it again. Where that is under way it is not repeated."""
        if channel not in self.missing:
            self.missing.add(channel)
            self._due.append(self._subscriptions[channel])
            self._asked_again.set()

    def send(self, frame: bytes) -> None:
        """Send a frame. Raises Closed where nothing of it has left."""
        self._connection.send(frame)

    def fault(self) -> BaseException | None:
        """Return what of our own making has ended it, if anything has."""
        is_over = self.ended.done() and not self.ended.cancelled()
        return self.ended.exception() if is_over else None

    async def stop(self) -> None:
        """End, and let go of the socket within a second."""
        self.mute()
        self.ended.cancel()
        await asyncio.wait((self.ended,))
        try:
            async with asyncio.timeout(CLOSE_WITHIN_S):
                await self._connection.close()
        except (TimeoutError, Closed):
            return

    async def _run(self) -> str:
        work = [self._receive(), self._subscribe(), self._watch(), self._heartbeat()]
        tasks = [asyncio.create_task(each) for each in work]
        try:
            ends: list[asyncio.Future[Any]] = [*tasks, self._broken]
            await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
            return self._broken.result() if self._broken.done() else _reason(tasks)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            for channel in tuple(self._unanswered):
                self._answered(channel)

    def _break(self, reason: str) -> None:
        if not self._broken.done():
            self._broken.set_result(reason)

    async def _receive(self) -> None:
        self._tell_when_whole()
        while True:
            frames = await self._connection.receive()
            self._batches += 1
            if self._is_muted:
                continue
            if self.missing:
                self._confirm(frames)
            if self._held is None:
                self._deliver(frames)
            else:
                self._hold(frames)
            self._tell_when_whole()

    def _confirm(self, frames: list[bytes]) -> None:
        """Note which channels have sent their first data; the feed counts what makes no sense."""
        for frame in frames:
            try:
                channel = self._feed.channel_of(frame)
            except Malformed:
                continue
            if channel is not None:
                self.missing.discard(channel)
                self._answered(channel)

    def _deliver(self, frames: list[bytes]) -> None:
        if len(frames) > self._limits.backlog_frames:
            self._feed.on_backlog(len(frames))
        try:
            has_data = self._feed.on_frames(frames, self._clock.now_ns())
        except Malformed as error:
            raise Broken(f"a batch was lost to a frame that makes no sense: {error}") from error
        if has_data:
            self._data_s = self._loop.time()

    def _hold(self, frames: list[bytes]) -> None:
        self._held_bytes += sum(map(len, frames))
        if self._held_bytes > self._limits.held_bytes:
            raise Broken(f"{self._held_bytes} bytes before it was whole")
        self._held = [*(self._held or []), *frames]
        self._data_s = self._loop.time()

    def _tell_when_whole(self) -> None:
        if self.missing:
            return
        self.whole.set()
        if self._held is None and not self._is_told:
            self._is_told = True
            self._feed.on_whole()

    async def _subscribe(self) -> None:
        """Ask for every channel, then for those that stay silent, ever more slowly."""
        await self._ask(self._subscriptions.values())
        pause_s = self._limits.confirm_within_s
        while True:
            due = await self._due_within(pause_s)
            if due:
                await self._ask(due, again=True)
            elif not self.missing:
                pause_s = self._limits.confirm_within_s
            elif len(self.missing) == len(self._subscriptions):
                raise Broken(f"no subscription brought data within {pause_s:g} s")
            else:
                silent = [s for s in self._subscriptions.values() if s.channel in self.missing]
                await self._ask(silent, again=True)
                pause_s = min(2.0 * pause_s, MOST_PAUSE_S)

    async def _due_within(self, pause_s: float) -> list[Subscription]:
        """Wait until a channel is to be asked for again, at most `pause_s`."""
        try:
            async with asyncio.timeout(pause_s):
                await self._asked_again.wait()
        except TimeoutError:
            return []
        self._asked_again.clear()
        due, self._due = self._due, []
        return due

    async def _ask(self, due: Iterable[Subscription], again: bool = False) -> None:
        """Ask for channels in the budget. Each keeps its place in flight until its first data, or
        for as long as that may take."""
        for subscription in due:
            if again and subscription.leave is not None:
                await self._say(subscription.leave(), Kind.READ)
                self._messages.release()
            await self._say(subscription.ask(), Kind.READ)
            channel = subscription.channel
            if channel in self._unanswered:
                self._messages.release()
            self._unanswered.add(channel)
            self._loop.call_later(self._limits.confirm_within_s, self._answered, channel)

    async def _say(self, frame: bytes, kind: Kind) -> None:
        """Send in the budget; its place in flight is the caller's to give back."""
        await self._messages.turn(1, kind, self._clock)
        try:
            self._connection.send(frame)
        except BaseException:
            # Whatever it was: nothing left, so its place is free. It goes on.
            self._messages.release()
            raise

    def _answered(self, channel: str) -> None:
        """Give back the place in flight that asking for a channel took."""
        if channel in self._unanswered:
            self._unanswered.remove(channel)
            self._messages.release()

    async def _watch(self) -> None:
        """Break the connection when its data is too old, whatever else still comes."""
        limit_s = self._limits.max_silence_s
        if limit_s is None:
            await asyncio.Event().wait()
            return
        while True:
            left_s = self._data_s + limit_s - self._loop.time()
            if left_s <= DUST_S:
                raise Broken(f"no data for {limit_s:g} s")
            await asyncio.sleep(left_s)

    async def _heartbeat(self) -> None:
        """Ask for a sign of life and break the connection when none comes."""
        limits, due_s = self._limits, self._loop.time()
        while limits.ping_every_s is not None:
            due_s += limits.ping_every_s
            await asyncio.sleep(due_s - self._loop.time())
            heard = self._batches
            if limits.ping_frame is not None:
                await self._say(limits.ping_frame, Kind.REDUCE)
                self._messages.release()
                await asyncio.sleep(limits.pong_within_s)
            else:
                heard -= await self._pong()
            if self._batches == heard:
                raise Broken(f"no answer to our ping within {limits.pong_within_s:g} s")
        await asyncio.Event().wait()

    async def _pong(self) -> bool:
        try:
            async with asyncio.timeout(self._limits.pong_within_s):
                await self._connection.ping()
        except TimeoutError:
            return False
        return True


def _reason(tasks: "list[asyncio.Task[None]]") -> str:
    """Return why the first task that ended did so; raise what is our own fault."""
    for task in tasks:
        error = task.exception() if task.done() else None
        if isinstance(error, (Broken, Closed)):
            return str(error)
        if error is not None:
            raise error
    raise RuntimeError("a connection's task ended by itself")
