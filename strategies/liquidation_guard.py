"""Keep a position away from its liquidation: warn, then only reduce, then take it down.

What is left is measured twice, by the worse of mid and mark: as a share of the margin's buffer,
``(price - liquidation) / (full - liquidation)``, and in standard deviations of a minute. The nearer
of both decides. A share alone is not enough: at 50 times leverage a fifth of the buffer is one
minute's move.

Where no liquidation price is known, or the position has outgrown the one that was told, it is
reckoned as for an isolated position; where that cannot be either, nothing is added.
"""

import math

from connectors.model.events import BUY, SELL
from connectors.model.kernel import kernel
from connectors.model.orders import LEVELS
from strategies import hedge_reasons as why
from strategies.desk import Desk
from strategies.gates.leaving import limit_ticks
from strategies.liquidation_state import FAR, REDUCING, URGENT, WARNED

MINUTE_SQRT_S = math.sqrt(60.0)
PLENTY = 1e9
"""A distance that no level reaches."""


@kernel
def hear_liquidation(
    desk: Desk,
    known: bool,
    lots: int,
    price_half_ticks: int,
    full_half_ticks: int,
    mark_half_ticks: int,
    now_ns: int,
) -> None:
    """Take what the venue says, or what was reckoned, of a position of `lots`."""
    told = desk.liquidation
    told.told_ns = now_ns
    told.known = known
    told.lots = lots
    told.price_half_ticks = price_half_ticks
    told.full_half_ticks = full_half_ticks
    told.mark_half_ticks = mark_half_ticks


@kernel
def guard(desk: Desk, may_take: bool, now_ns: int) -> None:
    """Judge, and take from what is wanted whatever the stage does not allow.

    `may_take`: nothing holds the market, so that its position may be taken down.
    """
    memory = desk.guard
    quotes = desk.quotes
    if desk.orders.position_lots == 0:
        memory.stage = FAR
        memory.is_blind = False
        memory.buffer_frac = 1.0
        memory.sigmas = PLENTY
    elif desk.signals.sound:
        _judge(desk, now_ns)
    if memory.stage == URGENT:
        memory.until_ns = now_ns + desk.params.liquidation.pause_ns
        memory.from_lots = max(memory.from_lots, abs(desk.orders.position_lots))
    else:
        memory.from_lots = 0
    if memory.stage != URGENT and now_ns < memory.until_ns:
        quotes.hedge_reasons |= why.LIQUIDATION_PAUSE
    if memory.is_blind:
        quotes.hedge_reasons |= why.LIQUIDATION_UNKNOWN
    if memory.stage == WARNED:
        quotes.hedge_reasons |= why.LIQUIDATION_NEARS
    elif memory.stage == REDUCING and not memory.is_blind:
        quotes.hedge_reasons |= why.LIQUIDATION_NEAR
    elif memory.stage == URGENT:
        quotes.hedge_reasons |= why.LIQUIDATION_URGENT
    if memory.stage >= REDUCING or now_ns < memory.until_ns:
        _only_reduce(desk)
    if memory.stage == URGENT:
        _take_down(desk, may_take and desk.signals.sound, now_ns)


@kernel
def saves(desk: Desk) -> bool:
    """Tell whether an order that takes now would save the position from its liquidation."""
    return desk.quotes.hedge_reasons & why.LIQUIDATION_URGENT != 0


@kernel
def _judge(desk: Desk, now_ns: int) -> None:
    """Find what is left, and the stage of it; a stage that holds ends later than it began."""
    memory = desk.guard
    told = desk.liquidation
    held = desk.orders.position_lots
    sign = 1.0 if held > 0 else -1.0
    price = float(desk.signals.mid_half_ticks)
    mark = float(told.mark_half_ticks)
    if mark > 0.0 and sign * (mark - price) < 0.0:
        price = mark
    is_told = told.known and now_ns - told.told_ns <= desk.params.liquidation.most_age_ns
    liquidation = 0.0
    full = 0.0
    if is_told and sign * told.lots > 0.0:
        grown = max(1.0, abs(held) / abs(told.lots))
        liquidation = price - (price - told.price_half_ticks) / grown
        full = float(told.full_half_ticks)
        if full <= 0.0 and desk.holding.lots == held:
            full = 2.0 * desk.holding.entry_ticks
    elif desk.params.liquidation.initial_frac > 0.0 and desk.holding.lots == held:
        full = 2.0 * desk.holding.entry_ticks
        liquidation = isolated_price(
            full,
            sign,
            desk.params.liquidation.initial_frac,
            desk.params.liquidation.maintenance_frac,
        )
    else:
        memory.is_blind = True
        memory.stage = max(REDUCING, memory.stage)
        return
    if memory.is_blind:
        memory.is_blind = False
        memory.stage = FAR
    away = sign * (price - liquidation)
    memory.buffer_frac = buffer_frac(away, sign * (full - liquidation))
    memory.sigmas = PLENTY
    if desk.signals.sigma_live_bps > 0.0:
        memory.sigmas = away / price * 1e4 / (desk.signals.sigma_live_bps * MINUTE_SQRT_S)
    memory.stage = _stage(desk)


@kernel
def isolated_price(
    entry: float, sign: float, initial_frac: float, maintenance_frac: float
) -> float:
    """Return where an isolated position is liquidated, maintenance judged at the mark.

    ``entry (1 - 1/L) / (1 - mmr)`` where it is long, ``entry (1 + 1/L) / (1 + mmr)`` where it is
    short, of a linear contract without anything added to its margin.
    """
    return entry * (1.0 - sign * initial_frac) / (1.0 - sign * maintenance_frac)


@kernel
def buffer_frac(away: float, whole: float) -> float:
    """Return what is left of a buffer: nothing past its end.

    One that ends before the position was even entered, as where other positions have used up what
    they share, has no length: what is left is then for the sigmas to say.
    """
    if away <= 0.0:
        return 0.0
    if whole <= 0.0:
        return 1.0
    return away / whole


@kernel
def _stage(desk: Desk) -> int:
    """Return the worst stage that has begun and not ended."""
    knobs = desk.params.liquidation
    stage = FAR
    if _is_within(desk, WARNED, knobs.warn_frac, knobs.warn_sigmas):
        stage = WARNED
    if _is_within(desk, REDUCING, knobs.reduce_frac, knobs.reduce_sigmas):
        stage = REDUCING
    if _is_within(desk, URGENT, knobs.urgent_frac, knobs.urgent_sigmas):
        stage = URGENT
    return stage


@kernel
def _is_within(desk: Desk, stage: int, frac: float, sigmas: float) -> bool:
    memory = desk.guard
    slack = 1.0
    if memory.stage >= stage:
        slack += desk.params.liquidation.release_frac
    return memory.buffer_frac <= frac * slack or memory.sigmas <= sigmas * slack


@kernel
def _only_reduce(desk: Desk) -> None:
    """Want nothing on the side that adds, nor more on the other than closes the position."""
    quotes = desk.quotes
    held = desk.orders.position_lots
    adds = BUY if held >= 0 else SELL
    left = abs(held)
    for level in range(LEVELS):
        quotes.lots[adds * LEVELS + level] = 0
        k = (1 - adds) * LEVELS + level
        lots = min(quotes.lots[k], left)
        quotes.lots[k] = lots if lots >= max(1, desk.params.min_lots) else 0
        left -= quotes.lots[k]
    if quotes.take_lots * held >= 0:
        quotes.take_lots = 0


@kernel
def _take_down(desk: Desk, may_take: bool, now_ns: int) -> None:
    """Want no quote, and the next step out of the position; a larger one that a gate wants stays.

    Steps are `step_ns` apart, whatever came of the one before: the venue has to say first what the
    last one has changed.
    """
    quotes = desk.quotes
    for k in range(2 * LEVELS):
        quotes.lots[k] = 0
    knobs = desk.params.liquidation
    if not may_take or now_ns - desk.gates.leaving.took_ns < knobs.step_ns:
        return
    held = desk.orders.position_lots
    side = SELL if held > 0 else BUY
    step = max(int(desk.guard.from_lots * knobs.step_frac), 1, desk.params.min_lots)
    step = min(step, desk.params.gates.most_take_lots, abs(held))
    if step <= abs(quotes.take_lots):
        return
    quotes.take_lots = step if side == BUY else -step
    quotes.take_ticks = limit_ticks(desk, side, knobs.slippage_bps)
