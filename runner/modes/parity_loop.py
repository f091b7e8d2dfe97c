"""Drive the compiled simulator with the interpreted decision, as live runs it.

The market, the exchange and the signals advance compiled until a decision is due. Then Python
decides over the same memory: arrays are memoryviews of the compiled records, and the few scalars
that the other world changed are copied across.
"""

from collections.abc import Sequence
from typing import Any, Protocol

from connectors.model.events import IntColumn
from connectors.model.kernel import fields_of, kernel
from connectors.model.orders import Commands
from connectors.sim.exchange import Exchange
from runner.engine.logs import DecisionLog, FillLog
from runner.modes.replay_loop import TURN, Cursor, advance, send
from strategies.desk import Desk
from strategies.quoting import is_due, observe

WHOLE = 13
REAL = 7
"""Lengths of the two arrays that carry scalars across."""


class IntBuffer(IntColumn, Protocol):
    """Integers that can be written."""

    def __setitem__(self, index: int, value: int, /) -> None: ...


class FloatBuffer(Protocol):
    """Floats that can be read and written."""

    def __getitem__(self, index: int, /) -> float: ...
    def __setitem__(self, index: int, value: float, /) -> None: ...


def until_due(
    desks: Sequence[Desk],
    wanted: Sequence[Commands],
    exchanges: Sequence[Exchange],
    cursors: Sequence[Cursor],
    fill_logs: Sequence[FillLog],
    decision_logs: Sequence[DecisionLog],
    whole: IntBuffer,
    real: FloatBuffer,
    decided: int,
    kind: IntColumn,
    ticks: IntColumn,
    lots: IntColumn,
    recv_ns: IntColumn,
    venue_kind: IntColumn,
    venue_ticks: IntColumn,
    venue_lots: IntColumn,
    venue_ns: IntColumn,
) -> int:
    """Send what was `decided`, then advance until a decision is due (TURN), a pause, or the end.

    Each state comes in an array of one element: see `runner.modes.compiled.cell`.
    """
    desk = desks[0]
    commands = wanted[0]
    exchange = exchanges[0]
    cursor = cursors[0]
    fills = fill_logs[0]
    decisions = decision_logs[0]
    if decided:
        desk.decided_ns = cursor.now_ns
        desk.orders.changed = False
        commands.count = whole[0]
        send(exchange, commands, cursor.now_ns)
    while True:
        status = advance(
            desk,
            exchange,
            cursor,
            fills,
            decisions,
            recv_ns,
            venue_kind,
            venue_ticks,
            venue_lots,
            venue_ns,
        )
        if status != TURN:
            return status
        if cursor.local > cursor.first:
            observe(desk, kind, ticks, lots, cursor.first, cursor.local, cursor.now_ns)
        if is_due(desk, cursor.now_ns):
            _export(desk, cursor, whole, real)
            return status


@kernel
def _export(desk: Desk, cursor: Cursor, whole: IntBuffer, real: FloatBuffer) -> None:
    """Write the scalars that a decision reads and that have changed since the last one."""
    signals = desk.signals
    whole[0] = cursor.now_ns
    whole[1] = desk.orders.position_lots
    whole[2] = desk.orders.cash_tick_lots
    whole[3] = 1 if signals.sound else 0
    whole[4] = signals.mid_half_ticks
    whole[5] = desk.book.best_bid_ticks
    whole[6] = desk.book.best_ask_ticks
    whole[7] = signals.seen_ns
    trades = desk.trades
    whole[8] = trades.count
    whole[9] = trades.notional_tick_lots
    whole[10] = trades.day
    whole[11] = trades.day_notional_tick_lots
    whole[12] = trades.losing
    volatility = desk.volatility
    real[0] = signals.mid_ticks
    real[1] = signals.imbalance
    real[2] = volatility.seen_s
    real[3] = volatility.live_num
    real[4] = volatility.live_den
    real[5] = volatility.reference_num
    real[6] = volatility.reference_den


def import_scalars(desk: Desk, whole: "list[int]", real: "list[float]") -> int:
    """Write what `_export` wrote into the interpreted desk; return now."""
    signals = desk.signals
    volatility = desk.volatility
    orders = desk.orders
    trades = desk.trades
    book = desk.book
    now_ns, orders.position_lots, orders.cash_tick_lots, sound = whole[:4]
    signals.sound = sound != 0
    signals.mid_half_ticks, book.best_bid_ticks, book.best_ask_ticks = whole[4:7]
    signals.seen_ns, trades.count, trades.notional_tick_lots = whole[7:10]
    trades.day, trades.day_notional_tick_lots, trades.losing = whole[10:13]
    signals.mid_ticks, signals.imbalance, volatility.seen_s = real[:3]
    volatility.live_num, volatility.live_den = real[3:5]
    volatility.reference_num, volatility.reference_den = real[5:7]
    return now_ns


def mirror(cls: type, record: Any) -> Any:
    """Return a plain state over a record's memory: arrays are shared, scalars are copies."""
    plain = cls()
    for field in fields_of(cls):
        value = record[field.name]
        if field.length:
            setattr(plain, field.name, memoryview(value))
        elif hasattr(field.type, "__state_fields__"):
            setattr(plain, field.name, mirror(field.type, value))
        else:
            setattr(plain, field.name, value.tolist())
    return plain
