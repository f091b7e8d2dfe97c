"""Tell one book at one depth: a snapshot first, then changes, each with the next update id."""

from typing import Any

from tests.venues.bybit.exchange import Floor
from tests.venues.bybit.shapes import markets

Words = dict[str, Any]
Level = dict[int, int]
REPEAT_NS = 3_000_000_000
"""After this long without a change the first level is told again."""


class DepthFeed:
    """What listeners of one depth have been told. `update_id` is of the last frame."""

    def __init__(self, floor: Floor, depth: int, update_id: int) -> None:
        self.depth = depth
        self.update_id = update_id
        self.is_planned = False
        self._floor = floor
        self._seq = floor.seq
        self._told_ns = 0
        self._bids: Level = {}
        self._asks: Level = {}
        self._take()

    @property
    def topic(self) -> str:
        """Return its name."""
        return f"orderbook.{self.depth}.{self._floor.market.symbol}"

    def is_behind(self) -> bool:
        """Tell whether the book has moved since the last frame."""
        return self._seq != self._floor.seq

    def update(self, now_ns: int) -> Words | None:
        """Spell what has changed at this depth since the last time; None: nothing has."""
        was = self._bids, self._asks
        self._take()
        bids = changed(was[0], self._bids, is_ask=False)
        asks = changed(was[1], self._asks, is_ask=True)
        if not (bids or asks):
            return None
        self.update_id += 1
        self._told_ns = now_ns
        if self.depth == 1:
            return self.snapshot(now_ns)
        return self._frame("delta", bids, asks, now_ns)

    def snapshot(self, now_ns: int) -> Words:
        """Spell what listeners know by now."""
        bids = sorted(self._bids.items(), reverse=True)
        return self._frame("snapshot", bids, sorted(self._asks.items()), now_ns)

    def restart(self, now_ns: int) -> Words:
        """Begin again as after a restart of the venue's service: a snapshot with update id 1."""
        self._take()
        self.update_id = 1
        return self.snapshot(now_ns)

    def repeat(self, now_ns: int) -> Words | None:
        """Spell the first level again where it has been still for long."""
        if self.depth != 1 or now_ns - self._told_ns < REPEAT_NS:
            return None
        self._told_ns = now_ns
        return self.snapshot(now_ns)

    def _take(self) -> None:
        self._seq = self._floor.seq
        self._bids = dict(self._floor.book.bids.levels(self.depth))
        self._asks = dict(self._floor.book.asks.levels(self.depth))

    def _frame(
        self, kind: str, bids: list[tuple[int, int]], asks: list[tuple[int, int]], now_ns: int
    ) -> Words:
        market = self._floor.market
        return {
            "topic": self.topic,
            "type": kind,
            "ts": now_ns // 1_000_000,
            "data": markets.book(market, bids, asks, self.update_id, self._seq),
            "cts": now_ns // 1_000_000,
        }


def changed(was: Level, now: Level, is_ask: bool) -> list[tuple[int, int]]:
    """Return levels that are new or other than before; what is gone has no lots."""
    rows = {ticks: lots for ticks, lots in now.items() if was.get(ticks) != lots}
    rows |= {ticks: 0 for ticks in was if ticks not in now}
    return sorted(rows.items(), reverse=not is_ask)
