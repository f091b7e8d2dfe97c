"""Let a venue say what an account is worth.

An ability that a venue may have beside those of `connectors.venue`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol, runtime_checkable


@dataclass(frozen=True, slots=True)
class Equity:
    """What stands behind some markets of a deploy, open positions at the venue's mark.

    A `currency` of None is the markets' own quote currency.
    """

    markets: tuple[str, ...]
    amount: Decimal
    currency: str | None = None


@runtime_checkable
class Weighed(Protocol):
    """A venue that tells equity."""

    def equities(self) -> Sequence[Equity] | None:
        """Return what was last said of each wallet; None while nothing has been."""
