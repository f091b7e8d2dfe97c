"""Exact, parity and interpreted replays of one tape give the same fills, decisions and state."""

from pathlib import Path

import pytest

from connectors.model.events import SELL, TAKER
from connectors.model.kernel import dump
from connectors.model.orders import is_taking
from connectors.tape.readers import read_tape
from connectors.tape.tape import Tape
from runner.modes.agendas import hear_schedule
from runner.modes.market_replay import MarketReplay, prepare
from runner.modes.outcome import reason_ns
from runner.modes.parity import replay_parity
from runner.modes.replay import exit_code
from runner.settings import Settings
from runner.wiring.tapes import tape_source
from strategies.scheduled import TARGET_S
from tests.deploys import (
    KERNEL_CACHE,
    Silent,
    compiled_loop,
    instrument,
    replay_interpreted,
    replayed,
    settings_for,
)
from tests.sessions import run_session

PLAIN = ("kappa=6", "record.decisions=all")
BUSY = (
    *PLAIN,
    "strategy.levels=3",
    "strategy.slots_per_level=2",
    "strategy.size_skew=0.5",
    "strategy.refresh_ms=40",
    "strategy.fill_lockout_ms=50",
    "venue.queue_model=power",
    "venue.reject_frac=0.05",
    "venue.drop_frac=0.02",
    "markets.btc.max_position_quote=4000",
)


BRAKED = (
    *BUSY,
    "risk.max_fills_per_min=6",
    "risk.max_notional_per_day_quote=40000",
    "risk.max_daily_loss_quote=2",
    "risk.max_drawdown_quote=3",
    "risk.max_losing_trades=2",
    "risk.volatility_ratio_max=1.05",
    "risk.volatility_pause_s=1",
    "risk.jump_sigmas=2",
    "risk.jump_window_s=0.5",
    "risk.jump_pause_s=0.5",
    "risk.sweep_sigmas=1",
    "risk.sweep_pause_s=0.3",
    "risk.max_quiet_s=0.2",
)


RAMPED = (
    *BUSY,
    "venue.amends=true",
    "risk.ramp.start_frac=0.3",
    "risk.ramp.full_after_s=60",
    "risk.ramp.full_after_fills=40",
)


PARTS = (
    *("orders", "quotes", "tally", "signals", "volatility", "trades", "gates", "senses", "value"),
    *("learning", "params", "scheduled"),
    "holding",
    "ramp",
)

GATED = (
    *BUSY,
    "venue.drop_frac=0",
    "gates=hybrid",
    "gates.hours.enabled=true",
    "gates.funding.enabled=true",
    "gates.net_loss.min_volume_quote=1000",
    "gates.flip_rate.max_per_200ms=3",
    "gates.flip_rate.pause_ms=20",
    "gates.side_fills.max_fills=2",
    "gates.side_fills.pause_s=1",
    "gates.economics.min_edge_bps=0.4",
    "gates.regime.bar_s=0.25",
    "gates.regime.max_adx=85",
    "gates.regime.release_adx=80",
    "gates.bad_fills.min_fills=3",
    "gates.bad_fills.errors=0.1",
    "gates.bad_fills.pause_s=1",
    "gates.bad_fills.probe_fills=1",
    "gates.cooldown.max_ms=300",
    "gates.toxicity.wider_units=0.05",
    "reference=signals",
    "strategy.recalibration.every_s=5",
)


LEAVING = (
    *PLAIN,
    "strategy.slots_per_level=2",
    "venue.reject_frac=0.05",
    "venue.taker_fee_bps=0.5",
    "gates.stop_loss.enabled=true",
    "gates.stop_loss.loss_bps=0.3",
    "gates.stop_loss.slippage_bps=0.01",
    "gates.stop_loss.retry_s=0.3",
    "gates.stop_loss.pause_s=0.5",
    "gates.take_profit.enabled=true",
    "gates.take_profit.profit_bps=0.2",
    "gates.take_profit.release_bps=0.1",
    "gates.take_profit.slippage_bps=0",
    "gates.timeout.enabled=true",
    "gates.timeout.after_s=6",
    "gates.timeout.retry_s=0.5",
    "gates.age_exit.enabled=true",
    "gates.age_exit.after_s=2",
    "gates.age_exit.retry_s=0.5",
    "reference=signals",
)


SCHEDULED = (
    *PLAIN,
    "schedule=none",
    "+schedule.pauses.event={markets: all, zone: UTC, cron: null,"
    " at: ['2025-11-13T02:14:30'], before_s: 5, after_s: 5}",
    "+schedule.flattens.close={markets: all, zone: UTC, cron: '14 2 * * *', step_s: 0.5,"
    " max_slippage_bps: 20, within_s: 20}",
    "+schedule.rebalances.lean={zone: UTC, cron: '13 2 * * *', target_base: null, by: orders,"
    " weights: {BTC: 0.1}, capital: 10000, tolerance_clips: 0.5, step_s: 1,"
    " max_slippage_bps: 20, within_s: 40}",
)
"""The tape is of 02:13:20 to 02:14:50."""


@pytest.fixture(scope="module")
def tape(tmp_path_factory: pytest.TempPathFactory) -> Tape:
    directory = tmp_path_factory.mktemp("tape")
    run_session(settings_for("market=btc", "duration_s=90"), directory)
    settings = settings_for(
        "market=btc", "mode=replay", "tape=mmrunner", f"tape.path={directory / 'tapes'}"
    )
    return read_tape(tape_source(settings.tape, None), instrument(settings, "btc"))


def interpreted(settings: Settings, tape: Tape) -> MarketReplay:
    """Replay with plain Python lists and objects: no numpy, no numba."""
    r = prepare(settings, "btc", 0, tape)
    replay_interpreted([r], settings)
    return r


def parity(settings: Settings, tape: Tape) -> MarketReplay:
    """Replay with the compiled simulator and the interpreted decision."""
    r = prepare(settings, "btc", 0, tape)
    replay_parity([r], settings, KERNEL_CACHE, Silent())
    return r


@pytest.mark.parametrize(
    "overrides",
    [PLAIN, BUSY, BRAKED, GATED, LEAVING, RAMPED, SCHEDULED],
    ids=["plain", "busy", "braked", "gated", "leaving", "ramped", "scheduled"],
)
def test_three_ways_one_result(tape: Tape, overrides: tuple[str, ...]) -> None:
    settings = settings_for("market=btc", *overrides)
    tape = hear_schedule(settings, {"btc": tape})["btc"]
    exact = replayed(settings, "btc", tape, compiled_loop())
    assert len(exact.history.fills["ticks"]) > 5
    for other in (interpreted(settings, tape), parity(settings, tape)):
        assert other.history.fills == exact.history.fills
        assert other.history.series == exact.history.series
        for part in PARTS:
            one, two = getattr(other.market.desk, part), getattr(exact.market.desk, part)
            assert dump(one) == dump(two), part
        assert dump(other.market.limits) == dump(exact.market.limits)


def test_orders_are_amended_in_the_ramped_replay(tape: Tape) -> None:
    ramped = replayed(settings_for("market=btc", *RAMPED), "btc", tape, compiled_loop())
    cancelled = replayed(
        settings_for("market=btc", *RAMPED, "strategy.amend=never"), "btc", tape, compiled_loop()
    )
    one, other = ramped.market.desk.tally, cancelled.market.desk.tally
    assert one.amends > 20 > other.amends == 0
    assert one.places + one.amends + one.cancels < other.places + other.cancels


def test_most_gates_act_in_the_gated_replay(tape: Tape) -> None:
    gated = replayed(settings_for("market=btc", *GATED), "btc", tape, compiled_loop())
    held = {name for side in reason_ns(gated.market.desk.tally).values() for name in side}
    assert held >= {"cooldown", "ladder", "flipping", "toxic_flow", "bad_fills", "probing"}


def test_rates_are_fitted_anew_in_the_gated_replay(tape: Tape) -> None:
    desk = replayed(settings_for("market=btc", *GATED), "btc", tape, compiled_loop()).market.desk
    assert desk.learning.accepted > 0
    assert desk.params.kappa != desk.learning.kappa


def test_positions_are_taken_out_in_the_leaving_replay(tape: Tape) -> None:
    left = replayed(settings_for("market=btc", *LEAVING), "btc", tape, compiled_loop())
    fills, desk = left.history.fills, left.market.desk
    roles, ids = fills["role"], fills["client_id"]
    taken = [k for k, role in enumerate(roles) if role == TAKER]
    assert len(taken) > 3
    assert [is_taking(i) for i in ids] == [role == TAKER for role in roles]
    for k in taken:
        before, side, lots = (fills[n][k] for n in ("position_before_lots", "side", "lots"))
        assert lots <= (before if side == SELL else -before)
    worth = sum(fills["ticks"][k] * fills["lots"][k] for k in taken)
    assert desk.trades.taken_tick_lots == worth
    held = {name for side in reason_ns(desk.tally).values() for name in side}
    assert held >= {"stop_loss", "take_profit", "timeout"}


def test_the_clock_is_heard_in_the_scheduled_replay(tape: Tape) -> None:
    settings = settings_for("market=btc", *SCHEDULED)
    heard = hear_schedule(settings, {"btc": tape})["btc"]
    desk = replayed(settings, "btc", heard, compiled_loop()).market.desk
    assert desk.scheduled.moved_s == desk.scheduled.asked[TARGET_S] + 60
    assert desk.tally.takes > 0
    assert desk.quotes.target_lots == desk.scheduled.weighed_lots > 0
    held = {name for side in reason_ns(desk.tally).values() for name in side}
    assert "hours" in held


def test_a_halted_market_ends_a_replay_with_4(tape: Tape) -> None:
    calm = replayed(settings_for("market=btc", *PLAIN), "btc", tape, compiled_loop())
    strict = settings_for("market=btc", *PLAIN, "risk.max_drawdown_quote=0.0001")
    halted = replayed(strict, "btc", tape, compiled_loop())
    assert halted.market.limits.brakes.halted != 0
    assert [exit_code([calm], finished) for finished in (True, False)] == [0, 130]
    assert [exit_code([calm, halted], finished) for finished in (True, False)] == [4, 4]


def test_a_seed_matters_only_to_faults(tape: Tape, tmp_path: Path) -> None:
    loop = compiled_loop()
    a, b = (
        replayed(settings_for("market=btc", *PLAIN, f"seed={seed}"), "btc", tape, loop)
        for seed in (1, 2)
    )
    assert a.history.fills == b.history.fills
    c, d = (
        replayed(settings_for("market=btc", *BUSY, f"seed={seed}"), "btc", tape, loop)
        for seed in (1, 2)
    )
    assert c.history.fills != d.history.fills
