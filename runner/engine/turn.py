"""Take one turn of a worker: a batch in, reviewed commands out. The same live and in replay."""

from connectors.model.events import IntColumn
from connectors.model.kernel import kernel
from connectors.model.orders import Commands
from runner.engine.brakes import LETS_LEAVE, LETS_SAVE, brake
from runner.engine.risk import Limits, review
from strategies.desk import Desk
from strategies.hedging import note_sent
from strategies.liquidation_guard import saves
from strategies.orders import diff
from strategies.quoting import hold, step
from strategies.tally import account_reasons, account_resting


@kernel
def turn(
    desk: Desk,
    limits: Limits,
    commands: Commands,
    kind: IntColumn,
    ticks: IntColumn,
    lots: IntColumn,
    i: int,
    j: int,
    now_ns: int,
) -> bool:
    """Observe the rows [i, j), decide if due, compare and review; tell whether it decided."""
    commands.count = 0
    if not step(desk, kind, ticks, lots, i, j, now_ns):
        return False
    conclude(desk, limits, commands, now_ns)
    return True


@kernel
def conclude(desk: Desk, limits: Limits, commands: Commands, now_ns: int) -> None:
    """Turn fresh quotes into reviewed commands, and account for the reasons.

    A brake that is on takes both sides' quotes away first; what rests is then cancelled. Most take
    away an order that takes as well, except one that saves a position from its liquidation.
    """
    on = brake(limits.brakes, desk, now_ns)
    if on != 0:
        hold(desk.quotes, on)
        lets_take = LETS_SAVE if saves(desk) else LETS_LEAVE
        if on & ~lets_take != 0:
            desk.quotes.take_lots = 0
    diff(desk, commands, now_ns)
    review(desk, limits, commands, now_ns)
    if desk.params.hedge.on:
        note_sent(desk, commands, now_ns)
    account_reasons(desk.tally, desk.quotes, now_ns)
    account_resting(desk.tally, desk.orders, now_ns)
