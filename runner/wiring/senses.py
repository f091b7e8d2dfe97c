"""Tell a market's kernels what it is worth, and which signals to follow for that and its gates."""

import math

from runner.settings import Gates, Recalibration, Reference, Risk
from strategies import desk, fair_value
from strategies.senses import SenseKnobs

MS = 1_000_000
PRICES = {"mid": fair_value.MID, "weighted": fair_value.WEIGHTED, "micro": fair_value.MICRO}


def set_reference(knobs: desk.Reference, reference: Reference) -> None:
    """Write how the fair value is made."""
    knobs.price = PRICES[reference.price]
    knobs.imbalance_bps = reference.imbalance_bps
    knobs.imbalance_cap_bps = reference.imbalance_cap_bps
    knobs.flow_bps = reference.flow_bps
    knobs.flow_cap_bps = reference.flow_cap_bps
    knobs.lead_cap_bps = reference.lead_cap_bps
    knobs.most_bps = reference.max_bps
    has_part = knobs.imbalance_bps != 0.0 or knobs.flow_bps != 0.0 or reference.lead is not None
    knobs.on = reference.price != "mid" or has_part


def set_senses(
    knobs: SenseKnobs, gates: Gates, reference: Reference, lead_tick_ratio: float
) -> None:
    """Turn on the signals that are read, and write their settings.

    `lead_tick_ratio` is the leading market's tick in ticks of this one.
    """
    knobs.excitement = gates.toxicity.enabled
    knobs.trend = gates.regime.enabled
    knobs.markouts = gates.bad_fills.enabled
    knobs.touch = reference.price != "mid"
    knobs.flow = reference.flow_bps != 0.0
    knobs.lead.on = reference.lead is not None
    knobs.lead.tick_ratio = lead_tick_ratio
    knobs.lead.tau_s = reference.lead_half_life_s / math.log(2.0)
    knobs.lead.most_age_ns = int(reference.lead_max_age_ms * MS)
    followed = (knobs.excitement, knobs.trend, knobs.markouts, knobs.touch, knobs.flow)
    knobs.on = knobs.on or any((*followed, knobs.lead.on))
    knobs.sweep_gap_ns = gates.toxicity.sweep_gap_ms * MS
    knobs.baseline_per_s = gates.toxicity.baseline_per_s
    knobs.self_per_s = gates.toxicity.self_per_s
    knobs.cross_per_s = gates.toxicity.cross_per_s
    knobs.decay_per_s = gates.toxicity.decay_per_s
    knobs.bar_ns = int(gates.regime.bar_s * 1e9)
    knobs.flow_tau_s = reference.flow_memory_s
    knobs.has_table = reference.microprice_ticks is not None
    for k, ticks in enumerate(reference.microprice_ticks or ()):
        knobs.table[k] = ticks


def watch_for_alarms(p: desk.Params, risk: Risk) -> None:
    """Write what lets a market decide at once: a jump of its brake, or an order that sweeps."""
    p.jump_span = (risk.jump_sigmas or 0.0) * math.sqrt(risk.jump_window_s)
    p.senses.sweep_sigmas = risk.sweep_sigmas or 0.0
    p.senses.on = p.senses.on or p.senses.sweep_sigmas > 0.0


def follow_reach(knobs: SenseKnobs, recalibration: Recalibration) -> None:
    """Follow how far market orders reach, for a market that fits its own numbers."""
    knobs.reach = recalibration.every_s is not None
    knobs.reach_tau_s = recalibration.half_life_s / math.log(2.0)
    knobs.on = knobs.on or knobs.reach
