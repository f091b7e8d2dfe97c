"""The same turns, interpreted and compiled, leave the same state to the last bit."""

from typing import Any

import numpy as np
import pytest

from connectors.model.events import ASK, BID
from connectors.model.orders import SLOTS, Commands
from connectors.model.record import record_of, store
from runner.engine.logs import CHANGES, DecisionLog, FillLog
from runner.engine.risk import Limits
from runner.engine.turn import turn
from strategies.desk import Desk
from strategies.pricing.choice import GLFT
from strategies.pricing.terms import AT_LIMIT, LINEAR, PLAIN
from strategies.reasons import REASONS, Reason
from tests.runner.engine.recording import World, consume, record
from tests.support import (
    MID_TICKS,
    MS,
    NOW_NS,
    SECOND_NS,
    compiled,
    differences,
    new_desk,
    new_limits,
)

BATCHES = 20_000
OTHERS = (
    {"skew": PLAIN, "form": LINEAR, "risk_horizon_s": 0.0, "session_ns": 0, "levels": 8},
    {"skew": AT_LIMIT, "min_spread_bps": 3.0, "min_edge_bps": 0.5, "slots_per_level": 1},
    {"model": GLFT, "execution_gamma": 0.2, "value_refresh_ns": 0, "risk_horizon_s": 0.0},
    {"model": GLFT, "drift_bps_per_s": 0.1, "impact_bps": 0.1, "adverse_frac_of_unit": 0.1},
    {"target_base_frac": 0.5, "is_spot": True, "min_position_lots": 0, "unit_bps": 0.5},
    {"amends": True, "is_spot": True, "min_position_lots": 0, "unit_bps": 0.5},
)
"""What other worlds change; they are shorter."""


def world(**params: Any) -> World:
    """Return a world in which as much as possible happens."""
    eager = {
        "gamma": 0.05,
        "levels": 3,
        "order_lots": 20,
        "max_position_lots": 60,
        "min_position_lots": -60,
        "level_step_bps": 0.05,
        "level_size_frac": 0.7,
        "size_skew_frac": 0.6,
        "slots_per_level": 2,
        "sample_ns": 100 * MS,
        "unit_horizon_s": 0.5,
        "prior_bps": 0.3,
        "floor_bps": 0.02,
        "fill_lockout_ns": 20 * MS,
        "place_lockout_ns": 2 * MS,
        "reject_lockout_ns": 50 * MS,
        "refresh_ns": 30 * MS,
        "maker_fee_bps": -0.05,
        "session_ns": 600 * SECOND_NS,
        "session_start_ns": NOW_NS,
        "tolerance_bps": 0.02,
    }
    limits = new_limits(
        max_position_lots=50,
        min_position_lots=-50,
        max_order_lots=18,
        rate_per_s=60.0,
        burst=20.0,
        tokens=20.0,
    )
    made = World(new_desk(**{**eager, **params}), limits)
    made.decisions.mode = CHANGES
    if made.desk.params.is_spot:
        made.limits.is_spot = True
        made.desk.orders.position_lots = 30
        made.desk.orders.cash_tick_lots = 45 * MID_TICKS
    return made


BRAKES: dict[Reason, dict[str, float]] = {
    Reason.FILL_RATE: {"fills_per_min": 10},
    Reason.DAY_NOTIONAL: {"day_notional_tick_lots": 100 * MID_TICKS},
    Reason.DAY_LOSS: {"day_loss_half_tick_lots": 500, "maker_fee_ppb": 50_000},
    Reason.DRAWDOWN: {"drawdown_half_tick_lots": 1000, "maker_fee_ppb": -50_000},
    Reason.LOSING_TRADES: {"losing_trips": 1},
    Reason.VOLATILE: {"volatility_ratio": 1.01, "volatility_pause_ns": SECOND_NS},
    Reason.JUMP: {"jump_sigmas": 3.0, "jump_window_ns": SECOND_NS, "jump_pause_ns": SECOND_NS},
    Reason.QUIET: {"quiet_ns": 100 * MS},
}


def braked_world(brakes: dict[str, float]) -> World:
    """Return a world with these brakes."""
    made = world()
    for name, value in brakes.items():
        setattr(made.limits.brakes, name, value)
    return made


def assert_both_agree(batches: int, seed: int, params: dict[str, Any]) -> None:
    """Play a random market interpreted, then what was consumed compiled; compare everything."""
    assert_worlds_agree(batches, seed, world(**params), world(**params))


def assert_worlds_agree(batches: int, seed: int, slow: World, start: World) -> None:
    """Do so from two equal worlds."""
    played = record(slow, batches, seed)
    states = (start.desk, start.limits, start.commands, start.fills, start.decisions)
    records = [record_of(state) for state in states]
    columns = [np.array(column, np.int64) for column in played.columns()]
    columns[-1][:] = 0
    decided = compiled(consume)(*records, *columns, 0, batches)
    assert columns[-1].tolist() == played.seen
    assert decided == slow.desk.tally.decisions > batches // 4
    ours = (slow.desk, slow.limits, slow.commands, slow.fills, slow.decisions)
    for plain, compiled_record in zip(ours, records, strict=True):
        read = type(plain)()
        store(read, compiled_record)
        assert differences(plain, read) == []


@pytest.mark.slow
def test_interpreted_and_compiled_agree_on_every_batch_and_on_the_whole_state() -> None:
    assert_both_agree(BATCHES, 5, {})
    for seed, params in enumerate(OTHERS):
        assert_both_agree(2_000, seed, params)


def test_the_stream_reaches_what_it_is_to_compare() -> None:
    slow = world()
    record(slow, BATCHES, seed=5)
    tally, signals = slow.desk.tally, slow.desk.signals
    held = {Reason(1 << k % REASONS) for k, ns in enumerate(tally.reason_ns) if ns}
    never = {Reason.PRICE_FLOOR, Reason.STOPPING, Reason.NOT_FINITE, Reason.MIN_SIZE}
    never |= {Reason.FEE_FLOOR, Reason.SPREAD_MIN, Reason.REFUSED_COLLAR}
    never |= {reason for reason in Reason if reason >= Reason.FILL_RATE}
    assert set(Reason) - held == never
    assert min(tally.places, tally.cancels, tally.refused, tally.rejected) > 1000
    assert min(slow.fills.marked[0], signals.flips, slow.desk.book.outside) > 10
    assert slow.decisions.count > 1000
    assert slow.desk.volatility.seen_s > slow.desk.params.warmup_s


@pytest.mark.parametrize("reason", BRAKES, ids=[str(r.name).lower() for r in BRAKES])
def test_interpreted_and_compiled_agree_with_every_brake(reason: Reason) -> None:
    slow, start = braked_world(BRAKES[reason]), braked_world(BRAKES[reason])
    assert_worlds_agree(2_500, 7, slow, start)
    held = {Reason(1 << k % REASONS) for k, ns in enumerate(slow.desk.tally.reason_ns) if ns}
    assert reason in held


def test_interpreted_and_compiled_agree_while_orders_are_amended() -> None:
    slow, start = world(amends=True), world(amends=True)
    assert_worlds_agree(2_500, 3, slow, start)
    assert slow.desk.tally.amends > 300
    assert slow.desk.tally.places > 300


def leaving_world() -> World:
    """Return a world that takes its positions out at the least occasion."""
    made = world(taker_fee_bps=0.5, drift_bps_per_s=0.5, risk_horizon_s=10.0)
    gates = made.desk.params.gates
    gates.on = gates.leaves = True
    gates.most_take_lots = 18
    gates.stop_loss.on = gates.take_profit.on = gates.timeout.on = gates.age_exit.on = True
    gates.stop_loss.loss_bps = gates.take_profit.profit_bps = 0.05
    gates.timeout.after_ns = 2 * SECOND_NS
    gates.age_exit.after_ns = SECOND_NS
    for k, gate in enumerate((gates.stop_loss, gates.take_profit, gates.timeout, gates.age_exit)):
        gate.leave.share_frac = 0.5 + 0.1 * k
        gate.leave.slippage_bps = 0.05
        gate.leave.retry_ns = (k + 1) * 100 * MS
        gate.leave.pause_ns = 200 * MS
    return made


def test_interpreted_and_compiled_agree_while_positions_are_taken_out() -> None:
    slow, start = leaving_world(), leaving_world()
    assert_worlds_agree(4_000, 11, slow, start)
    assert min(slow.desk.tally.takes, slow.desk.trades.taken_tick_lots) > 20
    held = {Reason(1 << k % REASONS) for k, ns in enumerate(slow.desk.tally.reason_ns) if ns}
    assert held >= {Reason.STOP_LOSS, Reason.TAKE_PROFIT, Reason.TIMEOUT, Reason.AGE_EXIT}


def test_a_batch_that_decides_nothing_leaves_no_old_commands() -> None:
    desk, limits, commands = new_desk(), new_limits(), Commands()
    kind, ticks, lots = [BID, ASK], [MID_TICKS - 1, MID_TICKS + 1], [5, 5]
    assert turn(desk, limits, commands, kind, ticks, lots, 0, 2, NOW_NS)
    assert commands.count == 2
    assert not turn(desk, limits, commands, kind, ticks, lots, 0, 0, NOW_NS + MS)
    assert commands.count == 0


def test_a_stop_cancels_everything_that_rests() -> None:
    desk, limits, commands = new_desk(), new_limits(), Commands()
    kind, ticks, lots = [BID, ASK], [MID_TICKS - 1, MID_TICKS + 1], [5, 5]
    turn(desk, limits, commands, kind, ticks, lots, 0, 2, NOW_NS)
    sent = set(commands.client_id[:2])
    for client_id in sent:
        desk.orders.status[client_id % SLOTS] = 2
    desk.stopping = desk.orders.changed = True
    assert turn(desk, limits, commands, kind, ticks, lots, 0, 0, NOW_NS + 1)
    assert set(commands.client_id[: commands.count]) == sent
    assert sum(desk.quotes.lots) == 0


def test_states_of_a_worker_fit_a_record() -> None:
    for state in (Desk, Limits, Commands, FillLog, DecisionLog):
        read = state()
        store(read, record_of(state()))
        assert differences(read, state()) == []
