"""Drive the compiled simulators with the interpreted decision, as live runs it.

The markets, the exchanges and the signals advance compiled until a decision is due. Then Python
decides over the same memory (`runner.modes.shared`): arrays are views of the compiled records, and
the scalars that the other world changed are copied across.
"""

from collections.abc import Sequence

from connectors.model.orders import Commands
from connectors.sim.exchange import FAR_NS, Exchange
from runner.engine.account import (
    Account,
    Stake,
    look_when_due,
    note_result,
    tell_withheld,
    withhold,
)
from runner.engine.logs import DecisionLog, FillLog
from runner.modes.brinks import tell_brink
from runner.modes.hedges import hedge_horizon, tell_hedge
from runner.modes.merging import Cursor, earliest, take_wallet
from runner.modes.replay_loop import (
    DONE,
    OVERFLOW,
    PAUSED,
    TURN,
    arrive,
    go_on,
    send,
)
from runner.modes.tracks import KIND, LOTS, RECV_NS, TICKS, Tracks, kinds_at, longs_at, ticks_at
from strategies.desk import Desk
from strategies.quoting import is_due, observe

NOBODY = -1


def until_due(
    desks: Sequence[Desk],
    wanted: Sequence[Commands],
    exchanges: Sequence[Exchange],
    cursors: Sequence[Cursor],
    fill_logs: Sequence[FillLog],
    decision_logs: Sequence[DecisionLog],
    stakes: Sequence[Stake],
    accounts: Sequence[Account],
    tracks: Tracks,
    decided: int,
    count: int,
    day: int,
    won_half_tick_lots: int,
) -> int:
    """Send the `count` commands that market `decided` (or NOBODY) wants, then advance.

    `day` and `won_half_tick_lots` are what its decision found of its money. Return TURN when a
    decision of the market `Account.turn` is due, or why there is a pause or an end.
    """
    account = accounts[0]
    if decided != NOBODY:
        desk = desks[decided]
        cursor = cursors[decided]
        desk.decided_ns = cursor.now_ns
        desk.decided_half_ticks = desk.signals.mid_half_ticks
        desk.orders.changed = False
        wanted[decided].count = count
        note_result(stakes[decided], day, won_half_tick_lots)
        now_ns = cursor.now_ns - cursor.shift_ns
        withhold(account, stakes, desks, wanted[decided], decided, now_ns)
        send(exchanges[decided], desk.orders, wanted[decided], cursor.now_ns)
        tell_hedge(stakes, desks, cursors, decided)
    while True:
        m = earliest(cursors)
        desk = desks[m]
        cursor = cursors[m]
        if cursor.turn_ns == FAR_NS:
            return DONE
        if cursor.turn_ns > 0 and not cursor.is_waiting:
            look_when_due(account, stakes, desks, cursor.turn_ns)
            tell_withheld(stakes[m], desk, wanted[m], fill_logs[m], cursor.next_ns)
            arrive(desk, exchanges[m], cursor, fill_logs[m], longs_at(tracks, m, RECV_NS))
            tell_brink(desk, exchanges[m], cursor.now_ns)
            wanted[m].count = 0
            if cursor.local > cursor.first:
                kind = kinds_at(tracks, m, KIND)
                ticks = ticks_at(tracks, m, TICKS)
                lots = longs_at(tracks, m, LOTS)
                observe(desk, kind, ticks, lots, cursor.first, cursor.local, cursor.now_ns)
            if is_due(desk, cursor.now_ns):
                cursor.turn_ns = 0
                account.turn = m
                return TURN
            tell_hedge(stakes, desks, cursors, m)
        horizon_ns = take_wallet(account, exchanges, cursors, m)
        horizon_ns = hedge_horizon(stakes, cursors, m, horizon_ns)
        fills, decisions, stake = fill_logs[m], decision_logs[m], stakes[m]
        status = go_on(exchanges[m], cursor, fills, decisions, stake, tracks, m, horizon_ns)
        if status == PAUSED or status == OVERFLOW:
            return status
