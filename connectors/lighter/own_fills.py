"""Tell each trade of ours once, and none that is history when we begin."""

from collections import deque

from connectors.model.account import Trade

MOST = 65_536
"""Ids that are remembered. What is older is told by reads alone."""


class OwnFills:
    """Trades by id. The first history says what is past; the reads of a start have booked it.

    What a later history holds and was never told is a trade that the stream has missed.
    """

    def __init__(self) -> None:
        self.highest: dict[str, int] = {}
        self._floor: int | None = None
        self._seen: set[tuple[int, int]] = set()
        self._order: deque[tuple[int, int]] = deque()

    def begin(self, trades: list[tuple[str, Trade]]) -> bool:
        """Take the first history for the past; tell whether it was the first."""
        if self._floor is not None:
            return False
        self._floor = max((trade.trade_id for _, trade in trades), default=0)
        for market, trade in trades:
            self._note(market, trade)
        return True

    def is_news(self, market: str, trade: Trade) -> bool:
        """Tell whether a trade has not been told, and remember it."""
        key = trade.trade_id, trade.side
        if trade.trade_id <= (self._floor or 0) or key in self._seen:
            return False
        self._seen.add(key)
        self._order.append(key)
        if len(self._order) > MOST:
            old = self._order.popleft()
            self._seen.discard(old)
            self._floor = max(self._floor or 0, old[0])
        self._note(market, trade)
        return True

    def _note(self, market: str, trade: Trade) -> None:
        self.highest[market] = max(self.highest.get(market, 0), trade.trade_id)
