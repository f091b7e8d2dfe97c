"""Replay several markets in one loop, by the time at which we receive: live's one event loop.

Each market keeps its own exchange, desk and cursor, and goes as far as its next local moment. Then
the earliest moment of all comes first, and at equal times the market with the lower number. What
stands between the markets is the account.
"""

from collections.abc import Sequence

from connectors.model.kernel import kernel, state
from connectors.model.orders import Commands
from connectors.sim.exchange import FAR_NS, Exchange
from runner.engine.account import Account, Stake, look_when_due, release_withheld, withhold
from runner.engine.logs import DecisionLog, FillLog, log_decision
from runner.engine.risk import Limits
from runner.engine.turn import turn
from runner.modes.replay_loop import DONE, TURN, Cursor, approach, arrive, send
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


@state
class Lane:
    """When a market's next local moment comes, by the clock that recorded all of them.

    `next_ns` is 0 before it is known and FAR_NS once the tape has ended. `shift_ns` is what was
    added to the tape's clock.
    """

    next_ns: int
    shift_ns: int


def replay_merged(
    desks: Sequence[Desk],
    limits: Sequence[Limits],
    wanted: Sequence[Commands],
    exchanges: Sequence[Exchange],
    cursors: Sequence[Cursor],
    fill_logs: Sequence[FillLog],
    decision_logs: Sequence[DecisionLog],
    lanes: Sequence[Lane],
    stakes: Sequence[Stake],
    accounts: Sequence[Account],
    tracks: Tracks,
) -> int:
    """Replay until every tape ends, or until a market's `pause_at` or a full log."""
    account = accounts[0]
    while True:
        m = earliest(lanes)
        lane = lanes[m]
        desk = desks[m]
        commands = wanted[m]
        exchange = exchanges[m]
        cursor = cursors[m]
        fills = fill_logs[m]
        decisions = decision_logs[m]
        recv_ns = longs_at(tracks, m, RECV_NS)
        if lane.next_ns == FAR_NS:
            return DONE
        if lane.next_ns > 0:
            look_when_due(account, stakes, desks, limits, lane.next_ns)
            release_withheld(stakes[m], desk, commands, fills, cursor.next_ns)
            arrive(desk, exchange, cursor, fills, recv_ns)
            now_ns = cursor.now_ns
            kind = kinds_at(tracks, m, KIND)
            ticks = ticks_at(tracks, m, TICKS)
            lots = longs_at(tracks, m, LOTS)
            first = cursor.first
            if turn(desk, limits[m], commands, kind, ticks, lots, first, cursor.local, now_ns):
                withhold(account, stakes, desks, commands, m, now_ns)
                send(exchange, commands, now_ns)
                log_decision(decisions, desk, now_ns)
        status = approach(
            exchange,
            cursor,
            fills,
            decisions,
            recv_ns,
            kinds_at(tracks, m, VENUE_KIND),
            ticks_at(tracks, m, VENUE_TICKS),
            longs_at(tracks, m, VENUE_LOTS),
            longs_at(tracks, m, VENUE_NS),
        )
        if status == TURN:
            lane.next_ns = cursor.next_ns - lane.shift_ns
        elif status == DONE:
            lane.next_ns = FAR_NS
            stakes[m].is_over = True
        else:
            lane.next_ns = 0
            return status


@kernel
def earliest(lanes: Sequence[Lane]) -> int:
    """Return the market whose next local moment comes first; one that knows none yet is first."""
    best = 0
    for m in range(1, len(lanes)):
        if lanes[m].next_ns < lanes[best].next_ns:
            best = m
    return best
