"""Regress the next move of mid on a signal of now: move = beta x signal, both from what we saw."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from runner.calibrate.estimate import Blocks, Estimate, Fit, Refused

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from runner.calibrate.recording import Recording, Tops

    Int64 = NDArray[np.int64]
    Floats = NDArray[np.float64]

SAMPLE_NS = 100_000_000
HORIZONS_S = (1.0, 3.0)
LEAST_SAMPLES = 300
SIGNALS = ("imbalance", "order_flow")


@dataclass(frozen=True, slots=True)
class Beta:
    """How far mid moves within a horizon for a signal of one [bps], and their correlation."""

    signal: str
    horizon_s: float
    beta_bps: Fit
    correlation: float


def betas(recording: Recording, blocks: Blocks) -> list[Beta]:
    """Return the slope of each signal over each horizon."""
    seen = recording.seen
    grid = np.arange(recording.start_ns, recording.end_ns, SAMPLE_NS, dtype=np.int64)
    mid = seen.half_ticks(grid).astype(np.float64)
    signals = {"imbalance": _imbalance(seen, grid), "order_flow": _order_flow(seen, grid)}
    found = []
    for name, signal in signals.items():
        for horizon_s in HORIZONS_S:
            steps = round(horizon_s * 1e9 / SAMPLE_NS)
            later = np.append(mid[steps:], np.zeros(min(steps, len(mid))))
            known = (mid > 0) & (later > 0) & np.isfinite(signal)
            move = np.log(later[known] / mid[known]) * 1e4
            found.append(_beta(name, horizon_s, grid[known], signal[known], move, blocks))
    return found


def _beta(
    name: str, horizon_s: float, ns: Int64, signal: Floats, move: Floats, blocks: Blocks
) -> Beta:
    if len(ns) < LEAST_SAMPLES or signal.std() == 0.0 or move.std() == 0.0:
        why = f"{len(ns)} samples in which signal and mid both move, expected {LEAST_SAMPLES}"
        return Beta(name, horizon_s, Refused(why), float("nan"))
    sums = blocks.sums(ns, np.ones(len(ns)), signal, move, signal * signal, signal * move)
    fit = blocks.estimate(sums, _slope, len(ns))
    if isinstance(fit, Estimate) and not fit.is_clear:
        fit = Refused(f"{fit.value:+.3f} \u00b1 {fit.error:.3f} bps cannot be told from zero")
    return Beta(name, horizon_s, fit, float(np.corrcoef(signal, move)[0, 1]))


def _slope(sums: Floats) -> Floats:
    """Return the least-squares slope from n, sum x, sum y, sum xx, sum xy."""
    n, x, y, xx, xy = sums
    slope: Floats = (n * xy - x * y) / (n * xx - x * x)
    return slope


def _imbalance(seen: Tops, grid: Int64) -> Floats:
    """Return (bid size - ask size) / both at the touch, NaN where there is no book."""
    index = seen.at(grid)
    bid, ask = seen.bid_lots[np.maximum(index, 0)], seen.ask_lots[np.maximum(index, 0)]
    both = bid + ask
    with np.errstate(divide="ignore", invalid="ignore"):
        value: Floats = np.where((index >= 0) & (both > 0), (bid - ask) / both, np.nan)
    return value


def _order_flow(seen: Tops, grid: Int64) -> Floats:
    """Return the order-flow imbalance of the past second in mean depths of the touch.

    Cont, Kukanov and Stoikov (2014), equation 2, with weak inequalities on both sides.
    """
    bid, ask, bid_lots, ask_lots = seen.bid_ticks, seen.ask_ticks, seen.bid_lots, seen.ask_lots
    flow = np.zeros(len(seen.ns))
    flow[1:] = (
        np.where(bid[1:] >= bid[:-1], bid_lots[1:], 0)
        - np.where(bid[1:] <= bid[:-1], bid_lots[:-1], 0)
        - np.where(ask[1:] <= ask[:-1], ask_lots[1:], 0)
        + np.where(ask[1:] >= ask[:-1], ask_lots[:-1], 0)
    )
    flow[1:][(bid[1:] == 0) | (bid[:-1] == 0)] = 0.0
    total = np.concatenate(([0.0], np.cumsum(flow)))
    depth = 0.5 * float((bid_lots + ask_lots)[bid > 0].mean())
    value: Floats = (total[seen.at(grid) + 1] - total[seen.at(grid - 10**9) + 1]) / depth
    return value
