"""Drive the compiled simulator with the interpreted decision, as live runs it.

The market, the exchange and the signals advance compiled until a decision is due. Then Python
decides over the same memory (`runner.modes.shared`): arrays are views of the compiled records, and
the scalars that the other world changed are copied across.
"""

from collections.abc import Sequence

from connectors.model.events import IntColumn
from connectors.model.orders import Commands
from connectors.sim.exchange import Exchange
from runner.engine.logs import DecisionLog, FillLog
from runner.modes.replay_loop import TURN, Cursor, advance, send
from strategies.desk import Desk
from strategies.quoting import is_due, observe


def until_due(
    desks: Sequence[Desk],
    wanted: Sequence[Commands],
    exchanges: Sequence[Exchange],
    cursors: Sequence[Cursor],
    fill_logs: Sequence[FillLog],
    decision_logs: Sequence[DecisionLog],
    decided: bool,
    count: int,
    kind: IntColumn,
    ticks: IntColumn,
    lots: IntColumn,
    recv_ns: IntColumn,
    venue_kind: IntColumn,
    venue_ticks: IntColumn,
    venue_lots: IntColumn,
    venue_ns: IntColumn,
) -> int:
    """Send the `count` commands that were decided, if any, then advance.

    Return TURN when a decision is due, or why there is a pause or an end.
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
        desk.decided_half_ticks = desk.signals.mid_half_ticks
        desk.orders.changed = False
        commands.count = count
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
            return status
