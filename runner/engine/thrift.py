"""Spare a market's new orders as the venue's quota of them falls: quotes move less often, then not
at all.

What is left is told to the decision in few steps, each journalled, so that a replay decides alike.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from runner.engine.warnings import Warn
from strategies.quoting import SCARCE

SPENT = SCARCE + 1
QUARTER = SCARCE // 4
"""So many steps apart a person is told."""


@dataclass(frozen=True, slots=True)
class QuotaTerms:
    """From `calm_orders` left downwards orders are spared; under `floor_orders` none is placed."""

    calm_orders: int
    floor_orders: int


def scarcity(left: int | None, terms: QuotaTerms) -> int:
    """Return how scarce new orders are: 0 plenty, SCARCE at the floor, SPENT under it.

    In between it grows in a line. A venue that has said nothing has plenty: it refuses by itself.
    """
    if left is None or left >= terms.calm_orders:
        return 0
    if left < terms.floor_orders:
        return SPENT
    span = terms.calm_orders - terms.floor_orders
    return -(-SCARCE * (terms.calm_orders - left) // span)


class Sparing(Protocol):
    """A worker, as far as it is told."""

    def spare(self, scarcity: int, now_ns: int) -> None:
        """Hear how scarce new orders are."""


@dataclass(slots=True)
class Thrift:
    """One market's look at the quota."""

    market: str
    left: Callable[[], int | None]
    terms: QuotaTerms
    worker: Sparing
    warn: Warn
    _known: int = 0
    _told: int = 0

    def look(self, now_ns: int) -> None:
        """Tell the worker where it has changed, and a person now and then."""
        left = self.left()
        found = scarcity(left, self.terms)
        if found == self._known:
            return
        self._known = found
        self.worker.spare(found, now_ns)
        if found == SPENT or found // QUARTER != self._told // QUARTER or self._told == SPENT:
            self._told = found
            self.warn(now_ns, self.market, f"{left} new orders are left by the venue: {_do(found)}")


def _do(found: int) -> str:
    if found == SPENT:
        return "none is placed until trading has filled it up; cancels go on"
    return "quotes move only for larger changes" if found else "quotes move as ever"
