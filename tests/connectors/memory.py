"""Carry frames between a stream and a scripted peer in memory, for tests on virtual time."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from connectors.socket import CannotConnect, Closed


class Peer:
    """The venue's side of one connection, and at once the client's `Connection`.

    It may send, close, fall silent (send nothing), or answer no ping (`pongs` False).
    """

    def __init__(self, url: str, number: int) -> None:
        self.url = url
        self.number = number
        self.heard: list[bytes] = []
        self.pongs = True
        self.closed: Closed | None = None
        self.was_closed_by_client = False
        self._inbox: asyncio.Queue[bytes] = asyncio.Queue()
        self._outbox: list[bytes] = []
        self._changed = asyncio.Event()

    def say(self, *frames: bytes) -> None:
        """Send frames to the client; all that is said before it looks arrives at once."""
        self._outbox.extend(frames)
        self._changed.set()

    def hang_up(self, code: int = 1006, reason: str = "") -> None:
        """End the connection."""
        self.closed = Closed(code, reason)
        self._changed.set()

    async def asked(self) -> bytes:
        """Wait for the client's next frame."""
        return await self._inbox.get()

    async def receive(self) -> list[bytes]:
        """Return all frames that were said (the client's side)."""
        while not self._outbox:
            if self.closed is not None:
                raise self.closed
            self._changed.clear()
            await self._changed.wait()
        frames, self._outbox = self._outbox, []
        return frames

    def send(self, frame: bytes) -> None:
        """Take a frame (the client's side)."""
        if self.closed is not None:
            raise self.closed
        self.heard.append(frame)
        self._inbox.put_nowait(frame)

    async def ping(self) -> None:
        """Answer, or leave the client waiting (the client's side)."""
        if not self.pongs:
            await asyncio.Event().wait()

    async def close(self) -> None:
        """Note that the client has let go (the client's side)."""
        self.was_closed_by_client = True


class Memory:
    """A `Transport` whose peers run `serve`. The first `refusals` are raised instead."""

    def __init__(
        self,
        serve: Callable[[Peer], Coroutine[Any, Any, None]],
        refusals: "list[CannotConnect | None] | None" = None,
        peer_type: type[Peer] = Peer,
    ) -> None:
        self.peers: list[Peer] = []
        self.connects_s: list[float] = []
        self._serve = serve
        self._peer_type = peer_type
        self._refusals = list(refusals or ())
        self._tasks: set[asyncio.Task[None]] = set()

    async def connect(self, url: str) -> Peer:
        """Connect at once; a refusal of None hangs for ever."""
        self.connects_s.append(asyncio.get_running_loop().time())
        if self._refusals:
            refusal = self._refusals.pop(0)
            if refusal is not None:
                raise refusal
            await asyncio.Event().wait()
        peer = self._peer_type(url, len(self.peers))
        self.peers.append(peer)
        task = asyncio.create_task(self._serve(peer))
        self._tasks.add(task)
        return peer
