"""Regress the next move of mid on a signal of now: move = beta x signal, both from what we saw."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from runner.calibrate.estimate import Blocks, Estimate, Fit, Refused
from runner.calibrate.series import imbalance, order_flow_score

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from runner.calibrate.recording import Recording

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


@dataclass(frozen=True, slots=True)
class Samples:
    """Mid and signals as seen every 0.1 s; mid is 0 and a signal NaN where there is none."""

    ns: Int64
    mid: Floats
    imbalance: Floats
    order_flow: Floats

    @classmethod
    def of(cls, recording: Recording, flow_memory_s: float) -> Samples:
        """Sample a recording; the order flow is in its deviations, as the reference reads it."""
        seen = recording.seen
        grid = np.arange(recording.start_ns, recording.end_ns, SAMPLE_NS, dtype=np.int64)
        return cls(
            grid,
            seen.half_ticks(grid).astype(np.float64),
            imbalance(seen, grid),
            order_flow_score(seen, grid, flow_memory_s),
        )

    def moves_bps(self, horizon_s: float) -> Floats:
        """Return how far mid moved within the horizon after each sample; NaN where unknown."""
        steps = round(horizon_s * 1e9 / SAMPLE_NS)
        later = np.append(self.mid[steps:], np.zeros(min(steps, len(self.mid))))
        known = (self.mid > 0) & (later > 0)
        moves = np.full(len(self.mid), np.nan)
        moves[known] = np.log(later[known] / self.mid[known]) * 1e4
        return moves


def betas(samples: Samples, blocks: Blocks) -> list[Beta]:
    """Return the slope of each signal over each horizon, taken by itself."""
    found = []
    for name in SIGNALS:
        signal = getattr(samples, name)
        for horizon_s in HORIZONS_S:
            move = samples.moves_bps(horizon_s)
            known = np.isfinite(move) & np.isfinite(signal)
            found.append(
                _beta(name, horizon_s, samples.ns[known], signal[known], move[known], blocks)
            )
    return found


def joint_betas(samples: Samples, blocks: Blocks) -> tuple[Fit, Fit]:
    """Return what imbalance and order flow each add over 1 s, beside the other.

    Together they say less than the sum of both slopes: a heavy queue was often just added to.
    """
    x, z, y = samples.imbalance, samples.order_flow, samples.moves_bps(1.0)
    known = np.isfinite(x) & np.isfinite(z) & np.isfinite(y)
    x, z, y = x[known], z[known], y[known]
    if len(y) < LEAST_SAMPLES or y.std() == 0.0:
        why = f"{len(y)} samples in which signals and mid move, expected {LEAST_SAMPLES}"
        return Refused(why), Refused(why)
    columns = (np.ones(len(y)), x, z, y, x * x, z * z, x * z, x * y, z * y)
    sums = blocks.sums(samples.ns[known], *columns)
    first = blocks.estimate(sums, lambda drawn: _slopes(drawn)[0], len(y))
    second = blocks.estimate(sums, lambda drawn: _slopes(drawn)[1], len(y))
    return _unless_zero(first), _unless_zero(second)


def _slopes(sums: Floats) -> tuple[Floats, Floats]:
    """Return both least-squares slopes of y on x and z from the sums of their products."""
    n, x, z, y, xx, zz, xz, xy, zy = sums
    with np.errstate(divide="ignore", invalid="ignore"):
        cxx, czz, cxz = xx - x * x / n, zz - z * z / n, xz - x * z / n
        cxy, czy = xy - x * y / n, zy - z * y / n
        det = cxx * czz - cxz * cxz
        return (czz * cxy - cxz * czy) / det, (cxx * czy - cxz * cxy) / det


def _unless_zero(fit: Fit) -> Fit:
    if isinstance(fit, Estimate) and not fit.is_clear:
        return Refused(f"{fit.value:+.3f} \u00b1 {fit.error:.3f} bps cannot be told from zero")
    return fit


def _beta(
    name: str, horizon_s: float, ns: Int64, signal: Floats, move: Floats, blocks: Blocks
) -> Beta:
    if len(ns) < LEAST_SAMPLES or signal.std() == 0.0 or move.std() == 0.0:
        why = f"{len(ns)} samples in which signal and mid both move, expected {LEAST_SAMPLES}"
        return Beta(name, horizon_s, Refused(why), float("nan"))
    sums = blocks.sums(ns, np.ones(len(ns)), signal, move, signal * signal, signal * move)
    fit = _unless_zero(blocks.estimate(sums, _slope, len(ns)))
    return Beta(name, horizon_s, fit, float(np.corrcoef(signal, move)[0, 1]))


def _slope(sums: Floats) -> Floats:
    """Return the least-squares slope from n, sum x, sum y, sum xx, sum xy."""
    n, x, y, xx, xy = sums
    slope: Floats = (n * xy - x * y) / (n * xx - x * x)
    return slope
