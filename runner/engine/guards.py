"""Keep what would cancel our orders if this process no longer could.

A guard is asked by the watch at every look. While one does not hold, no market quotes: no order is
left at a venue that nothing would take back in our place.
"""

from typing import Protocol


class Guard(Protocol):
    """Something that cancels our orders in our place, and has to be kept."""

    @property
    def name(self) -> str:
        """What it is called in the log."""

    def beat(self) -> None:
        """Hear that the main loop runs."""

    def holds(self, now_ns: int) -> bool:
        """Tell whether it is proven to stand by."""

    async def run(self) -> None:
        """Keep it, until cancelled."""

    async def release(self) -> None:
        """Let it go: it is proven that nothing rests. One that is not let go does its work."""

    def lose(self) -> None:
        """Hear that it failed too often and is not kept any more."""
