"""Tell one book: a snapshot first, then changes, each with its number and the one before it."""

from typing import Any

from tests.venues.bybit.depth import Level, changed
from tests.venues.bybit.exchange import Floor
from tests.venues.okx import shapes

Words = dict[str, Any]
DEPTH = 400
STEP = 3
"""Numbers grow, and not by one."""


class BookFeed:
    """What listeners of a book have been told. `number` is of the last frame."""

    def __init__(self, floor: Floor, number: int) -> None:
        self.number = number
        self._floor = floor
        self._bids: Level = {}
        self._asks: Level = {}
        self._take()

    def update(self, now_ms: int) -> Words | None:
        """Spell what has changed since the last time; None: nothing has."""
        was = self._bids, self._asks
        self._take()
        bids = changed(was[0], self._bids, is_ask=False)
        asks = changed(was[1], self._asks, is_ask=True)
        if not (bids or asks):
            return None
        before, self.number = self.number, self.number + STEP
        return self._frame("update", bids, asks, before, now_ms)

    def snapshot(self, now_ms: int) -> Words:
        """Spell what listeners know by now."""
        bids = sorted(self._bids.items(), reverse=True)
        return self._frame("snapshot", bids, sorted(self._asks.items()), -1, now_ms)

    def restart(self, now_ms: int) -> Words:
        """Let the numbers begin anew, as after a maintenance: an update that follows a number
        above its own."""
        before, self.number = self.number, STEP
        return self._frame("update", [], [], before, now_ms)

    def _take(self) -> None:
        self._bids = dict(self._floor.book.bids.levels(DEPTH))
        self._asks = dict(self._floor.book.asks.levels(DEPTH))

    def _frame(
        self,
        action: str,
        bids: list[tuple[int, int]],
        asks: list[tuple[int, int]],
        before: int,
        now_ms: int,
    ) -> Words:
        market = self._floor.market
        row = {
            "asks": shapes.levels(market, asks),
            "bids": shapes.levels(market, bids),
            "ts": str(now_ms),
            "checksum": 0,
            "prevSeqId": before,
            "seqId": self.number,
        }
        arg = {"channel": "books", "instId": market.symbol}
        return {"arg": arg, "action": action, "data": [row]}
