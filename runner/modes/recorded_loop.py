"""Replay what a worker consumed, row by row, and hold its decisions against the recorded ones.

The journal gives the order: account rows, then the mark of a batch, then the commands that came
out. The market rows come from the tape. Nothing is simulated. Like `replay_loop`, this runs
interpreted or compiled.
"""

from connectors.model.events import (
    ACCEPTED,
    AMEND,
    AMEND_UNKNOWN,
    BAND,
    BATCH,
    DECISION,
    EXPOSURE,
    HOLD,
    LIQUIDATED_AT,
    PLACE,
    SCARCITY,
    STEERED,
    STOP,
    UNHEDGED,
    IntColumn,
    RealColumn,
)
from connectors.model.kernel import kernel, state
from connectors.model.orders import Commands
from runner.engine.intake import take_account_row
from runner.engine.logs import (
    DECISION_ROWS,
    DecisionLog,
    FillLog,
    fills_full,
    log_decision,
    mark_fills,
)
from runner.engine.risk import Limits
from runner.engine.steer import steer
from runner.engine.turn import turn
from runner.modes.replay_loop import DONE, PAUSED
from strategies.desk import Desk
from strategies.hedging import hear_band, hear_share
from strategies.liquidation_guard import hear_liquidation

NEVER = -1


@state
class JournalCursor:
    """Where a recorded replay stands, and what did not agree.

    `first_difference` is the journal row of the first command or decision that came out otherwise
    (NEVER: none); `differences` counts them.
    """

    row: int
    market_row: int
    decisions: int
    commands: int
    differences: int
    first_difference: int


def replay_journal(
    desk: Desk,
    limits: Limits,
    commands: Commands,
    fills: FillLog,
    decisions: DecisionLog,
    cursor: JournalCursor,
    j_kind: IntColumn,
    j_now_ns: IntColumn,
    j_client_id: IntColumn,
    j_side: IntColumn,
    j_ticks: IntColumn,
    j_lots: IntColumn,
    j_code: IntColumn,
    j_trade_id: IntColumn,
    j_venue_ns: IntColumn,
    j_real: RealColumn,
    kind: IntColumn,
    ticks: IntColumn,
    lots: IntColumn,
) -> int:
    """Replay until the journal ends (DONE) or a log is full (PAUSED)."""
    rows = len(j_kind)
    row = cursor.row
    while row < rows:
        if fills_full(fills, 1) or decisions.count >= DECISION_ROWS:
            cursor.row = row
            return PAUSED
        what = j_kind[row]
        if ACCEPTED <= what <= AMEND_UNKNOWN:
            take_account_row(
                desk,
                fills,
                what,
                j_client_id[row],
                j_side[row],
                j_ticks[row],
                j_lots[row],
                j_code[row],
                j_trade_id[row],
                j_venue_ns[row],
                j_now_ns[row],
            )
        elif _holds(desk, what, j_code[row], j_lots[row]):
            pass
        elif what == EXPOSURE:
            hear_share(desk, j_code[row], j_lots[row], j_now_ns[row])
        elif what == BAND:
            hear_band(desk, j_lots[row])
        elif what == LIQUIDATED_AT:
            hear_liquidation(
                desk,
                j_code[row] != 0,
                j_lots[row],
                j_ticks[row],
                j_trade_id[row],
                j_client_id[row],
                j_now_ns[row],
            )
        elif what == STEERED:
            steer(desk, limits, j_client_id[row], j_lots[row], j_real[row])
        elif what == BATCH:
            now_ns = j_now_ns[row]
            mark_fills(fills, desk.signals.mid_half_ticks, now_ns)
            first = cursor.market_row
            cursor.market_row = first + j_lots[row]
            if turn(desk, limits, commands, kind, ticks, lots, first, cursor.market_row, now_ns):
                cursor.decisions += 1
                log_decision(decisions, desk, now_ns)
                row = _compare(
                    commands, cursor, row + 1, j_kind, j_client_id, j_side, j_ticks, j_lots, j_code
                )
                continue
        else:
            _differ(cursor, row)
        row += 1
    cursor.row = row
    return DONE


@kernel
def _holds(desk: Desk, what: int, code: int, lots: int) -> bool:
    """Take a row that lets a market want nothing, or less; tell whether it was one."""
    if what == SCARCITY:
        desk.scarcity = lots
        return True
    if what == STOP:
        desk.stopping = True
    elif what == HOLD:
        desk.held = code
    elif what == UNHEDGED:
        desk.exposure.is_unhedged = code != 0
    else:
        return False
    desk.orders.changed = True
    return True


@kernel
def _compare(
    commands: Commands,
    cursor: JournalCursor,
    row: int,
    j_kind: IntColumn,
    j_client_id: IntColumn,
    j_side: IntColumn,
    j_ticks: IntColumn,
    j_lots: IntColumn,
    j_code: IntColumn,
) -> int:
    """Hold the commands against those recorded from `row` on; return the row after the decision's.

    A journal that was cut off inside a batch ends without a difference.
    """
    k = 0
    while row < len(j_kind) and PLACE <= j_kind[row] <= AMEND:
        same = (
            k < commands.count
            and commands.kind[k] == j_kind[row]
            and commands.client_id[k] == j_client_id[row]
            and commands.side[k] == j_side[row]
            and commands.ticks[k] == j_ticks[row]
            and commands.lots[k] == j_lots[row]
            and commands.refused[k] == j_code[row]
        )
        if not same:
            _differ(cursor, row)
        cursor.commands += 1
        k += 1
        row += 1
    if row >= len(j_kind):
        return row
    if k != commands.count or j_kind[row] != DECISION:
        _differ(cursor, row)
        return row
    return row + 1


@kernel
def _differ(cursor: JournalCursor, row: int) -> None:
    """Count a difference and remember the first."""
    if cursor.differences == 0:
        cursor.first_difference = row
    cursor.differences += 1
