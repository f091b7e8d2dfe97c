"""Join recorded markets, their simulated exchanges and the decisions in one loop over time.

Two cursors walk each tape: the exchange sees rows by the venue's clock, the strategy by ours.
What is earliest happens first; at equal times the market moves before a request is matched, and
both before anything local. Each market goes as far as its next local moment; of those the earliest
comes first, and at equal times the market with the lower number. What stands between the markets is
the account. `replay` is the only function that replay compiles; it also runs interpreted, which is
how tests hold the two against each other.
"""

from collections.abc import Sequence

from connectors.model.events import IntColumn
from connectors.model.kernel import kernel
from connectors.model.orders import SLOTS, Commands, Orders, sent_flags
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
from runner.engine.account import (
    Account,
    Stake,
    look_when_due,
    note_result,
    tell_withheld,
    withhold,
    won_today,
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
from runner.modes.brinks import tell_brink
from runner.modes.hedges import hedge_horizon, tell_hedge
from runner.modes.merging import Cursor, earliest, take_wallet
from runner.modes.tracks import (
    KIND,
    LOTS,
    RECV_NS,
    TICKS,
    VENUE_KIND,
    VENUE_LOTS,
    VENUE_NS,
    VENUE_TICKS,
    Tracks,
    kinds_at,
    longs_at,
    ticks_at,
)
from strategies.desk import Desk

DONE = 0
PAUSED = 1
"""Progress is due, or a log is full: drain and call again."""
OVERFLOW = 2
"""A ring of the exchange is full: the run is not to be trusted."""
TURN = 3
"""The next local moment, cursor.next_ns, is reached: a batch is ready."""
WAIT = 4
"""The exchange waits at cursor.next_ns for others that share its wallet."""

MOST_FILLS_A_TURN = SLOTS * 32


def replay(
    desks: Sequence[Desk],
    limits: Sequence[Limits],
    wanted: Sequence[Commands],
    exchanges: Sequence[Exchange],
    cursors: Sequence[Cursor],
    fill_logs: Sequence[FillLog],
    decision_logs: Sequence[DecisionLog],
    stakes: Sequence[Stake],
    accounts: Sequence[Account],
    tracks: Tracks,
) -> int:
    """Replay until every tape ends, or until a market's `pause_at` or a full log."""
    account = accounts[0]
    while True:
        m = earliest(cursors)
        cursor = cursors[m]
        if cursor.turn_ns == FAR_NS:
            return DONE
        desk = desks[m]
        commands = wanted[m]
        exchange = exchanges[m]
        fills = fill_logs[m]
        decisions = decision_logs[m]
        if cursor.turn_ns > 0 and not cursor.is_waiting:
            look_when_due(account, stakes, desks, cursor.turn_ns)
            tell_withheld(stakes[m], desk, commands, fills, cursor.next_ns)
            arrive(desk, exchange, cursor, fills, longs_at(tracks, m, RECV_NS))
            tell_brink(desk, exchange, cursor.now_ns)
            kind = kinds_at(tracks, m, KIND)
            ticks = ticks_at(tracks, m, TICKS)
            lots = longs_at(tracks, m, LOTS)
            i, j, now_ns = cursor.first, cursor.local, cursor.now_ns
            if turn(desk, limits[m], commands, kind, ticks, lots, i, j, now_ns):
                brakes = limits[m].brakes
                note_result(stakes[m], brakes.day, won_today(brakes))
                withhold(account, stakes, desks, commands, m, cursor.turn_ns)
                send(exchange, desk.orders, commands, now_ns)
                log_decision(decisions, desk, now_ns)
            tell_hedge(stakes, desks, cursors, m)
        horizon_ns = take_wallet(account, exchanges, cursors, m)
        horizon_ns = hedge_horizon(stakes, cursors, m, horizon_ns)
        status = go_on(exchange, cursor, fills, decisions, stakes[m], tracks, m, horizon_ns)
        if status == PAUSED or status == OVERFLOW:
            return status


@kernel
def go_on(
    exchange: Exchange,
    cursor: Cursor,
    fills: FillLog,
    decisions: DecisionLog,
    stake: Stake,
    tracks: Tracks,
    m: int,
    horizon_ns: int,
) -> int:
    """Take market `m` as far as its next local moment or the horizon, and note when that is."""
    status = approach(
        exchange,
        cursor,
        fills,
        decisions,
        longs_at(tracks, m, RECV_NS),
        kinds_at(tracks, m, VENUE_KIND),
        ticks_at(tracks, m, VENUE_TICKS),
        longs_at(tracks, m, VENUE_LOTS),
        longs_at(tracks, m, VENUE_NS),
        horizon_ns,
    )
    cursor.turn_ns = 0
    cursor.is_waiting = status == WAIT
    if status == TURN or status == WAIT:
        cursor.turn_ns = cursor.next_ns - cursor.shift_ns
    elif status == DONE:
        cursor.turn_ns = FAR_NS
        stake.is_over = True
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
    horizon_ns: int,
) -> int:
    """Let all happen at the exchange that comes before the next local moment; return TURN there.

    Return WAIT where the exchange would pass the horizon.
    """
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
        if min(moment, request) > horizon_ns and min(moment, request) <= now_ns:
            cursor.next_ns = min(moment, request)
            status = WAIT
            break
        if moment <= now_ns and moment <= request:
            until = min(now_ns, request, horizon_ns)
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
def send(exchange: Exchange, orders: Orders, commands: Commands, now_ns: int) -> None:
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
                sent_flags(orders, commands.client_id[k]),
                now_ns,
            )
