"""Notice a book whose bids stay at or above its asks: it has lost an update, whatever it says."""

from collections.abc import Sequence

LOOK_NS = 1_000_000_000
"""Time between two looks. A book that is crossed in both has been so for too long."""


class Crossing:
    """A market's levels, looked at once a second. Keeping them costs next to nothing."""

    __slots__ = ("_asks", "_bids", "_looked_ns", "_was_crossed")

    def __init__(self) -> None:
        self._bids: dict[int, int] = {}
        self._asks: dict[int, int] = {}
        self._looked_ns = 0
        self._was_crossed = False

    def clear(self) -> None:
        """Forget every level."""
        self._bids.clear()
        self._asks.clear()
        self._was_crossed = False

    def take(
        self, bids: tuple[Sequence[int], Sequence[int]], asks: tuple[Sequence[int], Sequence[int]]
    ) -> None:
        """Set levels: ticks and lots of each side, 0 removes one."""
        self._bids.update(zip(*bids, strict=True))
        self._asks.update(zip(*asks, strict=True))

    def is_lasting(self, now_ns: int) -> bool:
        """Tell whether the book was crossed when it was last looked at, and is now."""
        if now_ns - self._looked_ns < LOOK_NS:
            return False
        self._looked_ns = now_ns
        was_crossed = self._was_crossed
        bid, ask = self.touch()
        self._was_crossed = bid >= ask > 0
        return was_crossed and self._was_crossed

    def touch(self) -> tuple[int, int]:
        """Return best bid and best ask in ticks, 0 where a side is empty."""
        self._bids = {ticks: lots for ticks, lots in self._bids.items() if lots}
        self._asks = {ticks: lots for ticks, lots in self._asks.items() if lots}
        return max(self._bids, default=0), min(self._asks, default=0)
