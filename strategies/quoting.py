"""Decide what a market wants to quote: rows -> book -> signals -> price -> floors -> two sides."""

import math

from connectors.model.book import apply_rows, is_two_sided
from connectors.model.events import BUY, LEAD, SCHEDULED, SELL, IntColumn
from connectors.model.kernel import kernel
from connectors.model.orders import LEVELS
from strategies import fair_value
from strategies import hedge_reasons as hedged
from strategies import reasons as why
from strategies.alarm import is_alarmed, look_for_sweep
from strategies.desk import Desk, Params, Quotes
from strategies.gates import schedule
from strategies.gates.chain import pass_gates
from strategies.gates.effect import begin
from strategies.hedging import hedge, weigh
from strategies.holding import adopt
from strategies.inventory import aim_lots, inventory_clips, room_lots
from strategies.learning import adopt_rates, learn
from strategies.liquidation_guard import guard
from strategies.pricing.adverse import widen
from strategies.pricing.choice import finish, price
from strategies.pricing.value import EMPTY
from strategies.ramp import grow
from strategies.scheduled import ask
from strategies.senses import hear_lead, lose_market, observe_market
from strategies.signals import imbalance, volatility
from strategies.units import BPS, nameable_ticks, price_ticks

MOST_TICKS = 2147483647.0
"""A price beyond is none: ticks times lots have to fit 64 bits, and ticks a tape's 32."""


SCARCE = 64
"""`Desk.scarcity` where new orders are all but spent."""


@kernel
def step(
    desk: Desk,
    kind: IntColumn,
    ticks: IntColumn,
    lots: IntColumn,
    i: int,
    j: int,
    now_ns: int,
) -> bool:
    """Take the rows [i, j) of one batch; tell whether the quotes were decided anew."""
    if j > i:
        observe(desk, kind, ticks, lots, i, j, now_ns)
    if not is_due(desk, now_ns):
        return False
    decide(desk, now_ns)
    return True


@kernel
def observe(
    desk: Desk,
    kind: IntColumn,
    ticks: IntColumn,
    lots: IntColumn,
    i: int,
    j: int,
    now_ns: int,
) -> None:
    """Take what the market says of itself, then what others say: its lead, and the schedule."""
    own = j
    while own > i and kind[own - 1] >= LEAD:
        own -= 1
    if own > i:
        _observe_own(desk, kind, ticks, lots, i, own, now_ns)
    if own < j:
        _hear(desk, kind, ticks, lots, own, j, now_ns)


@kernel
def _hear(
    desk: Desk,
    kind: IntColumn,
    ticks: IntColumn,
    lots: IntColumn,
    i: int,
    j: int,
    now_ns: int,
) -> None:
    """Take the last word of the lead, which is of another book, and every one of the schedule."""
    led = j
    while led > i and kind[led - 1] == SCHEDULED:
        led -= 1
    if led > i and desk.params.senses.on:
        mid_ticks = desk.signals.mid_ticks if desk.signals.sound else 0.0
        hear_lead(desk.senses, desk.params.senses, ticks[led - 1], mid_ticks, now_ns)
    for row in range(led, j):
        ask(desk.scheduled, ticks[row], lots[row])
        desk.orders.changed = True


@kernel
def _observe_own(
    desk: Desk,
    kind: IntColumn,
    ticks: IntColumn,
    lots: IntColumn,
    i: int,
    j: int,
    now_ns: int,
) -> None:
    """Apply the rows to the book and read every signal from it."""
    book = desk.book
    signals = desk.signals
    signals.seen_ns = now_ns
    mid_before = signals.mid_ticks if signals.sound else 0.0
    others = apply_rows(book, kind, ticks, lots, i, j)
    desk.tally.events += j - i
    knobs = desk.params.senses
    if not is_two_sided(book):
        signals.sound = False
        if knobs.on:
            lose_market(desk.senses, knobs, now_ns)
        return
    signals.sound = True
    half_ticks = book.best_bid_ticks + book.best_ask_ticks
    signals.mid_half_ticks = half_ticks
    mid_ticks = 0.5 * half_ticks
    signals.mid_ticks = mid_ticks
    if desk.holding.lots != desk.orders.position_lots:
        adopt(desk.holding, desk.orders.position_lots, mid_ticks, now_ns)
    imbalance.observe(signals, book, now_ns)
    volatility.observe(desk.volatility, desk.params, signals, mid_ticks, now_ns)
    if knobs.on:
        trades = i if others > 0 else j
        observe_market(desk.senses, knobs, book, mid_before, kind, ticks, lots, trades, j, now_ns)
        if knobs.sweep_sigmas > 0.0:
            look_for_sweep(desk, now_ns)


@kernel
def is_due(desk: Desk, now_ns: int) -> bool:
    """Tell whether to decide now: an account event, lost soundness, an alarm, or the refresh."""
    if desk.orders.changed:
        return True
    if not desk.signals.sound and desk.quotes.reasons[BUY] & why.NO_BOOK == 0:
        return True
    return now_ns - desk.decided_ns >= desk.params.refresh_ns or is_alarmed(desk)


@kernel
def decide(desk: Desk, now_ns: int) -> None:
    """Write the wanted quotes and the reasons of both sides."""
    desk.decided_ns = now_ns
    desk.decided_half_ticks = desk.signals.mid_half_ticks
    desk.orders.changed = False
    desk.tally.decisions += 1
    quotes = desk.quotes
    quotes.reasons[BUY] = 0
    quotes.reasons[SELL] = 0
    quotes.hedge_reasons = 0
    knobs = desk.params
    if knobs.gates.on or knobs.hedge.on or knobs.liquidation.on or desk.is_paused:
        begin(quotes)
    if desk.params.hedge.on:
        weigh(desk, now_ns)
    held = _held(desk)
    if held != 0:
        hold(quotes, held)
    elif desk.is_paused:
        _stand(desk, now_ns)
    elif desk.params.hedge.on:
        hold(quotes, 0)
        hedge(desk, now_ns)
    elif desk.exposure.is_unhedged:
        hold(quotes, 0)
        quotes.hedge_reasons |= hedged.UNHEDGED
    else:
        _quote(desk, now_ns)
    if desk.params.liquidation.on and desk.liquidation.told_ns > 0:
        guard(desk, held == 0, now_ns)


@kernel
def _stand(desk: Desk, now_ns: int) -> None:
    """Want nothing but what a move asks for, while a person has paused the market."""
    hold(desk.quotes, 0)
    desk.quotes.hedge_reasons |= hedged.PAUSED
    schedule.look(desk, now_ns)


@kernel
def renew(desk: Desk) -> None:
    """Let go of what was solved for other parameters, and decide with the next batch."""
    desk.value.status = EMPTY
    desk.value.ready = False
    desk.orders.changed = True


@kernel
def _held(desk: Desk) -> int:
    """Return why nothing may be wanted at all (0: something may be)."""
    if desk.stopping:
        return why.STOPPING
    if desk.params.only_leads:
        return why.ONLY_LEADS
    if desk.held != 0:
        return desk.held
    if not desk.signals.sound:
        return why.NO_BOOK
    return 0


@kernel
def _quote(desk: Desk, now_ns: int) -> None:
    """Price both sides, and lay them."""
    quotes = desk.quotes
    signals = desk.signals
    params = desk.params
    if signals.prior_in_use:
        _both(quotes, why.PRIOR_VOLATILITY)
    target = aim_lots(desk.scheduled, params, desk.orders, signals.mid_ticks)
    quotes.target_lots = target
    quotes.inventory_clips = inventory_clips(params, desk.orders, target)
    if params.learning.every_ns > 0:
        learn(desk, now_ns)
    else:
        adopt_rates(desk)
    price(params, signals, desk.value, quotes, now_ns)
    quotes.model_half_bps = quotes.half_spread_bps
    widen(params, signals, quotes)
    quotes.adverse_bps = quotes.half_spread_bps - quotes.model_half_bps
    _bound_spread(params, quotes)
    finish(params, quotes)
    if params.reference.on:
        fair_value.value(desk, now_ns)
        quotes.reservation_bps += quotes.fair_bps
    if not math.isfinite(quotes.reservation_bps + quotes.half_spread_bps):
        hold(quotes, why.NOT_FINITE)
        return
    if params.gates.on:
        pass_gates(desk, now_ns)
    if params.ramp.on:
        grow(desk.ramp, params.ramp, desk.trades, now_ns)
    _lay_side(desk, BUY)
    _lay_side(desk, SELL)


@kernel
def hold(quotes: Quotes, reason: int) -> None:
    """Want nothing on either side."""
    for k in range(2 * LEVELS):
        quotes.lots[k] = 0
    _both(quotes, reason)


@kernel
def _both(quotes: Quotes, reason: int) -> None:
    quotes.reasons[BUY] |= reason
    quotes.reasons[SELL] |= reason


@kernel
def _bound_spread(params: Params, quotes: Quotes) -> None:
    """Keep the total spread over fees and minimum, and under the maximum.

    The fee floor comes last: no configured maximum makes a quote that loses its fees.
    """
    half = quotes.half_spread_bps
    if 2.0 * half < params.min_spread_bps:
        half = 0.5 * params.min_spread_bps
        _both(quotes, why.SPREAD_MIN)
    if 2.0 * half > params.max_spread_bps:
        half = 0.5 * params.max_spread_bps
        _both(quotes, why.SPREAD_MAX)
    floor = params.maker_fee_bps + 0.5 * params.min_edge_bps
    if half < floor:
        half = floor
        _both(quotes, why.FEE_FLOOR)
    quotes.half_spread_bps = half


@kernel
def _lay_side(desk: Desk, side: int) -> None:
    """Write price and size of every level of one side."""
    params = desk.params
    quotes = desk.quotes
    if quotes.pulled[side] != 0:
        for level in range(params.levels):
            quotes.lots[side * LEVELS + level] = 0
        return
    size = _full_size(desk, side)
    laid = 0
    for level in range(params.levels):
        k = side * LEVELS + level
        ticks = level_ticks(desk, side, level)
        room = room_lots(params, desk.orders, side, ticks) - laid
        lots = _sized(params, quotes, side, size, room, ticks)
        quotes.ticks[k] = ticks
        quotes.lots[k] = lots
        laid += lots
        size *= params.level_size_frac


@kernel
def _full_size(desk: Desk, side: int) -> float:
    """Return the lots of the first level: the least of what inventory, gates and ramp leave."""
    params = desk.params
    quotes = desk.quotes
    frac = quotes.size_frac[side] if params.gates.on else 1.0
    if params.size_skew_frac > 0.0:
        heavy_frac = _heavy_side_frac(params, quotes, 1 - 2 * side)
        if heavy_frac < 1.0:
            quotes.reasons[side] |= why.SIZE_SKEW
        frac = min(frac, heavy_frac)
    if params.ramp.on and desk.ramp.size_frac < 1.0:
        quotes.reasons[side] |= why.RAMP
        frac = min(frac, desk.ramp.size_frac)
    return params.order_lots * frac


@kernel
def _heavy_side_frac(params: Params, quotes: Quotes, sign: int) -> float:
    """Return the share of a full size for the side that would add to the inventory."""
    if params.size_skew_frac == 0.0:
        return 1.0
    limit_clips = params.max_position_lots / params.order_lots
    heavy = sign * quotes.inventory_clips / limit_clips
    return 1.0 - params.size_skew_frac * min(max(heavy, 0.0), 1.0)


@kernel
def level_ticks(desk: Desk, side: int, level: int) -> int:
    """Return the tick of a level: bids round down, asks up, and neither reaches the other touch."""
    quotes = desk.quotes
    sign = 1 - 2 * side
    away_bps = quotes.half_spread_bps + quotes.wider_bps[side] + level * desk.params.level_step_bps
    raw = price_ticks(desk.signals.mid_ticks, quotes.reservation_bps - sign * away_bps)
    if raw < 1.0:
        return 0
    if raw > MOST_TICKS:
        return 0
    if side == BUY:
        ticks = int(raw)
        if ticks >= desk.book.best_ask_ticks:
            ticks = desk.book.best_ask_ticks - 1
            quotes.reasons[side] |= why.POST_ONLY_CLAMP
    else:
        ticks = int(raw)
        if ticks < raw:
            ticks += 1
        if ticks <= desk.book.best_bid_ticks:
            ticks = desk.book.best_bid_ticks + 1
            quotes.reasons[side] |= why.POST_ONLY_CLAMP
        bid = BUY * LEVELS
        if quotes.lots[bid] > 0 and ticks <= quotes.ticks[bid]:
            ticks = quotes.ticks[bid] + 1
            quotes.reasons[side] |= why.SPREAD_MIN
    return nameable_ticks(desk.params, side, ticks)


@kernel
def _sized(params: Params, quotes: Quotes, side: int, size: float, room: int, ticks: int) -> int:
    """Return the lots that may be wanted at a level, with the reason for each cut."""
    if ticks <= 0:
        quotes.reasons[side] |= why.PRICE_FLOOR
        return 0
    if room <= 0:
        quotes.reasons[side] |= why.INVENTORY_LIMIT
        return 0
    lots = int(size)
    if lots > room:
        lots = room
        quotes.reasons[side] |= why.SIZE_ROOM
    if lots < params.min_lots or ticks * lots < params.min_notional_tick_lots:
        quotes.reasons[side] |= why.MIN_SIZE
        return 0
    return lots


@kernel
def tolerance_ticks(desk: Desk) -> int:
    """Return how far a resting order may be from what is wanted and still be kept.

    It grows in a line from `tolerance_bps` to `scarce_tolerance_bps` as new orders get scarce.
    """
    bps = desk.params.tolerance_bps
    more_bps = desk.params.scarce_tolerance_bps - bps
    if desk.scarcity > 0 and more_bps > 0.0:
        bps += more_bps * min(desk.scarcity, SCARCE) / SCARCE
    return int(bps * BPS * desk.signals.mid_ticks)
