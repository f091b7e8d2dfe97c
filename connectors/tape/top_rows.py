"""Make rows of a market of which only the best level of each side is told."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from connectors.model.events import ASK, BID, CLEAR_ASKS, CLEAR_BIDS, GAP

if TYPE_CHECKING:
    from connectors.tape.row_runs import Level, RowRuns

NO_LEVEL = (0.0, 0.0)
"""A side that is empty."""


@dataclass(frozen=True, slots=True)
class Fit:
    """What a price and a size must be a multiple of."""

    tick_size: Decimal
    lot_size_base: Decimal

    def check(self, level: Level) -> None:
        """Raise ValueError or ArithmeticError for a level that lies off the grid or is none."""
        price, size = (Decimal(repr(value)) for value in level)
        if size == 0 == price:
            return
        if not (price > 0 <= size) or price % self.tick_size or size % self.lot_size_base:
            raise ValueError(f"{price} and {size} are no price and size of the market")


class TopRows:
    """The best level of each side, and the rows that its changes make.

    After `lose` nothing is known of either side until it is told again. With `fit` a level that
    lies off the grid is refused when it is told.
    """

    __slots__ = ("_is_known", "_rows", "ask", "bid", "fit")

    def __init__(self, rows: RowRuns) -> None:
        self.bid: Level = NO_LEVEL
        self.ask: Level = NO_LEVEL
        self._rows = rows
        self._is_known = False
        self.fit: Fit | None = None

    def tell(
        self,
        bid: Level,
        ask: Level,
        venue_ns: int,
        recv_ns: int,
        place: int,
        trade: tuple[int, Level] | None = None,
    ) -> None:
        """Append a trade just before, if any, and what has changed of the two levels."""
        if self.fit is not None:
            for level in (bid, ask, *(trade or ())[1:]):
                self.fit.check(level)
        if not self._is_known:
            self._is_known = True
            self._rows.mark(CLEAR_BIDS, venue_ns, recv_ns, place)
            self._rows.mark(CLEAR_ASKS, venue_ns, recv_ns, place)
        if trade is not None:
            kind, level = trade
            self._rows.add(kind, (level,), venue_ns, recv_ns, place)
        changes = ((BID, self.bid, bid), (ASK, self.ask, ask))
        for side, former, level in changes:
            if former[1] and (level[0] != former[0] or not level[1]):
                self._rows.add(side, ((former[0], 0.0),), venue_ns, recv_ns, place)
        for side, former, level in changes:
            if level[1] and level != former:
                self._rows.add(side, (level,), venue_ns, recv_ns, place)
        self.bid, self.ask = bid, ask

    def lose(self, venue_ns: int, recv_ns: int, place: int) -> None:
        """Append a gap, where anything was known."""
        if self._is_known:
            self._rows.mark(GAP, venue_ns, recv_ns, place)
        self._is_known = False
        self.bid = self.ask = NO_LEVEL
