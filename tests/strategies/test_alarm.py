"""A market that leaves where it was quoted is decided upon at once, and pulled by its brake."""

import pytest

from connectors.model.events import (
    ASK,
    BID,
    BUY,
    CLEAR_ASKS,
    CLEAR_BIDS,
    SELL,
    TRADE_BUY,
    TRADE_SELL,
)
from connectors.model.orders import LEVELS, Commands
from runner.engine.risk import Limits
from runner.engine.turn import turn
from strategies import reasons as why
from strategies.alarm import is_alarmed
from strategies.desk import Desk
from strategies.quoting import is_due
from tests.support import MID_TICKS, MS, NOW_NS, new_limits, shown_desk

S = 1_000_000_000


def watching(**params: float) -> tuple[Desk, Limits]:
    """Return a market that has just decided, with a sigma of 0.5 bps and both alarms set."""
    desk = shown_desk(refresh_ns=100 * MS, **params)
    senses = desk.params.senses
    senses.on, senses.sweep_sigmas, senses.sweep_gap_ns = True, 4.0, 20 * MS
    desk.params.jump_span = 10.0
    limits = new_limits()
    limits.brakes.sweep_pause_ns = 2 * S
    limits.brakes.jump_sigmas, limits.brakes.jump_window_ns = 10.0, S
    limits.brakes.jump_pause_ns = 5 * S
    assert turn(desk, limits, Commands(), [], [], [], 0, 0, NOW_NS)
    assert desk.signals.sigma_reference_bps == 0.5
    return desk, limits


def traded(desk: Desk, limits: Limits, *ticks: int, at_ns: int) -> bool:
    """Show trades of one side; tell whether the market was decided upon."""
    kind = TRADE_BUY if ticks[0] > MID_TICKS else TRADE_SELL
    n = len(ticks)
    return turn(desk, limits, Commands(), [kind] * n, list(ticks), [1] * n, 0, n, at_ns)


def is_pulled(desk: Desk, reason: int) -> bool:
    quotes = desk.quotes
    wanted = sum(quotes.lots[side * LEVELS] for side in (BUY, SELL))
    return wanted == 0 and all(quotes.reasons[side] & reason for side in (BUY, SELL))


@pytest.mark.parametrize("sign", [1, -1])
def test_an_order_that_sweeps_pulls_both_sides_at_once(sign: int) -> None:
    desk, limits = watching()
    near, far = MID_TICKS + sign * 150, MID_TICKS + sign * 250
    assert not traded(desk, limits, near, at_ns=NOW_NS + 10 * MS)
    assert traded(desk, limits, far, at_ns=NOW_NS + 20 * MS)
    assert is_pulled(desk, why.SWEPT)
    assert turn(desk, limits, Commands(), [], [], [], 0, 0, NOW_NS + 2 * S)
    assert is_pulled(desk, why.SWEPT)
    assert turn(desk, limits, Commands(), [], [], [], 0, 0, NOW_NS + 3 * S)
    assert not is_pulled(desk, why.SWEPT)


def test_orders_that_stay_near_do_not_add_up_to_a_sweep() -> None:
    desk, limits = watching()
    for k in range(1, 8):
        at_ns = NOW_NS + k * 30 * MS
        traded(desk, limits, MID_TICKS + 150, at_ns=at_ns)
        assert not is_pulled(desk, why.SWEPT)


def moved(desk: Desk, limits: Limits, ticks: int, at_ns: int) -> bool:
    """Show the book somewhere else; tell whether the market was decided upon."""
    kind, at = [CLEAR_BIDS, CLEAR_ASKS, BID, ASK], [0, 0, ticks - 1, ticks + 1]
    return turn(desk, limits, Commands(), kind, at, [0, 0, 5, 5], 0, 4, at_ns)


@pytest.mark.parametrize(("ticks", "is_far"), [(499, False), (501, True), (-501, True)])
def test_a_jump_is_decided_upon_at_once(ticks: int, is_far: bool) -> None:
    desk, limits = watching()
    assert moved(desk, limits, MID_TICKS + ticks, NOW_NS + 10 * MS) is is_far
    assert is_pulled(desk, why.JUMP) is is_far


def test_two_ticks_alarm_nobody_however_calm_the_market() -> None:
    desk, _ = watching()
    desk.signals.sigma_reference_bps = 1e-9
    desk.signals.mid_half_ticks += 4
    assert not is_alarmed(desk)
    desk.signals.mid_half_ticks += 1
    assert is_alarmed(desk)


def test_without_alarms_a_market_waits_for_its_refresh() -> None:
    desk, limits = watching()
    desk.params.jump_span, desk.params.senses.sweep_sigmas = 0.0, 0.0
    assert not moved(desk, limits, MID_TICKS + 5000, NOW_NS + 10 * MS)
    assert not is_due(desk, NOW_NS + 99 * MS)
    assert is_due(desk, NOW_NS + 100 * MS)
