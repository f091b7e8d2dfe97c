"""Plan where a group of markets takes what is to be hedged: at one of them, or at several.

What can be filled comes before what it costs, but for less than the coarsest order; then comes the
market that holds what is to be closed; then the cheapest. The same order as of
`strategies.routing.route`, which plans exactly and knows no positions.
"""

from collections.abc import Sequence

from connectors.model.events import BUY, SELL
from connectors.model.kernel import kernel
from runner.engine.account import Stake
from strategies.desk import Desk
from strategies.hedging import least_lots, wanted_lots
from strategies.inventory import room_lots
from strategies.routing.offer import (
    find_level,
    open_offer,
    take_best,
    take_level,
    unit_cost,
    unit_price,
)

BEST_PRICE = 0
MIN_COST = 1
SPLIT = 2
"""How places are compared."""


@kernel
def plan(
    stakes: Sequence[Stake], desks: Sequence[Desk], h: int, side: int, net: int, band: int
) -> None:
    """Choose the anchor among the candidates, and mark those that take a part beside it.

    `net` grains are to come down to `band`; of those marked, `offer.taken_lots` is the part.
    """
    for n in range(len(stakes)):
        if stakes[n].joins == h + 1:
            stakes[n].part.is_left_out = False
            _limit(stakes[n], desks[n], side)
    legs = 0
    if stakes[h].group.way == SPLIT:
        legs = _split(stakes, desks, h, side, net - band)
    if legs > 1:
        anchor = _largest(stakes, desks, h)
        for n in range(len(stakes)):
            if n != anchor and _is_asked(stakes[n], h):
                stakes[n].part.is_shared = stakes[n].offer.taken_lots > 0
    else:
        for n in range(len(stakes)):
            stakes[n].part.is_left_out = False
        anchor = _one(stakes, desks, h, side, net, band)
    stakes[h].group.anchor = anchor + 1


@kernel
def _is_asked(stake: Stake, h: int) -> bool:
    """Tell whether a market of the group is reckoned with."""
    return stake.joins == h + 1 and stake.part.is_candidate and not stake.part.is_left_out


@kernel
def _limit(stake: Stake, desk: Desk, side: int) -> None:
    """Note how much an order of a side may come to, and how much of it closes a position."""
    orders = desk.orders
    open_lots = orders.exposed_lots[side]
    held = orders.position_lots if side == SELL else -orders.position_lots
    room = room_lots(desk.params, orders, side, touch_of(desk, side)) - open_lots
    stake.part.most_lots = max(0, room)
    stake.part.closing_lots = max(0, min(held - open_lots, room))


@kernel
def touch_of(desk: Desk, side: int) -> int:
    """Return where an order of a side would rest."""
    return desk.book.best_bid_ticks if side == BUY else desk.book.best_ask_ticks


@kernel
def _one(
    stakes: Sequence[Stake], desks: Sequence[Desk], h: int, side: int, net: int, band: int
) -> int:
    """Return the market that is to take all of it."""
    coarse = 1
    for n in range(len(stakes)):
        if _is_asked(stakes[n], h):
            _ask(stakes[n], desks[n], side, net, band)
            least = least_lots(desks[n], touch_of(desks[n], side))
            coarse = max(coarse, least * desks[n].params.hedge.lot_grains)
    best = -1
    for n in range(len(stakes)):
        if _is_asked(stakes[n], h):
            if best < 0 or _is_better(stakes, desks, h, side, n, best, net - band, coarse):
                best = n
    return best


@kernel
def _ask(stake: Stake, desk: Desk, side: int, net: int, band: int) -> None:
    """Walk the book of one market for all of it; less than its smallest order is nothing."""
    open_offer(stake.offer, desk.book, side, desk.params.hedge.slippage_bps)
    touch_ticks = touch_of(desk, side)
    least = least_lots(desk, touch_ticks)
    lots = min(wanted_lots(desk, net, band, touch_ticks), stake.part.most_lots)
    if lots >= least:
        take_best(stake.offer, desk.book, side, lots)
    if stake.offer.taken_lots < least:
        stake.offer.taken_lots = 0


@kernel
def _is_better(
    stakes: Sequence[Stake],
    desks: Sequence[Desk],
    h: int,
    side: int,
    n: int,
    best: int,
    beyond: int,
    coarse: int,
) -> bool:
    """Tell whether a market is to be preferred to another."""
    if stakes[n].offer.taken_lots == 0 or stakes[best].offer.taken_lots == 0:
        return stakes[n].offer.taken_lots > 0
    missing = _missing(stakes[n], desks[n], beyond) // coarse
    other = _missing(stakes[best], desks[best], beyond) // coarse
    if missing != other:
        return missing < other
    closes, other_closes = _closes(stakes[n]), _closes(stakes[best])
    if closes != other_closes:
        return closes
    way = stakes[h].group.way
    return _unit(stakes[n], side, way) < _unit(stakes[best], side, way)


@kernel
def _missing(stake: Stake, desk: Desk, beyond: int) -> int:
    return max(0, beyond - stake.offer.taken_lots * desk.params.hedge.lot_grains)


@kernel
def _closes(stake: Stake) -> bool:
    return stake.part.closing_lots >= stake.offer.taken_lots


@kernel
def _unit(stake: Stake, side: int, way: int) -> float:
    """Return what a unit comes to, of what was taken."""
    mean_ticks = stake.offer.paid_tick_lots / stake.offer.taken_lots
    if way == BEST_PRICE:
        return unit_price(stake.offer, side, mean_ticks)
    return unit_cost(stake.offer, side, mean_ticks)


@kernel
def _split(stakes: Sequence[Stake], desks: Sequence[Desk], h: int, side: int, beyond: int) -> int:
    """Take the cheapest levels of all; return how many markets take part.

    What closes a position comes first. A part too small to send is offered to the others.
    """
    while True:
        for n in range(len(stakes)):
            if _is_asked(stakes[n], h):
                slippage_bps = desks[n].params.hedge.slippage_bps
                open_offer(stakes[n].offer, desks[n].book, side, slippage_bps)
        left = _fill(stakes, desks, h, side, beyond, True)
        _fill(stakes, desks, h, side, left, False)
        small = _smallest(stakes, desks, h, side)
        if small < 0:
            return _legs(stakes, h)
        stakes[small].part.is_left_out = True


@kernel
def _fill(
    stakes: Sequence[Stake],
    desks: Sequence[Desk],
    h: int,
    side: int,
    left: int,
    closing: bool,
) -> int:
    """Take levels, the cheapest first, up to each market's limit; return what is left."""
    while left > 0:
        best = -1
        best_cost = 0.0
        for n in range(len(stakes)):
            if not _is_asked(stakes[n], h):
                continue
            if _more(stakes[n], desks[n], left, closing) == 0:
                continue
            if not find_level(stakes[n].offer, desks[n].book, side):
                continue
            cost = unit_cost(stakes[n].offer, side, float(stakes[n].offer.ticks))
            if best < 0 or cost < best_cost:
                best = n
                best_cost = cost
        if best < 0:
            return left
        lots = take_level(stakes[best].offer, _more(stakes[best], desks[best], left, closing))
        left -= lots * desks[best].params.hedge.lot_grains
    return left


@kernel
def _more(stake: Stake, desk: Desk, left: int, closing: bool) -> int:
    """Return how many lots more a market may take of what is left."""
    most = stake.part.closing_lots if closing else stake.part.most_lots
    lots = min(most - stake.offer.taken_lots, left // desk.params.hedge.lot_grains)
    return max(0, lots)


@kernel
def _smallest(stakes: Sequence[Stake], desks: Sequence[Desk], h: int, side: int) -> int:
    """Return the market with the least part that is too small to send; -1 where none is."""
    small = -1
    small_grains = 0
    for n in range(len(stakes)):
        if not _is_asked(stakes[n], h):
            continue
        taken = stakes[n].offer.taken_lots
        grains = taken * desks[n].params.hedge.lot_grains
        if 0 < taken < least_lots(desks[n], touch_of(desks[n], side)):
            if small < 0 or grains < small_grains:
                small = n
                small_grains = grains
    return small


@kernel
def _legs(stakes: Sequence[Stake], h: int) -> int:
    count = 0
    for n in range(len(stakes)):
        if _is_asked(stakes[n], h) and stakes[n].offer.taken_lots > 0:
            count += 1
    return count


@kernel
def _largest(stakes: Sequence[Stake], desks: Sequence[Desk], h: int) -> int:
    """Return the market that takes most."""
    best = -1
    most = 0
    for n in range(len(stakes)):
        if _is_asked(stakes[n], h):
            grains = stakes[n].offer.taken_lots * desks[n].params.hedge.lot_grains
            if grains > most:
                best = n
                most = grains
    return best
