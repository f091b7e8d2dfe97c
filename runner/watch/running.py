"""Follow one worker's fills while it runs, and what they come to, exactly."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from connectors.model.events import BUY, MAKER
from runner.engine.worker import Worker
from runner.report.exact import exact_sum
from runner.report.parts import Parts
from runner.report.pnl import Grid
from runner.report.quality import LAST_FILLS, last_median


@dataclass(frozen=True, slots=True)
class Fill:
    """One fill as the worker kept it."""

    recv_ns: int
    side: int
    ticks: int
    lots: int
    role: int
    trade_id: int
    client_id: int


_FIELDS = tuple(Fill.__dataclass_fields__)
_MARKED = ("side", "ticks", "mid_half_ticks", "mid_1s_half_ticks")
FOLLOWED = LAST_FILLS + 50
"""Fills of a side looked at for a median: the newest do not have their mid yet."""


class Running:
    """Running sums of one worker: each fill is taken once, in order.

    `spread` and `adverse` are what fills have captured, and lost within 1 s, in half ticks times
    lots: see `runner.report.parts`.
    """

    def __init__(self, worker: Worker, grid: Grid) -> None:
        self._worker = worker
        self._grid = grid
        self.fills = 0
        self.spread = 0
        self.adverse = 0
        self._followed = 0
        self._cash = 0
        self._tick_lots = 0
        self._bought_lots = 0
        self._maker_tick_lots = 0
        self._taker_tick_lots = 0
        self._told_quote = Decimal(0)
        self._last: tuple[deque[int], deque[int]] = (deque(), deque())
        self._median_of: tuple[int, int] = (-1, -1)
        self._medians: tuple[float | None, float | None] = (None, None)

    def take(self) -> Iterator[Fill]:
        """Yield the fills that are new, after counting each."""
        log, kept = self._worker.fills, self._worker.history.fills
        stored = len(kept["recv_ns"])
        while self.fills < stored + log.count:
            k = self.fills
            fill = Fill(
                *(
                    int(kept[name][k] if k < stored else getattr(log, name)[k - stored])
                    for name in _FIELDS
                )
            )
            self._count(fill)
            yield fill

    def net_quote(self) -> Decimal | None:
        """Return the net P&L before funding, marked to mid; None while a mark is unknown."""
        desk = self._worker.market.desk
        position = desk.orders.position_lots
        opening = position - self._bought_lots
        mark, opening_mark = desk.signals.mid_half_ticks, self._worker.opening_mark_half_ticks
        if (position and mark <= 0) or (opening and opening_mark <= 0):
            return None
        gross = self._cash + position * mark - opening * opening_mark
        return exact_sum(self._grid.half_tick_lot.amount(gross), self._fees().copy_negate())

    def _fees(self) -> Decimal:
        """Return what fills have cost: the venue's word where it has told it."""
        grid = self._grid
        return exact_sum(
            grid.maker_fee.amount(self._maker_tick_lots),
            grid.taker_fee.amount(self._taker_tick_lots),
            self._told_quote,
        )

    def _follow(self) -> None:
        """Count what became of the fills that now have their mid of 1 s later."""
        marked = len(self._worker.history.fills["recv_ns"]) + self._worker.fills.marked[0]
        for k in range(self._followed, min(self.fills, marked)):
            mid, later = self._value("mid_half_ticks", k), self._value("mid_1s_half_ticks", k)
            if mid > 0 and later > 0:
                lots = self._value("lots", k)
                signed = lots if self._value("side", k) == BUY else -lots
                self.adverse += signed * (later - mid)
            self._followed = k + 1

    def parts(self, funding_quote: Decimal, *, hedges: bool) -> Parts:
        """Return what the net P&L, with the funding of the session, came from so far."""
        self._follow()
        unit, fees, net = self._grid.half_tick_lot, self._fees(), self.net_quote()
        paid = fees.copy_negate() if fees else fees
        spread, adverse = unit.amount(self.spread), unit.amount(self.adverse)
        gross = None if net is None else exact_sum(net, fees)
        nothing = Decimal(0)
        if hedges:
            hedge = nothing if gross is None else gross
            rest = None if gross is None else nothing
            return Parts(nothing, nothing, rest, paid, funding_quote, hedge, 0)
        rest = None
        if gross is not None:
            rest = exact_sum(gross, spread.copy_negate(), adverse.copy_negate())
        return Parts(spread, adverse, rest, paid, funding_quote, nothing, 0)

    def volume_quote(self) -> Decimal:
        """Return what has traded."""
        return self._grid.tick_lot.amount(self._tick_lots)

    def markouts_bps(self) -> tuple[float | None, float | None]:
        """Return the median 1 s markout of each side's last fills, bids first; None: not known."""
        marked = len(self._worker.history.fills["recv_ns"]) + self._worker.fills.marked[0]
        if self._median_of != (self.fills, marked):
            self._median_of = (self.fills, marked)
            bids, asks = (last_median([*map(self._markout, rows)]) for rows in self._last)
            self._medians = (bids, asks)
        return self._medians

    def _markout(self, k: int) -> float | None:
        """Return the 1 s markout of a fill, wherever it stands; None while it is not known."""
        side, ticks, mid, later = (self._value(name, k) for name in _MARKED)
        return (1 - 2 * side) * (later - 2 * ticks) / mid * 1e4 if mid > 0 and later > 0 else None

    def _value(self, name: str, k: int) -> int:
        kept = self._worker.history.fills[name]
        return kept[k] if k < len(kept) else int(getattr(self._worker.fills, name)[k - len(kept)])

    def _count(self, fill: Fill) -> None:
        signed = fill.lots if fill.side == BUY else -fill.lots
        rows = self._last[fill.side]
        rows.append(self.fills)
        if len(rows) > FOLLOWED:
            rows.popleft()
        mid = self._value("mid_half_ticks", self.fills)
        if mid > 0:
            self.spread += signed * (mid - 2 * fill.ticks)
        self.fills += 1
        self._tick_lots += fill.ticks * fill.lots
        self._cash -= 2 * fill.ticks * signed
        self._bought_lots += signed
        told = self._worker.history.fees_quote.get(fill.trade_id)
        if told is not None:
            self._told_quote = exact_sum(self._told_quote, told)
        elif fill.role == MAKER:
            self._maker_tick_lots += fill.ticks * fill.lots
        else:
            self._taker_tick_lots += fill.ticks * fill.lots
