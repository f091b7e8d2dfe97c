"""Stop one market's quoting when a limit of its trading, its money or its market data is reached.

Each brake has a limit (0: off) and a reason. A *pull* wants nothing on either side, also not on the
one that would reduce the position, until its cause has been gone for its pause; some let an order
that takes the position out pass (`LETS_LEAVE`). A *halt* does so
until the process ends. Cancels always pass. Brakes are looked at with every decision; the same
kernels run live, in parity and in exact replay.

A liquidation is a drawdown that the venue's limit has stopped: it halts the market as ours would.

Money is in half ticks times lots, so that position times mid is an integer. It is net of fees,
rounded to the step. What is traded reaches its limit (>=); what is observed passes it (>),
and an observation that is not a number has passed it.
"""

import math

from connectors.model.kernel import kernel, state
from strategies import reasons as why
from strategies.alarm import LEAST_JUMP_HALF_TICKS
from strategies.desk import Desk, Signals
from strategies.trades import DAY_NS, FILLS, Trades

MINUTE_NS = 60_000_000_000
LETS_LEAVE = why.FILL_RATE | why.VOLATILE | why.JUMP | why.SWEPT
"""Brakes under which a position may still be taken out: it is what a stop-loss is for."""
LETS_SAVE = LETS_LEAVE | why.DAY_NOTIONAL | why.DAY_LOSS | why.DRAWDOWN | why.LOSING_TRADES
"""Brakes under which a position may still be saved from its liquidation: all but those for which
the market is not known."""


@state
class Brakes:
    """Limits of one market (0: off), then what the brakes remember."""

    fills_per_min: int
    day_notional_tick_lots: int
    day_loss_half_tick_lots: int
    drawdown_half_tick_lots: int
    losing_trips: int
    maker_fee_ppb: int
    taker_fee_ppb: int
    volatility_ratio: float
    volatility_pause_ns: int
    jump_sigmas: float
    jump_window_ns: int
    jump_pause_ns: int
    sweep_pause_ns: int
    quiet_ns: int

    halted: int
    fills_until_ns: int
    volatility_until_ns: int
    jump_until_ns: int
    is_marked: bool
    day: int
    equity_half_tick_lots: int
    opening_half_tick_lots: int
    peak_half_tick_lots: int
    bucket_ns: int
    low_half_ticks: int
    high_half_ticks: int
    former_low_half_ticks: int
    former_high_half_ticks: int


@kernel
def brake(brakes: Brakes, desk: Desk, now_ns: int) -> int:
    """Return the reasons of every brake that is on (0: none)."""
    signals = desk.signals
    trades = desk.trades
    if 0 < brakes.fills_per_min <= trades.count:
        _look_at_fills(brakes, trades, now_ns)
    if signals.sound:
        _look_at_money(brakes, desk, now_ns)
        _look_at_volatility(brakes, signals, now_ns)
        _look_for_jump(brakes, signals, now_ns)
    if trades.liquidated > 0:
        brakes.halted |= why.DRAWDOWN
    if 0 < brakes.losing_trips <= trades.losing:
        brakes.halted |= why.LOSING_TRADES
    on = brakes.halted
    if now_ns < brakes.fills_until_ns:
        on |= why.FILL_RATE
    if now_ns < brakes.volatility_until_ns:
        on |= why.VOLATILE
    if now_ns < brakes.jump_until_ns:
        on |= why.JUMP
    if desk.senses.swept_ns > 0 and now_ns - desk.senses.swept_ns < brakes.sweep_pause_ns:
        on |= why.SWEPT
    is_used_up = 0 < brakes.day_notional_tick_lots <= trades.day_notional_tick_lots
    if is_used_up and trades.day == now_ns // DAY_NS:
        on |= why.DAY_NOTIONAL
    if 0 < brakes.quiet_ns < now_ns - signals.seen_ns and signals.seen_ns != 0:
        on |= why.QUIET
    return on


@kernel
def _look_at_fills(brakes: Brakes, trades: Trades, now_ns: int) -> None:
    """Pull for a minute from the last moment at which the past minute held too many fills."""
    most = brakes.fills_per_min
    if most > FILLS:
        return
    if now_ns - trades.fill_ns[(trades.count - most) % FILLS] < MINUTE_NS:
        brakes.fills_until_ns = now_ns + MINUTE_NS


@kernel
def _look_at_money(brakes: Brakes, desk: Desk, now_ns: int) -> None:
    """Mark the market, and halt it at its loss since the day began or since the day's peak."""
    taken = desk.trades.taken_tick_lots
    made = desk.trades.notional_tick_lots - taken
    fees = made // 1000 * brakes.maker_fee_ppb // 1_000_000
    fees += taken // 1000 * brakes.taker_fee_ppb // 1_000_000
    marked = desk.orders.position_lots * desk.signals.mid_half_ticks
    equity = 2 * (desk.orders.cash_tick_lots - fees) + marked
    day = now_ns // DAY_NS
    if not brakes.is_marked or day != brakes.day:
        opening = brakes.equity_half_tick_lots if brakes.is_marked else equity
        brakes.opening_half_tick_lots = opening
        brakes.peak_half_tick_lots = opening
        brakes.is_marked = True
        brakes.day = day
    brakes.equity_half_tick_lots = equity
    if equity > brakes.peak_half_tick_lots:
        brakes.peak_half_tick_lots = equity
    loss = brakes.opening_half_tick_lots - equity
    if brakes.day_loss_half_tick_lots > 0 and loss >= brakes.day_loss_half_tick_lots:
        brakes.halted |= why.DAY_LOSS
    fall = brakes.peak_half_tick_lots - equity
    if brakes.drawdown_half_tick_lots > 0 and fall >= brakes.drawdown_half_tick_lots:
        brakes.halted |= why.DRAWDOWN


@kernel
def _look_at_volatility(brakes: Brakes, signals: Signals, now_ns: int) -> None:
    """Pull while the live volatility is too many times the reference, and a pause longer."""
    if brakes.volatility_ratio <= 0.0:
        return
    most_bps = brakes.volatility_ratio * signals.sigma_reference_bps
    if not signals.sigma_live_bps <= most_bps:
        brakes.volatility_until_ns = now_ns + brakes.volatility_pause_ns


@kernel
def _look_for_jump(brakes: Brakes, signals: Signals, now_ns: int) -> None:
    """Pull when the mid has left the range of the window by more than chance would have it.

    The threshold is ``jump_sigmas * sigma_reference * sqrt(window)``. The range is kept as that of
    two buckets of half a window, so that nothing older than the window counts.
    """
    if brakes.jump_sigmas <= 0.0:
        return
    mid = signals.mid_half_ticks
    age_ns = now_ns - brakes.bucket_ns
    if age_ns >= brakes.jump_window_ns:
        _begin_bucket(brakes, mid, mid, mid, now_ns)
    elif 2 * age_ns >= brakes.jump_window_ns:
        _begin_bucket(brakes, brakes.low_half_ticks, brakes.high_half_ticks, mid, now_ns)
    rise = mid - brakes.low_half_ticks
    if brakes.former_low_half_ticks < brakes.low_half_ticks:
        rise = mid - brakes.former_low_half_ticks
    fall = brakes.high_half_ticks - mid
    if brakes.former_high_half_ticks > brakes.high_half_ticks:
        fall = brakes.former_high_half_ticks - mid
    move = rise if rise > fall else fall
    if mid < brakes.low_half_ticks:
        brakes.low_half_ticks = mid
    if mid > brakes.high_half_ticks:
        brakes.high_half_ticks = mid
    if move <= LEAST_JUMP_HALF_TICKS:
        return
    window_s = brakes.jump_window_ns * 1e-9
    most_bps = brakes.jump_sigmas * signals.sigma_reference_bps * math.sqrt(window_s)
    if not move * 1e4 <= most_bps * mid:
        brakes.jump_until_ns = now_ns + brakes.jump_pause_ns


@kernel
def _begin_bucket(brakes: Brakes, low: int, high: int, mid: int, now_ns: int) -> None:
    """Let `low` and `high` be the former bucket's range, and begin one at `mid`."""
    brakes.former_low_half_ticks = low
    brakes.former_high_half_ticks = high
    brakes.low_half_ticks = mid
    brakes.high_half_ticks = mid
    brakes.bucket_ns = now_ns
