"""Let a venue say how many new orders it will still take, where it counts them.

An ability that a venue may have beside those of `connectors.venue`.
"""

from typing import Protocol, runtime_checkable


@runtime_checkable
class Metered(Protocol):
    """A venue that counts new orders against a quota which trading fills up again."""

    @property
    def quota_left(self) -> int | None:
        """What the venue has last said is left, None where it has not said."""
