"""Tell a market's trades as rows, each once."""

from connectors.lighter.grid import Grid
from connectors.lighter.wire import Trade, TradeFrame
from connectors.model.events import TRADE_BUY, TRADE_SELL, MarketRows
from connectors.socket import Malformed

ON_THE_BOOK = frozenset({"trade", "liquidation"})
"""Kinds of trades that took what rested; a deleveraging or a settlement did not."""


class TradeFollower:
    """Turn trades into rows by their rising ids.

    The history that answers a subscription repeats the past. After a change of connections without
    a loss it also bridges what neither connection has told, so then it counts as news.
    """

    __slots__ = ("_grid", "_is_followed", "_last_id", "left_out", "repeated")

    def __init__(self, grid: Grid) -> None:
        self._grid = grid
        self._last_id = 0
        self._is_followed = False
        self.left_out = 0
        """Trades that took nothing from the book."""
        self.repeated = 0

    def lose(self) -> None:
        """Take the next history for the past: trades have been missed."""
        self._is_followed = False

    def take_history(self, frame: TradeFrame, rows: MarketRows, recv_ns: int) -> None:
        """Take the answer to a subscription; raise Malformed as `take` does."""
        if self._is_followed:
            self.take(frame, rows, recv_ns)
            return
        trades = frame.in_order()
        if trades:
            self._last_id = max(self._last_id, trades[-1].trade_id)
        self._is_followed = True

    def take(self, frame: TradeFrame, rows: MarketRows, recv_ns: int) -> None:
        """Add a row for each new trade; raise Malformed, and add none, for one off the grid."""
        told = [(trade, *self._terms(trade)) for trade in frame.in_order()]
        for trade, ticks, lots in told:
            if trade.trade_id <= self._last_id:
                self.repeated += 1
            elif trade.type not in ON_THE_BOOK:
                self.left_out += 1
            else:
                self._last_id = trade.trade_id
                kind = TRADE_BUY if trade.is_maker_ask else TRADE_SELL
                rows.add(kind, ticks, lots, trade.venue_ns(), recv_ns)

    def _terms(self, trade: Trade) -> tuple[int, int]:
        lots = self._grid.lots(trade.size)
        if lots == 0:
            raise Malformed(f"trade {trade.trade_id} of nothing")
        return self._grid.ticks(trade.price), lots
