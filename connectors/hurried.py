"""Let a venue be told that a deploy is ending, so that its proofs do not wait behind other reads.

An ability that a venue may have beside those of `connectors.venue`.
"""

from typing import Protocol, runtime_checkable


@runtime_checkable
class Hurried(Protocol):
    """A venue that keeps a part of its reads for the end of a deploy."""

    def hurry(self) -> None:
        """Let reads use that part from now on."""
