"""Make desks with one gate on."""

from typing import Any

from connectors.model.events import BUY, SELL
from connectors.model.orders import LEVELS
from strategies.desk import Desk
from strategies.quoting import decide
from strategies.trades import count_fill
from tests.support import MID_TICKS, NOW_NS, shown_desk


def gated(gate: str, position: int = 0, /, knobs: Any = None, **params: Any) -> Desk:
    """Return a desk with this gate on, its `knobs` set, and a position."""
    desk = shown_desk(**{"warmup_s": 0.0, **params})
    desk.orders.position_lots = position
    turn_on(desk, gate, **(knobs or {}))
    return desk


def turn_on(desk: Desk, gate: str, **knobs: Any) -> None:
    """Turn a gate on."""
    desk.params.gates.on = True
    target = getattr(desk.params.gates, gate)
    target.on = True
    for name, value in knobs.items():
        if isinstance(value, (list, tuple)):
            getattr(target, name)[: len(value)] = list(value)
        else:
            setattr(target, name, value)


def at(desk: Desk, now_ns: int = NOW_NS) -> Desk:
    """Decide at a moment."""
    decide(desk, now_ns)
    return desk


def fill(desk: Desk, side: int, now_ns: int, ticks: int = MID_TICKS) -> None:
    """Let the desk know of a fill of one lot, without moving its position."""
    count_fill(desk.trades, side, ticks, 1, now_ns)
    desk.orders.last_fill_ns[side] = now_ns


def sizes(desk: Desk) -> tuple[int, int]:
    """Return the lots wanted at the first level of each side."""
    return desk.quotes.lots[BUY * LEVELS], desk.quotes.lots[SELL * LEVELS]


def prices(desk: Desk) -> tuple[int, int]:
    """Return the ticks of the first level of each side."""
    return desk.quotes.ticks[BUY * LEVELS], desk.quotes.ticks[SELL * LEVELS]


def has(desk: Desk, side: int, reason: int) -> bool:
    """Tell whether a side carries a reason."""
    return desk.quotes.reasons[side] & reason != 0
