"""Share out what several markets hedge together: who takes how much of a net exposure.

The net exposure is what the hedged markets hold and what every market of the group does. Inside the
band nothing is asked of anybody. Beyond it, it is shared out by the books (`hedge_plan`): the
*anchor* gets it with the band, others get exact parts. It stays so until the exposure is back, a
market that has a share may not act, or has not done its share after `max_hedge_latency_s`.

A market without a share is told to stay where it is; what it has open or without an answer counts
as filled, so that no other one hedges it a second time.
"""

from collections.abc import Sequence

from connectors.model.events import BUY, SELL
from connectors.model.kernel import kernel
from runner.engine.account import Stake
from runner.engine.hedge_plan import plan
from strategies import reasons
from strategies.desk import Desk
from strategies.hedging import IS_PART, IS_WAITING, KNOWN, is_proven, may_hedge, told_code


@kernel
def share_out(stakes: Sequence[Stake], desks: Sequence[Desk], h: int, now_ns: int) -> None:
    """Write what each market of the group of `h` is to hear."""
    _add_up(stakes, desks, h)
    group = stakes[h].group
    net = group.grains + held_grains(stakes, desks, h)
    anchor = desks[group.anchor - 1]
    if abs(net) <= anchor.params.hedge.band_grains:
        group.planned_ns = 0
        _release(stakes, h)
    elif group.known and _is_due(stakes, desks, h, net, now_ns):
        _plan(stakes, desks, h, net, now_ns)
    _tell(stakes, desks, h, net)


@kernel
def _is_due(stakes: Sequence[Stake], desks: Sequence[Desk], h: int, net: int, now_ns: int) -> bool:
    """Tell whether to share out anew, and note who has had its time and has not done it.

    The last one to be tried has as much time again, in which its orders reach further.
    """
    group = stakes[h].group
    if group.planned_ns == 0 or group.is_long != (net > 0):
        _forget(stakes, h)
        return True
    allowed_ns = desks[group.anchor - 1].params.hedge.force_after_ns
    waited_ns = now_ns - group.planned_ns
    if waited_ns >= allowed_ns:
        _spend(stakes, desks, h, net)
        if waited_ns >= 2 * allowed_ns or _has_fresh(stakes, desks, h):
            return True
    return _is_broken(stakes, desks, h, net)


@kernel
def held_grains(stakes: Sequence[Stake], desks: Sequence[Desk], h: int) -> int:
    """Return what the markets of a group hold together."""
    grains = 0
    for n in range(len(stakes)):
        if stakes[n].joins == h + 1:
            grains += _held(desks[n])
    return grains


@kernel
def is_news(stake: Stake, desk: Desk) -> bool:
    """Tell whether a market has not heard yet what it is to hear."""
    part = stake.part
    return desk.exposure.grains != part.told_grains or told_code(desk) != part.told_code


@kernel
def _add_up(stakes: Sequence[Stake], desks: Sequence[Desk], h: int) -> None:
    """Add up what is hedged; a market of the group that has failed makes it unknown, too."""
    group = stakes[h].group
    group.grains = 0
    group.known = True
    for n in range(len(stakes)):
        if stakes[n].joins == h + 1:
            group.known = group.known and desks[n].held & reasons.SUSPENDED == 0
        elif stakes[n].hedged_by == h + 1:
            group.grains += stakes[n].weight_grains * desks[n].orders.position_lots
            group.known = group.known and is_proven(desks[n])


@kernel
def _held(desk: Desk) -> int:
    return desk.orders.position_lots * desk.params.hedge.lot_grains


@kernel
def open_grains(desk: Desk) -> int:
    """Return by how much a position changes once all that may trade does, buys less sells."""
    lots = desk.orders.exposed_lots[BUY] - desk.orders.exposed_lots[SELL]
    return lots * desk.params.hedge.lot_grains


@kernel
def _left_grains(stake: Stake, desk: Desk) -> int:
    """Return how far a market other than the anchor is still to go, or may be going."""
    if stake.part.is_shared:
        return stake.part.target_grains - _held(desk)
    return open_grains(desk)


@kernel
def _release(stakes: Sequence[Stake], h: int) -> None:
    """Take every part back."""
    for n in range(len(stakes)):
        if stakes[n].joins == h + 1:
            stakes[n].part.is_shared = False


@kernel
def _forget(stakes: Sequence[Stake], h: int) -> None:
    """Let every market be tried again."""
    for n in range(len(stakes)):
        if stakes[n].joins == h + 1:
            stakes[n].part.is_spent = False


@kernel
def _spend(stakes: Sequence[Stake], desks: Sequence[Desk], h: int, net: int) -> None:
    """Note who was asked, and has not done it."""
    anchor = stakes[h].group.anchor - 1
    others = 0
    for n in range(len(stakes)):
        if stakes[n].joins == h + 1 and n != anchor:
            left = _left_grains(stakes[n], desks[n])
            others += left
            if stakes[n].part.is_shared and left != 0:
                stakes[n].part.is_spent = True
    if abs(net + others) > desks[anchor].params.hedge.band_grains:
        stakes[anchor].part.is_spent = True


@kernel
def _has_fresh(stakes: Sequence[Stake], desks: Sequence[Desk], h: int) -> bool:
    """Tell whether there is a market that was not tried."""
    for n in range(len(stakes)):
        if stakes[n].joins == h + 1 and not stakes[n].part.is_spent and may_hedge(desks[n]):
            return True
    return False


@kernel
def _is_broken(stakes: Sequence[Stake], desks: Sequence[Desk], h: int, net: int) -> bool:
    """Tell whether a market may not act on its share, or the parts are more than there is."""
    anchor = stakes[h].group.anchor - 1
    is_stuck = False
    may_any = False
    after = net
    for n in range(len(stakes)):
        if stakes[n].joins != h + 1:
            continue
        may = may_hedge(desks[n])
        may_any = may_any or may
        is_stuck = is_stuck or (not may and (n == anchor or stakes[n].part.is_shared))
        if n != anchor and stakes[n].part.is_shared:
            after += _left_grains(stakes[n], desks[n])
    return (is_stuck and may_any) or (after != 0 and (after > 0) != (net > 0))


@kernel
def _plan(stakes: Sequence[Stake], desks: Sequence[Desk], h: int, net: int, now_ns: int) -> None:
    """Share out what nothing that is open would hedge; where that is nothing, only move the band
    from a market that may not act."""
    if not _nominate(stakes, desks, h):
        return
    group = stakes[h].group
    wanted = net
    for n in range(len(stakes)):
        if stakes[n].joins == h + 1:
            wanted += open_grains(desks[n])
    band = desks[group.anchor - 1].params.hedge.band_grains
    if abs(wanted) <= band or (wanted > 0) != (net > 0):
        if not may_hedge(desks[group.anchor - 1]):
            _move_anchor(stakes, h)
        return
    group.planned_ns = now_ns
    group.is_long = net > 0
    _release(stakes, h)
    side = SELL if wanted > 0 else BUY
    plan(stakes, desks, h, side, abs(wanted), band)
    sign = -1 if side == SELL else 1
    for n in range(len(stakes)):
        if stakes[n].joins == h + 1 and stakes[n].part.is_shared:
            taken = stakes[n].offer.taken_lots * desks[n].params.hedge.lot_grains
            target = _held(desks[n]) + open_grains(desks[n]) + sign * taken
            stakes[n].part.target_grains = target


@kernel
def _nominate(stakes: Sequence[Stake], desks: Sequence[Desk], h: int) -> bool:
    """Mark who may be asked: those not tried yet or, after all were, all others than the anchor;
    tell whether there is one."""
    is_fresh = _has_fresh(stakes, desks, h)
    anchor = stakes[h].group.anchor - 1
    found = 0
    for n in range(len(stakes)):
        if stakes[n].joins == h + 1:
            part = stakes[n].part
            if not is_fresh:
                part.is_spent = n == anchor
            part.is_candidate = may_hedge(desks[n]) and not part.is_spent
            found += 1 if part.is_candidate else 0
    if found == 0 and may_hedge(desks[anchor]):
        stakes[anchor].part.is_candidate = True
        found = 1
    return found > 0


@kernel
def _move_anchor(stakes: Sequence[Stake], h: int) -> None:
    """Give the band to the first market that may act."""
    for n in range(len(stakes)):
        if stakes[n].joins == h + 1 and stakes[n].part.is_candidate:
            stakes[h].group.anchor = n + 1
            stakes[n].part.is_shared = False
            return


@kernel
def _tell(stakes: Sequence[Stake], desks: Sequence[Desk], h: int, net: int) -> None:
    """Write every share; all of them, and what is open elsewhere, come to the net exposure."""
    group = stakes[h].group
    anchor = group.anchor - 1
    known = KNOWN if group.known else 0
    rest = group.grains
    for n in range(len(stakes)):
        if stakes[n].joins == h + 1 and n != anchor:
            part = stakes[n].part
            rest += _held(desks[n]) + _left_grains(stakes[n], desks[n])
            part.told_code = known + IS_PART
            part.told_grains = -part.target_grains if part.is_shared else -_held(desks[n])
    band = desks[anchor].params.hedge.band_grains
    is_waiting = abs(net) > band and abs(rest + _held(desks[anchor])) <= band
    stakes[anchor].part.told_grains = rest
    stakes[anchor].part.told_code = known + IS_WAITING if is_waiting else known
