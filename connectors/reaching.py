"""Let a venue say how far from its own prices an order may be.

An ability that a venue may have beside those of `connectors.venue`: one that refuses orders beyond
a limit that moves with its mark. What has to go out, as an order that closes a position, is priced
inside of it.
"""

from typing import Protocol, runtime_checkable


@runtime_checkable
class Reaching(Protocol):
    """A venue with such a limit."""

    def worst_ticks(self, market: str, side: int) -> int | None:
        """Return the highest price of a buy, or the lowest of a sell, that it surely takes now.

        None where it has not said enough to tell.
        """
