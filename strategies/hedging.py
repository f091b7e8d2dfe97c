"""Hedge what other markets hold of an underlying: how far, how urgently, and when not at all.

The net exposure is what they hold, as they tell it, and this market's own position. Inside a band
around zero nothing is done. Beyond it, the position goes back to the band's edge and no further
(`strategies.hedge_band` says why): by an order that rests at the touch for as long as patience
lasts, then by orders that take up to a price limit, and after the latency allowed up to a wider
one. What is open or without an answer counts as if it filled, so nothing is hedged twice.

A *sweep* that the schedule asks for takes the band away: what is inside it is hedged too, down to
what is too small to trade, and then the band is back.

Nothing is hedged on a guess: while a position is not proven, or the book is not known, the market
waits and says so.
"""

from connectors.model.events import BUY, PLACE, SELL
from connectors.model.kernel import kernel
from connectors.model.orders import FREE, LEVELS, Commands, take_slot
from strategies import hedge_reasons as why
from strategies import reasons
from strategies.desk import Desk
from strategies.gates.leaving import limit_ticks
from strategies.hedge_state import HEDGES
from strategies.inventory import room_lots
from strategies.scheduled import MOVE_S, is_sweeping

UNPROVEN = reasons.RECONCILING | reasons.SUSPENDED
"""Why a hedged market may be held whose position is then not proven."""
WAITING = why.BEYOND_BAND | why.OUTSTANDING
STOPPED = (
    reasons.QUIET
    | reasons.LAGGING
    | reasons.DAY_NOTIONAL
    | reasons.DAY_LOSS
    | reasons.DRAWDOWN
    | reasons.LOSING_TRADES
)
"""Brakes that take away what a market that hedges would take."""

KNOWN = 1
IS_PART = 2
IS_WAITING = 4
"""What the code of a journal's row about an exposure says."""


@kernel
def hear_exposure(desk: Desk, known: bool, grains: int, now_ns: int) -> None:
    """Take what the hedged markets hold together; the next batch decides on it."""
    hear_share(desk, KNOWN if known else 0, grains, now_ns)


@kernel
def hear_share(desk: Desk, code: int, grains: int, now_ns: int) -> None:
    """Take what is to be hedged here of what several markets hedge; the next batch decides on it.

    IS_PART: another one keeps what the band leaves, and all of this is to be hedged. IS_WAITING:
    the net exposure is beyond the band, and what another one has open would bring it back.
    """
    desk.exposure.known = code & KNOWN != 0
    desk.exposure.is_part = code & IS_PART != 0
    desk.exposure.is_waiting = code & IS_WAITING != 0
    desk.exposure.grains = grains
    desk.exposure.told_ns = now_ns
    desk.orders.changed = True


@kernel
def told_code(desk: Desk) -> int:
    """Return the code that was heard last."""
    told = desk.exposure
    code = KNOWN if told.known else 0
    code += IS_PART if told.is_part else 0
    return code + IS_WAITING if told.is_waiting else code


@kernel
def hear_band(desk: Desk, grains: int) -> None:
    """Take how far the net exposure may go; the next batch decides on it."""
    desk.params.hedge.band_grains = grains
    desk.orders.changed = True


@kernel
def is_proven(desk: Desk) -> bool:
    """Tell whether a hedged market's position is proven."""
    return desk.held & UNPROVEN == 0


@kernel
def may_hedge(desk: Desk) -> bool:
    """Tell whether orders may leave: nothing holds the market, and its book is known."""
    is_held = desk.held != 0 or desk.stopping or desk.is_paused or desk.params.only_leads
    return desk.signals.sound and not is_held and desk.quotes.reasons[BUY] & STOPPED == 0


@kernel
def net_grains(desk: Desk) -> int:
    """Return what is not hedged: the others' exposure and this market's own position."""
    return desk.orders.position_lots * desk.params.hedge.lot_grains + desk.exposure.grains


@kernel
def weigh(desk: Desk, now_ns: int) -> None:
    """Hold the net exposure against the band, also while nothing may be done about it."""
    knobs = desk.params.hedge
    quotes = desk.quotes
    net = net_grains(desk)
    quotes.target_lots = -desk.exposure.grains / knobs.lot_grains
    quotes.inventory_clips = net / (knobs.lot_grains * desk.params.order_lots)
    if not desk.exposure.known:
        quotes.hedge_reasons |= why.UNKNOWN_EXPOSURE
    memory = desk.hedging
    if is_sweeping(desk.scheduled, now_ns):
        quotes.hedge_reasons |= why.SWEEPING
        _end_sweep(desk, net)
    if abs(net) <= band_grains(desk, now_ns):
        is_waiting = desk.exposure.is_waiting
        quotes.hedge_reasons |= WAITING if is_waiting else why.INSIDE_BAND
        memory.since_ns = 0
        return
    quotes.hedge_reasons |= why.BEYOND_BAND
    if memory.since_ns == 0 or memory.is_long != (net > 0):
        memory.since_ns = now_ns
        memory.is_long = net > 0
        memory.is_answered = False


@kernel
def band_grains(desk: Desk, now_ns: int) -> int:
    """Return how far the net exposure may go: nowhere while a sweep runs."""
    return 0 if is_sweeping(desk.scheduled, now_ns) else own_band_grains(desk)


@kernel
def own_band_grains(desk: Desk) -> int:
    """Return the band, which is another market's where this one hedges a part beside it."""
    return 0 if desk.exposure.is_part else desk.params.hedge.band_grains


@kernel
def _end_sweep(desk: Desk, net: int) -> None:
    """End a sweep where no order could bring the net exposure nearer to zero."""
    side = SELL if net > 0 else BUY
    touch_ticks = desk.book.best_bid_ticks if side == BUY else desk.book.best_ask_ticks
    if desk.exposure.known and wanted_lots(desk, abs(net), 0, touch_ticks) == 0:
        desk.scheduled.moved_s = desk.scheduled.asked[MOVE_S]


@kernel
def hedge(desk: Desk, now_ns: int) -> None:
    """Want what brings the net exposure back to the band's edge; call with a sound book."""
    quotes = desk.quotes
    if not desk.exposure.known or desk.hedging.since_ns == 0:
        return
    net = net_grains(desk)
    side = SELL if net > 0 else BUY
    touch_ticks = desk.book.best_bid_ticks if side == BUY else desk.book.best_ask_ticks
    room = room_lots(desk.params, desk.orders, side, touch_ticks)
    lots = wanted_lots(desk, abs(net), band_grains(desk, now_ns), touch_ticks)
    lots = min(lots, desk.params.gates.most_take_lots)
    if lots == 0:
        quotes.hedge_reasons |= why.DUST
    elif room < least_lots(desk, touch_ticks):
        quotes.hedge_reasons |= why.AT_LIMIT
    else:
        _ask(desk, side, min(lots, room), touch_ticks, now_ns)


@kernel
def wanted_lots(desk: Desk, net: int, band: int, ticks: int) -> int:
    """Return the fewest lots that bring `net` grains into a band, 0 where no order can.

    An order is no smaller than the venue's smallest, and never leaves more on the other side than
    the band has room for.
    """
    knobs = desk.params.hedge
    lots = (net - band + knobs.lot_grains - 1) // knobs.lot_grains
    if lots * knobs.lot_grains > net + band:
        lots -= 1
    least = least_lots(desk, ticks)
    if lots >= least:
        return lots
    return least if least * knobs.lot_grains <= net + band else 0


@kernel
def least_lots(desk: Desk, ticks: int) -> int:
    """Return the smallest order at a price, by size and by worth."""
    params = desk.params
    least = max(1, params.min_lots)
    if params.min_notional_tick_lots > 0.0 and ticks > 0:
        worth = int(params.min_notional_tick_lots / ticks)
        while worth * ticks < params.min_notional_tick_lots:
            worth += 1
        least = max(least, worth)
    return least


@kernel
def _ask(desk: Desk, side: int, lots: int, touch_ticks: int, now_ns: int) -> None:
    """Want an order as urgent as the time that has passed makes it."""
    quotes = desk.quotes
    knobs = desk.params.hedge
    waited_ns = now_ns - desk.hedging.since_ns
    if waited_ns >= knobs.force_after_ns:
        quotes.hedge_reasons |= why.FORCED
        _take(desk, side, lots, knobs.forced_slippage_bps, now_ns)
    elif waited_ns >= knobs.patience_ns or is_over_budget(desk, desk.exposure.grains, False):
        quotes.hedge_reasons |= why.TAKING
        _take(desk, side, lots, knobs.slippage_bps, now_ns)
    elif desk.orders.status[take_slot(side)] != FREE:
        quotes.hedge_reasons |= why.OUTSTANDING
    else:
        quotes.hedge_reasons |= why.RESTING
        quotes.ticks[side * LEVELS] = touch_ticks
        quotes.lots[side * LEVELS] = lots


@kernel
def _take(desk: Desk, side: int, lots: int, slippage_bps: float, now_ns: int) -> None:
    """Want an order that takes for what neither is open nor may be."""
    quotes = desk.quotes
    orders = desk.orders
    lots -= orders.exposed_lots[side]
    if orders.status[take_slot(side)] != FREE or lots < max(1, desk.params.min_lots):
        quotes.hedge_reasons |= why.OUTSTANDING
    elif _has_just_taken(desk, side, now_ns):
        quotes.hedge_reasons |= why.RETRYING
    else:
        quotes.take_ticks = limit_ticks(desk, side, slippage_bps)
        quotes.take_lots = lots if side == BUY else -lots


@kernel
def note_sent(desk: Desk, commands: Commands, now_ns: int) -> None:
    """Remember how long an exposure has waited for its first order that passed review."""
    memory = desk.hedging
    if memory.since_ns == 0 or memory.is_answered:
        return
    for k in range(commands.count):
        if commands.kind[k] == PLACE and commands.refused[k] == 0:
            memory.is_answered = True
    if memory.is_answered:
        tally = desk.tally
        tally.hedge_wait_ns[tally.hedges % HEDGES] = now_ns - memory.since_ns
        tally.hedges += 1


@kernel
def _has_just_taken(desk: Desk, side: int, now_ns: int) -> bool:
    """Tell whether an order that took has left a moment ago, and nothing has come of it."""
    took_ns = desk.gates.leaving.took_ns
    is_fresh = now_ns - took_ns < desk.params.hedge.retry_ns
    return is_fresh and desk.orders.last_fill_ns[side] <= took_ns


@kernel
def is_over_budget(desk: Desk, grains: int, was_over: bool) -> bool:
    """Tell whether more is unhedged than allowed, at the last mid of this market that was known.

    `grains` is what the others hold now: a market that has not seen its own yet is not told. Once
    over, it stays so down to half of the budget, or to the band. What cannot be valued is too much.
    """
    knobs = desk.params.hedge
    net = abs(desk.orders.position_lots * knobs.lot_grains + grains)
    if knobs.most_unhedged_half_tick_grains == 0 or net <= knobs.band_grains:
        return False
    mid = desk.signals.mid_half_ticks
    if mid <= 0:
        return True
    if was_over:
        mid *= 2
    return net > knobs.most_unhedged_half_tick_grains // mid


@kernel
def closes(desk: Desk, side: int, lots: int) -> bool:
    """Tell whether `lots`, all that would be open on a side, only take the net exposure down."""
    knobs = desk.params.hedge
    if not knobs.on or not desk.exposure.known:
        return False
    net = net_grains(desk)
    open_grains = net if side == SELL else -net
    band = own_band_grains(desk)
    if open_grains <= band:
        return False
    return lots * knobs.lot_grains <= open_grains + band
