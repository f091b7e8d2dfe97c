"""Follow one worker's fills while it runs, and what they come to, exactly."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from connectors.model.events import BUY, MAKER
from runner.engine.worker import Worker
from runner.report.exact import exact_sum
from runner.report.pnl import Grid


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


class Running:
    """Running sums of one worker: each fill is taken once, in order."""

    def __init__(self, worker: Worker, grid: Grid) -> None:
        self._worker = worker
        self._grid = grid
        self.fills = 0
        self._cash = 0
        self._bought_lots = 0
        self._maker_tick_lots = 0
        self._taker_tick_lots = 0

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
        grid = self._grid
        return exact_sum(
            grid.half_tick_lot.amount(gross),
            grid.maker_fee.amount(-self._maker_tick_lots),
            grid.taker_fee.amount(-self._taker_tick_lots),
        )

    def _count(self, fill: Fill) -> None:
        signed = fill.lots if fill.side == BUY else -fill.lots
        self.fills += 1
        self._cash -= 2 * fill.ticks * signed
        self._bought_lots += signed
        if fill.role == MAKER:
            self._maker_tick_lots += fill.ticks * fill.lots
        else:
            self._taker_tick_lots += fill.ticks * fill.lots
