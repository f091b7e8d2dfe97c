"""Tell what a venue announces of funding, and how much margin it says is left.

Abilities that a venue may have beside those of `connectors.venue`. What is not known is None.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol, runtime_checkable


@dataclass(frozen=True, slots=True)
class Announced:
    """The next settlement of a perpetual: longs will pay shorts `rate` of their notional.

    It is for the `interval_ns` that end at `next_ns`, and may change until then.
    """

    rate: Decimal
    interval_ns: int
    next_ns: int


@runtime_checkable
class Funded(Protocol):
    """A venue whose perpetuals pay funding."""

    def announced(self, market: str) -> Announced | None:
        """Return what a market has announced last; None: nothing, or not with its moment."""


@dataclass(frozen=True, slots=True)
class Collateral:
    """What stands behind a market's position: margin that is not in use, and the way left.

    `left_frac` is (equity - maintenance) / (initial - maintenance): 0 at liquidation, 1 where no
    more is held than the account was opened for; infinite without a position.
    """

    free_quote: float
    left_frac: float


@runtime_checkable
class Collateralised(Protocol):
    """A venue that tells what stands behind positions."""

    def collateral(self, market: str) -> Collateral | None:
        """Return a market's margin as last told; None: not known."""
