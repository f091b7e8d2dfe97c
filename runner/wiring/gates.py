"""Tell a market's kernels what its gates were told."""

from collections.abc import Sequence
from decimal import Decimal
from typing import TypeVar

from connectors.model.instrument import Instrument
from runner.settings import Gates
from runner.settings.gates import Leaving
from strategies.gates.bad_fills import MEDIAN, T
from strategies.gates.knobs import GateKnobs, Leave

MS = 1_000_000
S = 1_000_000_000
RULES = {"t": T, "median": MEDIAN}
HOUR_NS = 3600 * S

N = TypeVar("N", int, float)


def set_gates(knobs: GateKnobs, gates: Gates, instrument: Instrument) -> None:
    """Write every gate's numbers in the kernels' units."""
    _set_market_gates(knobs, gates, instrument)
    _set_side_gates(knobs, gates)
    _set_position_gates(knobs, gates)
    blocks = [getattr(gates, name) for name in type(gates).model_fields if name != "name"]
    knobs.on = any(block.enabled for block in blocks)


def _set_market_gates(knobs: GateKnobs, gates: Gates, instrument: Instrument) -> None:
    hours, funding, spread = knobs.hours, knobs.funding, knobs.book_spread
    hours.on = gates.hours.enabled
    hours.count = len(gates.hours.windows)
    _fill(hours.first_min, [first for first, _ in gates.hours.windows])
    _fill(hours.until_min, [until for _, until in gates.hours.windows])
    funding.on = gates.funding.enabled
    funding.every_ns = gates.funding.interval_h * HOUR_NS
    funding.before_ns = int(gates.funding.before_s * S)
    funding.after_ns = int(gates.funding.after_s * S)
    spread.on = gates.book_spread.enabled
    spread.least_bps = gates.book_spread.min_bps
    spread.most_bps = gates.book_spread.max_bps or 0.0
    knobs.regime.on = gates.regime.enabled
    knobs.regime.most = gates.regime.max_adx
    knobs.regime.release = gates.regime.release_adx
    flips, loss = knobs.flip_rate, knobs.net_loss
    flips.on = gates.flip_rate.enabled
    flips.most = gates.flip_rate.max_per_200ms
    flips.pause_ns = gates.flip_rate.pause_ms * MS
    loss.on = gates.net_loss.enabled
    loss.floor_bps = gates.net_loss.floor_bps
    loss.errors = gates.net_loss.errors
    tick_lot = instrument.tick_size * instrument.lot_size_base
    loss.min_volume_tick_lots = float(Decimal(str(gates.net_loss.min_volume_quote)) / tick_lot)


def _set_side_gates(knobs: GateKnobs, gates: Gates) -> None:
    guard, fills, cooldown = knobs.guard, knobs.side_fills, knobs.cooldown
    guard.on = gates.guard.enabled
    guard.max_frac = gates.guard.max_frac
    guard.release_frac = gates.guard.release_frac
    fills.on = gates.side_fills.enabled
    fills.most = gates.side_fills.max_fills
    fills.window_ns = int(gates.side_fills.window_s * S)
    fills.pause_ns = int(gates.side_fills.pause_s * S)
    cooldown.on = gates.cooldown.enabled
    cooldown.least_ns = gates.cooldown.min_ms * MS
    cooldown.most_ns = gates.cooldown.max_ms * MS
    _set_flow_gates(knobs, gates)
    ladder, economics = knobs.ladder, knobs.economics
    ladder.on = gates.ladder.enabled
    _fill(ladder.at_frac, gates.ladder.at_frac)
    _fill(ladder.size_frac, gates.ladder.size_frac)
    if gates.ladder.offset == "unit":
        _fill(ladder.wider_units, gates.ladder.wider_units)
    else:
        _fill(ladder.wider_ticks, gates.ladder.wider_ticks)
    economics.on = gates.economics.enabled
    economics.adverse_bps = gates.economics.adverse_bps
    economics.min_edge_bps = gates.economics.min_edge_bps


def _set_flow_gates(knobs: GateKnobs, gates: Gates) -> None:
    toxicity, fills = knobs.toxicity, knobs.bad_fills
    toxicity.on = gates.toxicity.enabled
    toxicity.calm = gates.toxicity.calm_score
    toxicity.toxic = gates.toxicity.toxic_score
    toxicity.wider_units = gates.toxicity.wider_units
    fills.on = gates.bad_fills.enabled
    fills.rule = RULES[gates.bad_fills.rule]
    fills.threshold_units = gates.bad_fills.threshold_units
    fills.t = gates.bad_fills.errors
    fills.min_fills = gates.bad_fills.min_fills
    fills.median_bps = gates.bad_fills.median_bps
    fills.pause_ns = int(gates.bad_fills.pause_s * S)
    fills.probe_frac = gates.bad_fills.probe_frac
    fills.probe_fills = gates.bad_fills.probe_fills
    fills.release_units = gates.bad_fills.release_units


def _set_position_gates(knobs: GateKnobs, gates: Gates) -> None:
    stop, profit, timeout, age = knobs.stop_loss, knobs.take_profit, knobs.timeout, knobs.age_exit
    stop.on = gates.stop_loss.enabled
    stop.loss_bps = gates.stop_loss.loss_bps
    _set_leave(stop.leave, gates.stop_loss)
    profit.on = gates.take_profit.enabled
    profit.profit_bps = gates.take_profit.profit_bps
    profit.release_bps = gates.take_profit.release_bps
    _set_leave(profit.leave, gates.take_profit)
    timeout.on = gates.timeout.enabled
    timeout.after_ns = int(gates.timeout.after_s * S)
    _set_leave(timeout.leave, gates.timeout)
    age.on = gates.age_exit.enabled
    age.after_ns = int(gates.age_exit.after_s * S)
    if gates.age_exit.offset == "unit":
        age.loss_units = gates.age_exit.loss_units
    else:
        age.loss_ticks = gates.age_exit.loss_ticks
    _set_leave(age.leave, gates.age_exit, gates.age_exit.share_frac)
    knobs.leaves = stop.on or profit.on or timeout.on or age.on


def _set_leave(leave: Leave, gate: Leaving, share_frac: float = 1.0) -> None:
    leave.share_frac = share_frac
    leave.slippage_bps = gate.slippage_bps
    leave.retry_ns = int(gate.retry_s * S)
    leave.pause_ns = int(gate.pause_s * S)


def _fill(column: list[N], values: Sequence[N]) -> None:
    for k, value in enumerate(values):
        column[k] = value
