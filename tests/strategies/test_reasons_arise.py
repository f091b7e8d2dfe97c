"""Every reason can arise, and holds or changes what it says it does."""

import math
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from connectors.model.events import BUY, LEAD, PLACE, SELL
from connectors.model.orders import LEVELS, LIVE, UNKNOWN, Commands
from runner.engine.brakes import brake
from runner.engine.risk import Limits
from runner.engine.turn import conclude
from strategies.desk import Desk
from strategies.fair_value import MICRO, WEIGHTED
from strategies.gates.bad_fills import PAUSED, PROBING
from strategies.holding import adopt
from strategies.quoting import decide, observe
from strategies.reasons import Reason
from strategies.signals.adx import WARM_BARS
from strategies.signals.volatility import read
from strategies.trades import count_fill
from tests.strategies.gates.desks import fill, gated
from tests.strategies.working import rest
from tests.support import MID_TICKS, NOW_NS, SECOND_NS, new_desk, new_limits, shown_desk

World = tuple[Desk, Limits]
HELD = "held"
CHANGED = "changed"
"""A reason that is held places nothing on its side; one that changed still quotes it."""


def world(position: int = 0, **params: Any) -> World:
    desk = shown_desk(warmup_s=0.0, **params)
    desk.orders.position_lots = position
    return desk, new_limits()


def limited(**limits: float) -> World:
    return shown_desk(warmup_s=0.0), new_limits(**limits)


def locked_out(stamp: str, **params: int) -> World:
    desk, limits = world(**params)
    getattr(desk.orders, stamp)[BUY] = NOW_NS - 1
    return desk, limits


def working(side: int, ticks: int, lots: int, level: int, status: int) -> World:
    desk, limits = world()
    rest(desk, side, ticks, lots, level, status=status)
    return desk, limits


def kept() -> World:
    desk, limits = world()
    decide(desk, NOW_NS)
    rest(desk, BUY, desk.quotes.ticks[0], desk.quotes.lots[0])
    return desk, limits


def stopping() -> World:
    desk, limits = world()
    desk.stopping = True
    return desk, limits


def held_from_outside(cause: Reason) -> World:
    desk, limits = world()
    desk.held = cause
    return desk, limits


def braked(**brakes: float) -> World:
    """Return a market after five round trips that lost, with these brakes."""
    desk, limits = world()
    for name, value in brakes.items():
        setattr(limits.brakes, name, value)
    limits.brakes.jump_window_ns = limits.brakes.jump_pause_ns = 1000
    limits.brakes.volatility_pause_ns = 1000
    for _ in range(5):
        for side, off in ((BUY, 8), (SELL, -8)):
            count_fill(desk.trades, side, MID_TICKS + off, 1, NOW_NS - 1)
    brake(limits.brakes, desk, NOW_NS - 1)
    desk.orders.cash_tick_lots = -80
    desk.volatility.seen_s = 1e9
    desk.volatility.live_num = desk.volatility.live_den = desk.volatility.reference_den = 1.0
    read(desk.volatility, desk.params, desk.signals)
    desk.signals.mid_half_ticks += 6 if "jump_sigmas" in brakes else 0
    return desk, limits


def swept() -> World:
    desk, limits = braked(sweep_pause_ns=SECOND_NS)
    desk.senses.swept_ns = NOW_NS - 1
    return desk, limits


def quiet() -> World:
    desk, limits = braked(quiet_ns=SECOND_NS)
    desk.signals.seen_ns = NOW_NS - SECOND_NS - 1
    return desk, limits


def cheap() -> World:
    desk = shown_desk(1, 2, warmup_s=0.0, min_spread_bps=9000.0, max_spread_bps=9500.0)
    return desk, new_limits()


FROM_OUTSIDE = (
    Reason.LAGGING,
    Reason.LINK_DOWN,
    Reason.RECONCILING,
    Reason.SUSPENDED,
    Reason.UNRESOLVED,
)


def behind(gate: str, position: int = 0, /, **knobs: Any) -> World:
    return gated(gate, position, knobs=knobs), new_limits()


def filled(gate: str, **knobs: Any) -> World:
    desk, limits = behind(gate, **knobs)
    fill(desk, BUY, NOW_NS - 1)
    return desk, limits


def flipping() -> World:
    desk, limits = behind("flip_rate", most=1, pause_ns=9)
    desk.signals.flips, desk.signals.flip_ns[0] = 1, NOW_NS
    return desk, limits


def losing() -> World:
    desk, limits = behind("net_loss")
    desk.gates.loss.killed = True
    return desk, limits


def trending() -> World:
    desk, limits = behind("regime", most=1.0)
    desk.senses.adx.count, desk.senses.adx.value = WARM_BARS, 1.0
    return desk, limits


def after_bad_fills(stage: int) -> World:
    desk, limits = behind("bad_fills", probe_frac=0.5, probe_fills=1)
    desk.gates.fills_stage[BUY] = stage
    desk.gates.bad_until_ns[BUY] = NOW_NS + 1
    return desk, limits


def leaving(gate: str, **knobs: float) -> World:
    """Return a long position that was bought at mid long ago, and is left by its gate."""
    desk, limits = behind(gate, 50, **knobs)
    adopt(desk.holding, 50, MID_TICKS, 1)
    desk.params.gates.leaves = True
    desk.params.gates.most_take_lots = 50
    desk.params.drift_bps_per_s = -1.0
    return desk, limits


def worth(**reference: int) -> World:
    desk, limits = world()
    desk.params.reference.on = True
    desk.params.reference.price = reference["price"]
    desk.senses.microprice.weighted_ticks = desk.senses.microprice.offset_ticks = 1.0
    return desk, limits


def growing() -> World:
    desk, limits = world()
    desk.params.ramp.on = True
    desk.params.ramp.start_frac, desk.params.ramp.full_after_ns = 0.5, SECOND_NS
    return desk, limits


def led(most_age_ns: int) -> World:
    """Return a follower whose lead was heard a nanosecond ago, for the first time."""
    desk, limits = world()
    knobs = desk.params.senses.lead
    desk.params.reference.on = desk.params.senses.on = knobs.on = True
    knobs.tick_ratio, knobs.tau_s, knobs.most_age_ns = 1.0, 1.0, most_age_ns
    observe(desk, [LEAD], [2 * MID_TICKS], [0], 0, 1, NOW_NS - 1)
    return desk, limits


ARISE: dict[Reason, tuple[Callable[[], World], str]] = {
    Reason.NO_BOOK: (lambda: (new_desk(), new_limits()), HELD),
    Reason.PRIOR_VOLATILITY: (lambda: (shown_desk(warmup_s=60.0), new_limits()), CHANGED),
    Reason.FEE_FLOOR: (lambda: world(maker_fee_bps=40.0), CHANGED),
    Reason.SPREAD_MIN: (lambda: world(min_spread_bps=50.0), CHANGED),
    Reason.SPREAD_MAX: (lambda: world(max_spread_bps=0.1), CHANGED),
    Reason.POST_ONLY_CLAMP: (lambda: world(-100, gamma=1.0, skew=1), CHANGED),
    Reason.PRICE_FLOOR: (cheap, HELD),
    Reason.INVENTORY_LIMIT: (lambda: world(100), HELD),
    Reason.SIZE_SKEW: (lambda: world(50, size_skew_frac=0.5), CHANGED),
    Reason.SIZE_ROOM: (lambda: world(95), CHANGED),
    Reason.MIN_SIZE: (lambda: world(min_notional_tick_lots=1e9), HELD),
    Reason.KEPT: (kept, HELD),
    Reason.FILL_LOCKOUT: (lambda: locked_out("last_fill_ns", fill_lockout_ns=100), HELD),
    Reason.PLACE_LOCKOUT: (lambda: locked_out("last_place_ns", place_lockout_ns=100), HELD),
    Reason.REJECT_LOCKOUT: (lambda: locked_out("last_reject_ns", reject_lockout_ns=100), HELD),
    Reason.SLOT_BUSY: (lambda: working(BUY, MID_TICKS - 9000, 10, 0, LIVE), HELD),
    Reason.OWN_CROSS: (lambda: working(SELL, MID_TICKS - 9000, 10, 3, UNKNOWN), HELD),
    Reason.HEADROOM: (lambda: working(BUY, MID_TICKS - 9000, 95, 3, UNKNOWN), HELD),
    Reason.REFUSED_POSITION: (lambda: limited(max_position_lots=5), HELD),
    Reason.REFUSED_SIZE: (lambda: limited(max_order_lots=5), HELD),
    Reason.REFUSED_COLLAR: (lambda: limited(collar_bps=0.001), HELD),
    Reason.REFUSED_RATE: (lambda: limited(tokens=0.0, rate_per_s=0.0), HELD),
    Reason.STOPPING: (stopping, HELD),
    Reason.NOT_FINITE: (lambda: world(gamma=math.nan), HELD),
    Reason.FILL_RATE: (lambda: braked(fills_per_min=10), HELD),
    Reason.DAY_NOTIONAL: (lambda: braked(day_notional_tick_lots=10 * MID_TICKS), HELD),
    Reason.DAY_LOSS: (lambda: braked(day_loss_half_tick_lots=160), HELD),
    Reason.DRAWDOWN: (lambda: braked(drawdown_half_tick_lots=160), HELD),
    Reason.LOSING_TRADES: (lambda: braked(losing_trips=5), HELD),
    Reason.VOLATILE: (lambda: braked(volatility_ratio=4.0), HELD),
    Reason.JUMP: (lambda: braked(jump_sigmas=1.0), HELD),
    Reason.QUIET: (quiet, HELD),
    **{cause: (partial(held_from_outside, cause), HELD) for cause in FROM_OUTSIDE},
    Reason.WIDENED_ADVERSE: (lambda: world(adverse_bps=1.0), CHANGED),
    Reason.ECONOMICS: (lambda: behind("economics", adverse_bps=50.0), CHANGED),
    Reason.COOLDOWN: (lambda: filled("cooldown", most_ns=SECOND_NS, least_ns=SECOND_NS), HELD),
    Reason.SIDE_FILLS: (lambda: filled("side_fills", most=1, window_ns=9, pause_ns=9), HELD),
    Reason.LADDER: (lambda: behind("ladder", 50, size_frac=[0.5] * 4), CHANGED),
    Reason.FLIPPING: (flipping, HELD),
    Reason.HEAVY: (lambda: behind("guard", 61, max_frac=0.6), HELD),
    Reason.BOOK_SPREAD: (lambda: behind("book_spread", least_bps=5.0), HELD),
    Reason.NET_LOSS: (losing, HELD),
    Reason.FUNDING_TIME: (lambda: behind("funding", every_ns=NOW_NS, after_ns=1), HELD),
    Reason.HOURS: (lambda: behind("hours"), HELD),
    Reason.TOXIC_FLOW: (lambda: behind("toxicity", wider_units=1.0), CHANGED),
    Reason.TRENDING: (trending, HELD),
    Reason.BAD_FILLS: (lambda: after_bad_fills(PAUSED), HELD),
    Reason.PROBING: (lambda: after_bad_fills(PROBING), CHANGED),
    Reason.FAIR_CAPPED: (lambda: worth(price=WEIGHTED), CHANGED),
    Reason.NO_MICROPRICE: (lambda: worth(price=MICRO), CHANGED),
    Reason.STOP_LOSS: (lambda: leaving("stop_loss"), HELD),
    Reason.TAKE_PROFIT: (lambda: leaving("take_profit", profit_bps=-1.0), HELD),
    Reason.TIMEOUT: (lambda: leaving("timeout", after_ns=SECOND_NS), HELD),
    Reason.AGE_EXIT: (lambda: leaving("age_exit", after_ns=SECOND_NS), HELD),
    Reason.ONLY_LEADS: (lambda: world(only_leads=True), HELD),
    Reason.LEAD_STALE: (lambda: led(most_age_ns=0), CHANGED),
    Reason.LEAD_WARMING: (lambda: led(most_age_ns=SECOND_NS), CHANGED),
    Reason.RAMP: (growing, CHANGED),
    Reason.SWEPT: (swept, HELD),
}


@pytest.mark.parametrize("reason", list(Reason), ids=[str(r.name).lower() for r in Reason])
def test_it_arises_and_does_what_it_says(reason: Reason) -> None:
    make, effect = ARISE[reason]
    desk, limits = make()
    commands = Commands()
    decide(desk, NOW_NS)
    conclude(desk, limits, commands, NOW_NS)
    assert reason in Reason(desk.quotes.reasons[BUY])
    sent = [
        commands.side[k]
        for k in range(commands.count)
        if commands.kind[k] == PLACE and commands.refused[k] == 0
    ]
    assert (BUY in sent) is (effect == CHANGED)
    assert desk.tally.masks == desk.quotes.reasons


def test_a_calm_market_has_none_of_them() -> None:
    desk, limits = world()
    decide(desk, NOW_NS)
    conclude(desk, limits, Commands(), NOW_NS)
    assert desk.quotes.reasons == [0, 0]
    assert desk.quotes.lots[0] == desk.quotes.lots[LEVELS] == desk.params.order_lots
    assert set(ARISE) == set(Reason)
