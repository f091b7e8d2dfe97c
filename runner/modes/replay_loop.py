"""Join a recorded market, the simulated exchange and the decision in one loop over time.

Two cursors walk the same tape: the exchange sees rows by the venue's clock, the strategy by ours.
What is earliest happens first; at equal times the market moves before a request is matched, and
both before anything local. This is the only function that replay compiles; it also runs
interpreted, which is how tests hold the two against each other.
"""

from connectors.model.events import IntColumn
from connectors.model.kernel import kernel, state
from connectors.model.orders import SLOTS, Commands, flags_of
from connectors.sim.exchange import (
    FAR_NS,
    Exchange,
    deliver_request,
    next_report_ns,
    next_request_ns,
    on_row,
    report_row,
    submit,
)
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
from runner.engine.turn import turn
from strategies.desk import Desk

DONE = 0
PAUSED = 1
"""Progress is due, or a log is full: drain and call again."""
OVERFLOW = 2
"""A ring of the exchange is full: the run is not to be trusted."""
TURN = 3
"""A batch is ready: local rows [cursor.first, cursor.local) at cursor.now_ns."""

MOST_FILLS_A_TURN = SLOTS * 32


@state
class Cursor:
    """Where a replay stands in both orders of the tape. `next_ns` is the next local moment."""

    first: int
    local: int
    venue: int
    now_ns: int
    next_ns: int
    wake_ns: int
    wake_every_ns: int
    pause_at: int
    turns: int


def replay(
    desk: Desk,
    limits: Limits,
    commands: Commands,
    exchange: Exchange,
    cursor: Cursor,
    fills: FillLog,
    decisions: DecisionLog,
    kind: IntColumn,
    ticks: IntColumn,
    lots: IntColumn,
    recv_ns: IntColumn,
    venue_kind: IntColumn,
    venue_ticks: IntColumn,
    venue_lots: IntColumn,
    venue_ns: IntColumn,
) -> int:
    """Replay until the tape ends or local row `cursor.pause_at` is reached."""
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
        now_ns = cursor.now_ns
        if turn(desk, limits, commands, kind, ticks, lots, cursor.first, cursor.local, now_ns):
            send(exchange, commands, now_ns)
            log_decision(decisions, desk, now_ns)


@kernel
def advance(
    desk: Desk,
    exchange: Exchange,
    cursor: Cursor,
    fills: FillLog,
    decisions: DecisionLog,
    recv_ns: IntColumn,
    venue_kind: IntColumn,
    venue_ticks: IntColumn,
    venue_lots: IntColumn,
    venue_ns: IntColumn,
) -> int:
    """Let everything happen up to the next local batch; take its reports and return TURN."""
    status = approach(
        exchange, cursor, fills, decisions, recv_ns, venue_kind, venue_ticks, venue_lots, venue_ns
    )
    if status == TURN:
        arrive(desk, exchange, cursor, fills, recv_ns)
    return status


@kernel
def approach(
    exchange: Exchange,
    cursor: Cursor,
    fills: FillLog,
    decisions: DecisionLog,
    recv_ns: IntColumn,
    venue_kind: IntColumn,
    venue_ticks: IntColumn,
    venue_lots: IntColumn,
    venue_ns: IntColumn,
) -> int:
    """Let all happen at the exchange that comes before the next local moment; return TURN there."""
    rows = len(recv_ns)
    venue_rows = len(venue_ns)
    il = cursor.local
    iv = cursor.venue
    status = DONE
    while il < rows:
        if exchange.overflow:
            status = OVERFLOW
            break
        now_ns = min(recv_ns[il], next_report_ns(exchange), cursor.wake_ns)
        moment = venue_ns[iv] if iv < venue_rows else FAR_NS
        request = next_request_ns(exchange)
        if moment <= now_ns and moment <= request:
            until = min(now_ns, request)
            while iv < venue_rows and venue_ns[iv] <= until:
                reported = on_row(
                    exchange, venue_kind[iv], venue_ticks[iv], venue_lots[iv], venue_ns[iv]
                )
                iv += 1
                if reported:
                    break
            continue
        if request <= now_ns:
            deliver_request(exchange)
            continue
        if (
            il >= cursor.pause_at
            or fills_full(fills, MOST_FILLS_A_TURN)
            or decisions.count >= DECISION_ROWS
        ):
            status = PAUSED
            break
        cursor.next_ns = now_ns
        status = TURN
        break
    cursor.venue = iv
    return status


@kernel
def arrive(
    desk: Desk, exchange: Exchange, cursor: Cursor, fills: FillLog, recv_ns: IntColumn
) -> None:
    """Take the reports and the rows [cursor.first, cursor.local) that have come by next_ns."""
    now_ns = cursor.next_ns
    take_reports(desk, exchange, fills, now_ns)
    mark_fills(fills, desk.signals.mid_half_ticks, now_ns)
    il = cursor.local
    rows = len(recv_ns)
    cursor.first = il
    while il < rows and recv_ns[il] <= now_ns:
        il += 1
    cursor.local = il
    cursor.now_ns = now_ns
    cursor.wake_ns = now_ns + cursor.wake_every_ns
    cursor.turns += 1


@kernel
def take_reports(desk: Desk, exchange: Exchange, fills: FillLog, now_ns: int) -> None:
    """Apply every report of the exchange that has arrived by now."""
    while next_report_ns(exchange) <= now_ns:
        k = report_row(exchange)
        x = exchange.reports
        take_account_row(
            desk,
            fills,
            x.kind[k],
            x.client_id[k],
            x.side[k],
            x.ticks[k],
            x.lots[k],
            x.code[k],
            x.trade_id[k],
            x.venue_ns[k],
            now_ns,
        )


@kernel
def send(exchange: Exchange, commands: Commands, now_ns: int) -> None:
    """Hand every approved command to the exchange, in order."""
    for k in range(commands.count):
        if commands.refused[k] == 0:
            submit(
                exchange,
                commands.kind[k],
                commands.client_id[k],
                commands.side[k],
                commands.ticks[k],
                commands.lots[k],
                flags_of(commands.client_id[k]),
                now_ns,
            )
