"""Keep a book the obvious way: two dicts of levels, and the rules of the window in plain words."""

from dataclasses import dataclass, field

from connectors.model.book import HALF, NONE_ASK, NONE_BID, QUARTER
from connectors.model.events import ASK, BID, CLEAR_ASKS, CLEAR_BIDS, GAP


@dataclass(slots=True)
class NaiveBook:
    """Levels by tick. `anchor` is the centre of the window, or None when nothing set it yet."""

    bids: dict[int, int] = field(default_factory=dict)
    asks: dict[int, int] = field(default_factory=dict)
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
        if kind in (CLEAR_ASKS, GAP):
            self.asks.clear()
        if kind == GAP:
            self.anchor = None

    def best_bid(self) -> int:
        """Return the highest bid, or NONE_BID."""
        return max(self.bids, default=NONE_BID)

    def best_ask(self) -> int:
        """Return the lowest ask, or NONE_ASK."""
        return min(self.asks, default=NONE_ASK)

    def _set(self, levels: dict[int, int], ticks: int, lots: int, is_bid: bool) -> None:
        better = ticks > self.best_bid() if is_bid else ticks < self.best_ask()
        if self.anchor is None or not self.anchor - HALF <= ticks < self.anchor + HALF:
            if lots == 0:
                return
            if self.anchor is not None and not better:
                self.outside += 1
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
        for levels in (self.bids, self.asks):
            for far in [t for t in levels if not ticks - HALF <= t < ticks + HALF]:
                del levels[far]
                self.outside += 1
