"""Do what the schedule asks for: keep both sides away, and take the position where it should be.

A move only reduces: one clip at a time, at the touch or a little beyond, until no more than its
tolerance, or than the smallest order, is left. What it cannot reach by reducing is left to the
quotes. While it runs nothing is quoted; when its time is over it ends, wherever it has come.
"""

from connectors.model.events import BUY, SELL
from connectors.model.kernel import kernel
from strategies import reasons as why
from strategies.desk import Desk
from strategies.gates.effect import pull_both
from strategies.gates.leaving import limit_ticks
from strategies.scheduled import (
    FLATTENS,
    MOVE_S,
    PAUSED,
    SLIPPAGE_PPM,
    STEP_MS,
    TOLERANCE_MILLICLIPS,
    is_moving,
)

MS_NS = 1_000_000
PPM_OF_A_BP = 100.0


@kernel
def look(desk: Desk, now_ns: int) -> None:
    """Pull both sides in a pause and while a move runs, and let the move take its next step."""
    asked = desk.scheduled.asked
    if asked[PAUSED] > 0:
        pull_both(desk.quotes, why.HOURS)
    if is_moving(desk.scheduled, now_ns):
        _move(desk, now_ns)


@kernel
def _move(desk: Desk, now_ns: int) -> None:
    asked = desk.scheduled.asked
    held = desk.orders.position_lots
    lots = surplus_lots(held, 0.0 if asked[FLATTENS] > 0 else desk.quotes.target_lots)
    is_explained = desk.holding.lots == held
    tolerance_lots = asked[TOLERANCE_MILLICLIPS] * desk.params.order_lots // 1000
    if is_explained and lots <= max(tolerance_lots, desk.params.min_lots - 1):
        desk.scheduled.moved_s = asked[MOVE_S]
        return
    quotes = desk.quotes
    pull_both(quotes, why.HOURS)
    if not is_explained or now_ns - desk.gates.leaving.took_ns < asked[STEP_MS] * MS_NS:
        return
    side = SELL if held > 0 else BUY
    step = _step_lots(desk, lots)
    quotes.take_lots = step if side == BUY else -step
    quotes.take_ticks = limit_ticks(desk, side, asked[SLIPPAGE_PPM] / PPM_OF_A_BP)
    quotes.take_reasons |= why.HOURS


@kernel
def surplus_lots(held_lots: int, aim_lots: float) -> int:
    """Return by how many lots a position lies beyond its aim, on its own side of flat."""
    if held_lots > 0:
        return held_lots - int(min(max(aim_lots, 0.0), held_lots))
    return -held_lots + int(max(min(aim_lots, 0.0), held_lots))


@kernel
def _step_lots(desk: Desk, lots: int) -> int:
    """Return what one order takes: a clip, and with it a rest that would be no order of its own."""
    clip = max(desk.params.order_lots, desk.params.min_lots)
    if lots < clip + desk.params.min_lots:
        clip = lots
    return min(clip, desk.params.gates.most_take_lots)
