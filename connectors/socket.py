"""Say what a stream is made of: a transport below it, an adapter's feed above, limits between.

`connectors.websocket` is the transport over the network and `connectors.stream` the stream.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol


class Closed(Exception):
    """The connection has ended. Of a frame that `send` was given, nothing has left."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(f"closed with {code}: {reason}" if reason else f"closed with {code}")
        self.code = code
        self.reason = reason


class CannotConnect(Exception):
    """No connection was made. `after_s` is how long the venue asked to stay away."""

    def __init__(self, why: str, after_s: float = 0.0) -> None:
        super().__init__(why)
        self.after_s = after_s


class Malformed(Exception):
    """A frame is not what the venue promises."""


class Broken(Exception):
    """The connection is of no more use, for the reason that its text gives."""


class Connection(Protocol):
    """An open connection."""

    async def receive(self) -> list[bytes]:
        """Return all frames that have come, oldest first; wait for the first. Raises Closed."""

    def send(self, frame: bytes) -> None:
        """Send one text frame, now. Raises Closed where nothing of it has left."""

    async def ping(self) -> None:
        """Send a protocol ping and wait for its pong. Raises Closed."""

    async def close(self) -> None:
        """Say goodbye and let go of the socket."""


class Transport(Protocol):
    """What makes connections: names resolved anew and TLS verified for each."""

    async def connect(self, url: str) -> Connection:
        """Connect, or raise CannotConnect."""


@dataclass(frozen=True, slots=True)
class Subscription:
    """A channel and the messages that ask for it. They are made anew each time: tokens expire."""

    channel: str
    ask: Callable[[], bytes]
    leave: Callable[[], bytes] | None = None


class Feed(Protocol):
    """The adapter's side of a stream. Called on the event loop, one call at a time."""

    def channel_of(self, frame: bytes) -> str | None:
        """Return the channel whose first data this frame is: its snapshot, where it has one.

        Asked only while a channel is missing. Raises Malformed.
        """

    def on_frames(self, frames: list[bytes], recv_ns: int) -> bool:
        """Take everything that had come at `recv_ns`; tell whether any of it was data, which
        heartbeats are not. A frame that cannot be read goes to `Stream.drop`, and the next is read.
        """

    def on_backlog(self, frames: int) -> None:
        """Hear that the next batch is this large: we are slower than the venue."""

    def on_connected(self) -> None:
        """Forget all sequences: the frames that follow come from a new connection."""

    def on_whole(self) -> None:
        """Hear that every subscription has sent its first data."""

    def on_down(self, reason: str) -> None:
        """Hear that there is no connection, or still none."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a connection may do before it counts as broken."""

    max_silence_s: float | None
    """Longest time without data; None where a channel may rightly be quiet."""
    confirm_within_s: float = 10.0
    ping_every_s: float | None = None
    pong_within_s: float = 10.0
    ping_frame: bytes | None = None
    """The venue's own ping; without it protocol pings are sent."""
    malformed_per_minute: int = 10
    backlog_frames: int = 1_000
    held_bytes: int = 64 * 1024 * 1024
    """How much the next connection may hold until it is whole."""
