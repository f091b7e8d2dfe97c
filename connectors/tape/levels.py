"""Keep every level that a stream has told, so that a recording can begin anew at any moment."""

from connectors.model.events import ASK, BID, CLEAR_ASKS, CLEAR_BIDS, GAP, MarketRows


class Levels:
    """All levels of both sides, however far from the touch; unknown until a snapshot came."""

    __slots__ = ("_asks", "_bids", "_is_known", "_recv_ns", "_venue_ns")

    def __init__(self) -> None:
        self._bids: dict[int, int] = {}
        self._asks: dict[int, int] = {}
        self._is_known = False
        self._venue_ns = 0
        self._recv_ns = 0

    def take(self, rows: MarketRows) -> None:
        """Follow some rows."""
        for kind, ticks, lots in zip(rows.kind, rows.ticks, rows.lots, strict=True):
            if kind in (BID, ASK):
                side = self._bids if kind == BID else self._asks
                if lots:
                    side[ticks] = lots
                else:
                    side.pop(ticks, None)
            elif kind in (CLEAR_BIDS, CLEAR_ASKS):
                self._is_known = True
                (self._bids if kind == CLEAR_BIDS else self._asks).clear()
            elif kind == GAP:
                self._is_known = False
                self._bids.clear()
                self._asks.clear()
        if len(rows):
            self._venue_ns, self._recv_ns = rows.venue_ns[-1], rows.recv_ns[-1]

    def snapshot(self) -> MarketRows:
        """Return the rows that make an equal book, with the last row's stamps; GAP if unknown."""
        rows = MarketRows()
        stamps = self._venue_ns, self._recv_ns
        if not self._is_known:
            rows.add(GAP, 0, 0, *stamps)
            return rows
        rows.add(CLEAR_BIDS, 0, 0, *stamps)
        rows.add(CLEAR_ASKS, 0, 0, *stamps)
        for ticks, lots in sorted(self._bids.items(), reverse=True):
            rows.add(BID, ticks, lots, *stamps)
        for ticks, lots in sorted(self._asks.items()):
            rows.add(ASK, ticks, lots, *stamps)
        return rows
