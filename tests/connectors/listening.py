"""Make a stream with a feed that keeps all it hears, for tests of streams."""

import asyncio
import random
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import replace
from typing import Any

from connectors.pacing import Pacer, Rule, Scope
from connectors.socket import Limits, Malformed, Subscription
from connectors.stream import Reconnect, Stream
from tests import virtual
from tests.connectors.memory import Memory, Peer
from tests.virtual import VirtualClock

S = 1_000_000_000
LIMITS = Limits(max_silence_s=5.0, confirm_within_s=2.0)


class Ears:
    """A feed. Frames: `snap:X` and `data:X` of a channel, `pong`, `junk` that cannot be read."""

    def __init__(self) -> None:
        self.frames: list[bytes] = []
        self.batches: list[tuple[int, int]] = []
        self.told: list[str] = []
        self.backlogs: list[int] = []
        self.stream: Stream | None = None

    def channel_of(self, frame: bytes) -> str | None:
        """Return the channel of a snapshot."""
        kind, _, channel = frame.decode().partition(":")
        if kind == "junk":
            raise Malformed("junk")
        return channel if kind == "snap" else None

    def on_frames(self, frames: list[bytes], recv_ns: int) -> bool:
        """Keep what can be read."""
        self.batches.append((recv_ns, len(frames)))
        for frame in frames:
            if frame == b"junk":
                assert self.stream is not None
                self.stream.drop("junk")
            elif frame == b"poison":
                raise Malformed("poison")
            elif frame == b"bug":
                raise KeyError("bug")
            else:
                self.frames.append(frame)
        return any(frame.startswith((b"snap:", b"data:")) for frame in frames)

    def on_backlog(self, frames: int) -> None:
        """Keep the size."""
        self.backlogs.append(frames)

    def on_connected(self) -> None:
        """Note it."""
        self.told.append("connected")

    def on_whole(self) -> None:
        """Note it."""
        self.told.append("whole")

    def on_down(self, reason: str) -> None:
        """Note the reason."""
        self.told.append(reason)


def scope(limit: int = 1000, window_s: int = 60, in_flight: int | None = None) -> Scope:
    """Return a scope with one window and no reserve."""
    return Scope("test", [Rule(limit, window_s * S, 0)], in_flight)


def subscribe(*channels: str) -> list[Subscription]:
    """Return subscriptions whose messages are `ask:X` and `leave:X`."""
    return [Subscription(c, f"ask:{c}".encode, f"leave:{c}".encode) for c in channels]


async def snapshots(peer: Peer) -> None:
    """Serve: answer each subscription at once with a snapshot, and pings with pongs."""
    while True:
        words = (await peer.asked()).decode().split(":")
        if words[0] == "ask":
            peer.say(f"snap:{words[1]}".encode())
        elif words[0] == "ping":
            peer.say(b"pong")


async def steady(peer: Peer) -> None:
    """Serve: snapshots, then data of channel `a` each second, for ever."""
    task = asyncio.create_task(snapshots(peer))
    while peer.closed is None and not peer.was_closed_by_client:
        await asyncio.sleep(1)
        peer.say(b"data:a")
    task.cancel()


def listen(
    serve: Callable[[Peer], Coroutine[Any, Any, None]],
    for_s: float,
    channels: Sequence[str] = ("a",),
    limits: Limits = LIMITS,
    memory: Memory | None = None,
    doors: Pacer | None = None,
    messages: Pacer | None = None,
    act: Callable[[Stream, Memory], Coroutine[Any, Any, None]] | None = None,
    ears: Ears | None = None,
    **reconnect: float,
) -> tuple[Ears, Memory]:
    """Run a stream for a time, beside `act`; return what it heard and whom it spoke to."""
    heard = ears or Ears()
    spoken = memory or Memory(serve)
    settings = replace(Reconnect(), **reconnect)
    budgets = (doors or Pacer(scope()), messages or Pacer(scope()))

    async def main(clock: VirtualClock) -> None:
        stream = _stream(heard, spoken, channels, budgets, clock, limits, settings, 7)
        running = asyncio.create_task(stream.run())
        acting = asyncio.create_task(act(stream, spoken)) if act is not None else None
        try:
            await asyncio.wait((running,), timeout=for_s)
            if running.done() and not running.cancelled():
                running.result()
            if acting is not None:
                await acting
        finally:
            await stream.close()

    virtual.run(main, 0)
    return heard, spoken


def listen_all(
    ears: Sequence[Ears],
    memory: Memory,
    for_s: float,
    channels: Sequence[str],
    doors: Pacer,
    messages: Pacer,
) -> None:
    """Run a stream for each feed for a time, all in the same budgets."""

    async def main(clock: VirtualClock) -> None:
        streams = [
            _stream(each, memory, channels, (doors, messages), clock, LIMITS, Reconnect(), seed)
            for seed, each in enumerate(ears)
        ]
        running = [asyncio.create_task(stream.run()) for stream in streams]
        await asyncio.wait(running, timeout=for_s)
        assert not any(task.done() for task in running)
        for stream in streams:
            await stream.close()

    virtual.run(main, 0)


def _stream(
    ears: Ears,
    memory: Memory,
    channels: Sequence[str],
    budgets: tuple[Pacer, Pacer],
    clock: VirtualClock,
    limits: Limits,
    reconnect: Reconnect,
    seed: int,
) -> Stream:
    ears.stream = Stream(
        lambda: f"ws://venue/{len(memory.peers)}",
        subscribe(*channels),
        ears,
        memory,
        *budgets,
        clock,
        random.Random(seed),
        limits,
        reconnect,
    )
    return ears.stream
