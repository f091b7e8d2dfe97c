"""Fit everything of one market, and turn what holds into values of its strategy."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from runner.calibrate import betas, edge, hawkes, intensity, microprice, volatility
from runner.calibrate.estimate import Blocks, Estimate, Fit, Refused
from runner.calibrate.knobs import Knob, reference_knobs, strategy_knobs, toxicity_knobs
from runner.calibrate.recording import recording_of
from runner.settings import Quoting

if TYPE_CHECKING:
    from connectors.tape.tape import Tape
    from runner.calibrate.recording import Recording
    from runner.settings import Market

TICKS = (2, 3, 4)
SIGMA_STEPS_S = (1.0, 5.0)


@dataclass(frozen=True, slots=True)
class MarketFit:
    """All fits of one market. `unit_bps` is U, `half_spread_bps` where we quote when flat."""

    name: str
    recording: Recording
    sigma_bps: dict[float, Fit]
    unit_bps: float
    half_spread_bps: float
    window_bps: tuple[float, float]
    intensity_per_s: Fit
    slope_per_bps: Fit
    slope_of_all: Fit
    reaching_1_bps: Fit
    excitation: hawkes.Excitation | Refused
    betas: list[betas.Beta]
    edge: list[edge.Edge]
    gamma_for_ticks: dict[int, float]
    knobs: list[Knob]


def fit_market(name: str, market: Market, tape: Tape) -> MarketFit:
    """Return the fits of one market's tape; raise DataError where there is no book at all."""
    strategy = market.strategy
    if not isinstance(strategy, Quoting):
        raise TypeError(f"{name}: expected a strategy that quotes, was {strategy.name}")
    recording = recording_of(tape)
    blocks = Blocks.over(recording.start_ns, recording.end_ns)
    sampled = volatility.sigma_bps(recording, blocks, strategy.volatility.sample_s)
    unit = _unit_bps(strategy, sampled)
    half = unit / strategy.gamma * math.log1p(strategy.gamma / strategy.kappa)
    window = (0.5 * half, 2.0 * half)
    level, slope = intensity.local_fits(recording, blocks, *window)
    venue: Any = market.venue
    quoting = edge.Quoting(
        refresh_ns=strategy.refresh_ms * 1_000_000,
        latency_ns=int(getattr(venue, "entry_latency_ms", 0.0) * 1e6),
        maker_fee_bps=float(market.venue.maker_fee_bps),
    )
    distances = sorted({*edge.DISTANCES_BPS, round(half, 2)})
    mapped = edge.edge_map(recording, blocks, quoting, distances)
    here = next(row for row in mapped if row.distance_bps == round(half, 2))
    samples = betas.Samples.of(recording, market.reference.flow_memory_s)
    excited = hawkes.excitation(recording.orders, recording.start_ns, recording.end_ns)
    return MarketFit(
        name=name,
        recording=recording,
        sigma_bps={s: volatility.sigma_bps(recording, blocks, s) for s in SIGMA_STEPS_S},
        unit_bps=unit,
        half_spread_bps=half,
        window_bps=window,
        intensity_per_s=level,
        slope_per_bps=slope,
        slope_of_all=intensity.mean_slope(recording, blocks, 0.0),
        reaching_1_bps=intensity.reaching_per_s(recording, blocks, 1.0),
        excitation=excited,
        betas=betas.betas(samples, blocks),
        edge=mapped,
        gamma_for_ticks=_gamma_for_ticks(recording, unit),
        knobs=[
            *_strategy_knobs(market, strategy, (sampled, level, slope, here.adverse_bps), unit),
            *reference_knobs(
                market,
                *betas.joint_betas(samples, blocks),
                microprice.fit_seen(recording.seen),
            ),
            *toxicity_knobs(market, excited),
        ],
    )


def _unit_bps(strategy: Quoting, sigma: Fit) -> float:
    """Return U: configured, or of the volatility found, or of the prior where none was."""
    if strategy.unit_bps is not None:
        return strategy.unit_bps
    prior = strategy.volatility.prior_bps_per_sqrt_s
    found = sigma.value if isinstance(sigma, Estimate) else prior
    return found * math.sqrt(strategy.unit_horizon_s)


def _gamma_for_ticks(recording: Recording, unit_bps: float) -> dict[int, float]:
    """Return the gamma whose plain skew of one clip is so many ticks (gamma U = n ticks in bps)."""
    tops = recording.happened
    mid = 0.5 * float((tops.bid_ticks + tops.ask_ticks)[tops.bid_ticks > 0].mean())
    return {n: n * 1e4 / mid / unit_bps for n in TICKS}


def _strategy_knobs(
    market: Market, strategy: Quoting, fits: tuple[Fit, Fit, Fit, Fit], unit_bps: float
) -> list[Knob]:
    sigma, level, slope, adverse = fits
    kappa = slope.times(unit_bps) if isinstance(slope, Estimate) else slope
    prior = strategy.volatility.prior_bps_per_sqrt_s
    found = {
        "kappa": (strategy.kappa, kappa),
        "intensity_per_s": (strategy.intensity_per_s, level),
        "volatility.prior_bps_per_sqrt_s": (prior, sigma),
    }
    if "adverse_bps" in type(strategy).model_fields:
        now = getattr(strategy, "adverse_bps", None)
        found["adverse_bps"] = (0.5 * unit_bps if now is None else now, adverse)
    return strategy_knobs(market, found)
