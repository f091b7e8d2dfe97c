"""Hold a book's touch against the top that the venue tells on a channel of its own.

A sequence that is whole proves that no update is missing, not that each said what is true: a side
that stands still, or a price that was spelled wrong, leaves a book that looks sound. Either channel
may be a moment behind the other, and a wrong touch may be right for a moment: so looks are counted,
those that differ against those that agree.
"""

from collections.abc import Callable

Touch = tuple[int, int]
"""Best bid and best ask in ticks, 0 where a side is empty."""

LOOK_NS, DOUBTED_NS = 250_000_000, 50_000_000
"""Time between two looks, and while the touch is in doubt."""
MOST = 12
"""So many more looks that differ than agree, and the book is not the venue's."""


class Tops:
    """What the venue tells of its own top, compared with the book that is followed."""

    __slots__ = ("_looked_ns", "_nonce", "_told", "doubt")

    def __init__(self) -> None:
        self._told: Touch | None = None
        self._nonce = 0
        self._looked_ns = 0
        self.doubt = 0
        """How many more looks have differed than agreed."""

    def forget(self) -> None:
        """Wait for the first top of another connection."""
        self._told = None
        self.doubt = 0

    def take(self, bid_ticks: int, ask_ticks: int, nonce: int) -> None:
        """Take a top that was told, and of which state of the venue."""
        self._told = bid_ticks, ask_ticks
        self._nonce = nonce

    def differ(self, touch: Callable[[], Touch], nonce: int, now_ns: int) -> bool:
        """Tell whether the book, as of `nonce`, has differed too often.

        A top of a later state than the book's says nothing yet, until nothing has come for a while.
        `touch` is asked only when it is time.
        """
        since_ns = now_ns - self._looked_ns
        is_later = self._nonce > nonce
        if self._told is None or since_ns < (LOOK_NS if is_later or not self.doubt else DOUBTED_NS):
            return False
        self._looked_ns = now_ns
        self.doubt = max(0, self.doubt + (1 if touch() != self._told else -1))
        return self.doubt >= MOST
