"""Make a stand-in of a worker: real state, and fills that a test adds."""

from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from connectors.model.events import BUY
from connectors.model.instrument import Instrument
from runner.engine.history import History
from runner.engine.logs import DecisionLog, FillLog, log_fill
from strategies.desk import Desk
from strategies.signals.markout import HORIZONS

BTCUSDT = Instrument("BTCUSDT", "BTC", "USDT", Decimal("0.1"), Decimal("0.001"))


def worker(name: str = "btc") -> Any:
    """Return a worker that has seen no batch."""
    return SimpleNamespace(
        market=SimpleNamespace(name=name, instrument=BTCUSDT, desk=Desk()),
        fills=FillLog(),
        decisions=DecisionLog(),
        history=History(),
        opening_mark_half_ticks=0,
        last_batch_ns=0,
    )


def fill(given: Any, side: int, ticks: int, lots: int, role: int, recv_ns: int = 1) -> None:
    """Let a worker take a fill, as its loop does."""
    desk, log = given.market.desk, given.fills
    number = len(given.history.fills["recv_ns"]) + log.count + 1
    log_fill(log, desk, 2048 * number, side, ticks, lots, role, number, recv_ns, recv_ns)
    desk.orders.position_lots += lots if side == BUY else -lots


def drain(given: Any, marked: int) -> None:
    """Let a worker move so many fills to its history."""
    given.fills.marked[:] = [marked] * HORIZONS
    given.history.take(given.fills, given.decisions)


def mark(given: Any, half_ticks: int) -> None:
    """Give a worker a mid."""
    signals = given.market.desk.signals
    signals.sound, signals.mid_half_ticks = True, half_ticks
    given.opening_mark_half_ticks = given.opening_mark_half_ticks or half_ticks
