"""Be the venue's end of one connection: what goes out in order, and how it ends."""

from collections import deque
from collections.abc import Callable

MOST_WAITING = 100_000
"""How many frames wait for a client that does not read before it is cut off."""


class Line:
    """Frames wait here until the door takes them. `on_news` tells the door that there is something.

    A silent line still answers pings; a half-open one does nothing at all, and nobody is told.
    """

    def __init__(self, address: str = "127.0.0.1", target: str = "/stream") -> None:
        self.address = address
        self.target = target
        self.is_silent = False
        self.is_half_open = False
        self.is_aborted = False
        self.closing: tuple[int, str] | None = None
        self.on_news: Callable[[], object] = _nothing
        self.on_deaf: Callable[[], object] = _nothing
        """Called when it brings nothing more, and nobody is told."""
        self._waiting: deque[bytes] = deque()

    @property
    def is_open(self) -> bool:
        """Tell whether frames may still be put on it."""
        return self.closing is None and not self.is_aborted

    @property
    def is_heard(self) -> bool:
        """Tell whether what is put on it arrives."""
        return self.is_open and not self.is_silent and not self.is_half_open

    def put(self, frame: bytes) -> None:
        """Send a frame, unless the line is beyond that."""
        if not self.is_open or self.is_silent or self.is_half_open:
            return
        if len(self._waiting) >= MOST_WAITING:
            self.abort()
            return
        self._waiting.append(frame)
        self.on_news()

    def fall_silent(self) -> None:
        """Bring nothing more, but answer pings."""
        self.is_silent = True
        self.on_deaf()

    def hang(self) -> None:
        """Do nothing more at all."""
        self.is_half_open = True
        self.on_deaf()

    def close(self, code: int, reason: str = "") -> None:
        """Say goodbye after the frames that wait."""
        if self.is_open:
            self.closing = (code, reason)
            self.on_news()

    def abort(self) -> None:
        """Break the connection without a word."""
        self.is_aborted = True
        self._waiting.clear()
        self.on_news()

    def take(self) -> list[bytes]:
        """Take all frames that wait."""
        frames = list(self._waiting)
        self._waiting.clear()
        return frames


def _nothing() -> None:
    """Be heard by no door."""
