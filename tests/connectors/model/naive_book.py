"""Keep a book the obvious way: two dicts of levels, and the rules of the window in plain words."""

from dataclasses import dataclass, field

from connectors.model.book import HALF, NONE_ASK, NONE_BID, QUARTER
from connectors.model.events import ASK, BID, CLEAR_ASKS, CLEAR_BIDS, GAP


@dataclass(slots=True)
class NaiveBook:
    """Levels by tick, those displayed but not kept, and the window's centre (None: not set)."""

    bids: dict[int, int] = field(default_factory=dict)
    asks: dict[int, int] = field(default_factory=dict)
    lost_bids: set[int] = field(default_factory=set)
    lost_asks: set[int] = field(default_factory=set)
    anchor: int | None = None
    outside: int = 0

    def apply(self, kind: int, ticks: int, lots: int) -> None:
        """Apply one market row."""
        if kind == BID:
            self._set(self.bids, ticks, lots, is_bid=True)
        elif kind == ASK:
            self._set(self.asks, ticks, lots, is_bid=False)
        if kind in (CLEAR_BIDS, GAP):
            self.bids.clear()
            self.lost_bids.clear()
        if kind in (CLEAR_ASKS, GAP):
            self.asks.clear()
            self.lost_asks.clear()
        if kind == GAP:
            self.anchor = None

    def best_bid(self) -> int:
        """Return the highest bid, or NONE_BID."""
        return max(self.bids, default=NONE_BID)

    def best_ask(self) -> int:
        """Return the lowest ask, or NONE_ASK."""
        return min(self.asks, default=NONE_ASK)

    def is_two_sided(self) -> bool:
        """Tell whether both sides are there, apart, and better than everything not kept."""
        if not (self.bids and self.asks):
            return False
        bid, ask = self.best_bid(), self.best_ask()
        lost_bid, lost_ask = (
            max(self.lost_bids, default=bid - 1),
            min(self.lost_asks, default=ask + 1),
        )
        return bid < ask and bid > lost_bid and ask < lost_ask

    def _lose(self, ticks: int, is_bid: bool) -> None:
        self.outside += 1
        (self.lost_bids if is_bid else self.lost_asks).add(ticks)

    def _set(self, levels: dict[int, int], ticks: int, lots: int, is_bid: bool) -> None:
        better = ticks > self.best_bid() if is_bid else ticks < self.best_ask()
        if self.anchor is None or not self.anchor - HALF <= ticks < self.anchor + HALF:
            if lots == 0:
                return
            if self.anchor is not None and not better:
                self._lose(ticks, is_bid)
                return
            self._centre(ticks)
        if lots == 0:
            levels.pop(ticks, None)
            return
        levels[ticks] = lots
        if better and self.anchor is not None and abs(ticks - self.anchor) > QUARTER:
            self._centre(ticks)

    def _centre(self, ticks: int) -> None:
        self.anchor = ticks
        for levels, is_bid in ((self.bids, True), (self.asks, False)):
            for far in [t for t in levels if not ticks - HALF <= t < ticks + HALF]:
                del levels[far]
                self._lose(far, is_bid)
