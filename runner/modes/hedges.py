"""Let a replayed market that hedges hear what the others hold, at the moment at which it changes.

As live does (`runner.engine.hedger`): after the turn of a market that is hedged, at its own stamp.
The exchange of the hedge waits for the others, so that what it is sent then is not too late.
"""

from collections.abc import Sequence

from connectors.model.kernel import kernel
from runner.engine.account import Stake
from runner.engine.hedge_group import held_grains, is_news, share_out
from runner.modes.merging import Cursor
from strategies.desk import Desk
from strategies.hedging import hear_exposure, hear_share, is_over_budget, is_proven


@kernel
def tell_hedge(
    stakes: Sequence[Stake], desks: Sequence[Desk], cursors: Sequence[Cursor], m: int
) -> None:
    """After a turn of market `m`, let its hedge have a turn too, and hold what it hedges."""
    h = max(stakes[m].hedged_by, stakes[m].joins) - 1
    if h < 0:
        return
    if stakes[h].joins > 0:
        _tell_group(stakes, desks, cursors, h, m)
        return
    grains = 0
    known = True
    for n in range(len(stakes)):
        if n != h and stakes[n].hedged_by == h + 1:
            grains += stakes[n].weight_grains * desks[n].orders.position_lots
            known = known and is_proven(desks[n])
    told = desks[h].exposure
    is_news = told.grains != grains or told.known != known
    if is_news and h != m and desks[h].signals.seen_ns > 0 and not stakes[h].is_over:
        _wake(cursors[h], cursors[m].now_ns - cursors[m].shift_ns)
        hear_exposure(desks[h], known, grains, cursors[h].next_ns)
    _hold(stakes, desks, h, h, grains)


@kernel
def _tell_group(
    stakes: Sequence[Stake], desks: Sequence[Desk], cursors: Sequence[Cursor], h: int, m: int
) -> None:
    """Let each market of a group hear its share, the one with the band last."""
    share_out(stakes, desks, h, cursors[m].now_ns - cursors[m].shift_ns)
    group = stakes[h].group
    anchor = group.anchor - 1
    for n in range(len(stakes)):
        if stakes[n].joins == h + 1 and n != anchor:
            _tell_share(stakes[n], desks[n], cursors, n, m)
    _tell_share(stakes[anchor], desks[anchor], cursors, anchor, m)
    grains = group.grains + held_grains(stakes, desks, h)
    lots = desks[anchor].orders.position_lots
    _hold(stakes, desks, h, anchor, grains - lots * desks[anchor].params.hedge.lot_grains)


@kernel
def _tell_share(stake: Stake, desk: Desk, cursors: Sequence[Cursor], n: int, m: int) -> None:
    """Let a market hear a share that is new, and decide on it at this moment."""
    if desk.signals.seen_ns <= 0 or stake.is_over or not is_news(stake, desk):
        return
    if n == m:
        cursors[m].wake_ns = cursors[m].now_ns
        hear_share(desk, stake.part.told_code, stake.part.told_grains, cursors[m].now_ns)
        return
    _wake(cursors[n], cursors[m].now_ns - cursors[m].shift_ns)
    hear_share(desk, stake.part.told_code, stake.part.told_grains, cursors[n].next_ns)


@kernel
def _wake(cursor: Cursor, turn_ns: int) -> None:
    """Give a market a turn at a moment of the common clock."""
    cursor.turn_ns = turn_ns
    cursor.next_ns = turn_ns + cursor.shift_ns
    cursor.is_waiting = False


@kernel
def _hold(stakes: Sequence[Stake], desks: Sequence[Desk], h: int, judge: int, grains: int) -> None:
    """Let the hedged markets want nothing while too much is unhedged, as `judge` values it."""
    is_over = is_over_budget(desks[judge], grains, stakes[h].is_unhedged)
    stakes[h].is_unhedged = is_over
    for n in range(len(stakes)):
        if n != h and stakes[n].hedged_by == h + 1 and desks[n].exposure.is_unhedged != is_over:
            desks[n].exposure.is_unhedged = is_over
            desks[n].orders.changed = True


@kernel
def hedge_horizon(
    stakes: Sequence[Stake], cursors: Sequence[Cursor], m: int, horizon_ns: int
) -> int:
    """Return up to when a market's exchange may go on: a hedge's not past the others' turns."""
    h = stakes[m].joins - 1
    if h < 0 and stakes[m].hedged_by == m + 1:
        h = m
    if h >= 0:
        for n in range(len(stakes)):
            if n != m and (stakes[n].hedged_by == h + 1 or stakes[n].joins == h + 1):
                horizon_ns = min(horizon_ns, cursors[n].turn_ns + cursors[m].shift_ns)
    return horizon_ns
