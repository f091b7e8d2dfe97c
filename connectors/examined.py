"""Let a venue say what stands between a deploy and its first order, and how that is mended.

An ability that a venue may have beside those of `connectors.venue`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Protocol, runtime_checkable


class Weight(Enum):
    """What a remark means for a deploy that is to send orders."""

    GOOD = "good"
    WARNS = "warns"
    REFUSES = "refuses"
    """No order may be sent until it is mended."""


@dataclass(frozen=True, slots=True)
class Remark:
    """One line about an account or about one of its markets; `about` is the market or empty."""

    weight: Weight
    about: str
    text: str


@runtime_checkable
class Examined(Protocol):
    """A venue that holds its account against what the configuration expects of it."""

    async def prepare(self) -> None:
        """Make the account what the configuration wants, where it is to be made and is not.

        Returns once the venue has told it back; raises VenueError where it does not. Only for a
        deploy that may send orders.
        """

    async def examine(self) -> Sequence[Remark]:
        """Hold the account against what is expected; changes nothing. Raises VenueError."""
