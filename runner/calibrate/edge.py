"""Draw the edge map: what an order at each distance from mid would have filled and earned.

Both sides are quoted at a distance from the mid we saw, renewed every refresh, and work one latency
later. An order fills when somebody trades through its price, at most once a refresh; nobody is
moved by it. Markouts are realised: s * (mid_h - price) / mid, less the maker fee.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from runner.calibrate.estimate import Blocks, Fit, Refused, ratio

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from runner.calibrate.recording import Recording

    Int64 = NDArray[np.int64]
    Floats = NDArray[np.float64]

DISTANCES_BPS = (0.1, 0.2, 0.35, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0, 4.0, 5.0)
HORIZONS_S = (1, 10, 60)
LEAST_FILLS = 10


@dataclass(frozen=True, slots=True)
class Edge:
    """One distance: fills a minute (both sides), and net markouts [bps] by horizon in seconds."""

    distance_bps: float
    fills: int
    fills_per_min: Fit
    markout_bps: dict[int, Fit]
    adverse_bps: Fit
    """How far mid itself went against a fill within 10 s; the width has to pay for it."""


@dataclass(frozen=True, slots=True)
class Quoting:
    """How the imagined orders are kept: refresh and latency in ns, fee in bps."""

    refresh_ns: int
    latency_ns: int
    maker_fee_bps: float


@dataclass(frozen=True, slots=True)
class Fills:
    """Fills of one distance by the venue's clock."""

    ns: Int64
    sign: Int64
    ticks: Int64


def edge_map(
    recording: Recording,
    blocks: Blocks,
    quoting: Quoting,
    distances_bps: Sequence[float] = DISTANCES_BPS,
) -> list[Edge]:
    """Return what each distance would have filled and earned."""
    return [_edge(recording, blocks, quoting, distance) for distance in distances_bps]


def fills_at(recording: Recording, quoting: Quoting, distance_bps: float) -> Fills:
    """Return the fills of both sides at one distance, in order of time."""
    trades = recording.trades
    round_of = (trades.ns - quoting.latency_ns - recording.start_ns) // quoting.refresh_ns
    at = recording.start_ns + round_of * quoting.refresh_ns
    index = recording.seen.at(at)
    known = (round_of >= 0) & (index >= 0)
    bid_touch = np.where(known, recording.seen.bid_ticks[np.maximum(index, 0)], 0)
    ask_touch = np.where(known, recording.seen.ask_ticks[np.maximum(index, 0)], 0)
    mid = 0.5 * (bid_touch + ask_touch)
    known &= mid > 0
    bid = np.minimum(np.floor(mid * (1 - distance_bps * 1e-4)).astype(np.int64), ask_touch - 1)
    ask = np.maximum(np.ceil(mid * (1 + distance_bps * 1e-4)).astype(np.int64), bid_touch + 1)
    bought = known & (trades.sign < 0) & (trades.ticks < bid)
    sold = known & (trades.sign > 0) & (trades.ticks > ask)
    first = np.sort(np.concatenate([_first(round_of, bought), _first(round_of, sold)]))
    sign = -trades.sign[first]
    return Fills(trades.ns[first], sign, np.where(sign > 0, bid[first], ask[first]))


def _first(round_of: Int64, hit: NDArray[np.bool_]) -> NDArray[np.intp]:
    """Return where each round is hit for the first time."""
    where = np.flatnonzero(hit)
    _, first = np.unique(round_of[where], return_index=True)
    return where[first]


def _edge(recording: Recording, blocks: Blocks, quoting: Quoting, distance_bps: float) -> Edge:
    fills = fills_at(recording, quoting, distance_bps)
    count = len(fills.ns)
    sums = blocks.sums(fills.ns, np.ones(count))
    minutes = recording.seconds / 60.0
    rate = blocks.estimate(sums, lambda total: total[0] / minutes, count)
    before = 0.5 * recording.happened.half_ticks(fills.ns - 1).astype(np.float64)
    markouts = {
        h: _mean(
            blocks,
            fills,
            _gain(recording, fills, fills.ticks.astype(np.float64), h) - quoting.maker_fee_bps,
        )
        for h in HORIZONS_S
    }
    adverse = _mean(blocks, fills, -_gain(recording, fills, before, 10))
    return Edge(distance_bps, count, rate, markouts, adverse)


def _gain(recording: Recording, fills: Fills, since: Floats | Int64, horizon_s: int) -> Floats:
    """Return how far mid has gone our way since a price [bps]; NaN where the tape does not say."""
    later_ns = fills.ns + horizon_s * 10**9
    later = 0.5 * recording.happened.half_ticks(later_ns)
    known = (later > 0) & (later_ns <= recording.end_ns) & (since > 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        gain: Floats = np.where(known, fills.sign * (later - since) / since * 1e4, np.nan)
    return gain


def _mean(blocks: Blocks, fills: Fills, values: Floats) -> Fit:
    known = np.isfinite(values)
    count = int(known.sum())
    if count < LEAST_FILLS:
        return Refused(f"{count} fills, expected {LEAST_FILLS}")
    sums = blocks.sums(fills.ns[known], values[known], np.ones(count))
    return blocks.estimate(sums, ratio, count)
