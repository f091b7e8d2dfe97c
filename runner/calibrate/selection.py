"""Hold markets against each other: what each offers a market maker, and what it takes from one.

A market is ranked by what one clip, kept where we would quote, would have earned in a minute:
fills a minute times the 10 s net markout. It counts at two standard errors below, so that a market
is not first because it was measured badly. The distance is the one that the strategy chooses, not
the best of many. A tape too short to say so is shown, and not ranked.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from runner.calibrate.estimate import Blocks, Estimate, Fit, Refused

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

    from numpy.typing import NDArray

    from runner.calibrate.edge import Edge
    from runner.calibrate.market import MarketFit
    from runner.calibrate.recording import Recording
    from runner.settings import Market
    from runner.settings.calibrate import Calibrate

    Floats = NDArray[np.float64]

BUCKET_NS = 1_000_000_000
LEAST_BUCKETS = 60
MILLION = 1e6
HORIZON_S = 10


@dataclass(frozen=True, slots=True)
class Candidate:
    """What a tape says of one market. `here` is the edge where we would quote.

    `spread_bps` is the mean over time, `one_tick_frac` the share of time with a spread of one tick,
    `volume_per_h` the takers' turnover in quote, `touch_quote` the mean size shown at one side.
    `funding_bps_per_h` is what longs pay, None where nobody says. `why_not` is empty where the
    market is ranked.
    """

    name: str
    quote: str
    minutes: float
    orders: int
    spread_bps: float
    one_tick_frac: float
    tick_bps: float
    volume_per_h: float
    touch_quote: float
    sigma_bps: Fit
    lambda_bps: Fit
    funding_bps_per_h: float | None
    here: Edge
    earns_bps_per_min: Fit
    why_not: str

    @property
    def rank_by(self) -> float:
        """What the market is ranked by: two errors below what it would have earned."""
        earns = self.earns_bps_per_min
        if self.why_not or isinstance(earns, Refused):
            return -math.inf
        return earns.value - 2.0 * earns.error


def ranked(candidates: Sequence[Candidate]) -> list[Candidate]:
    """Return the candidates, the best first; those that are not ranked come last, by name."""
    return sorted(candidates, key=lambda c: (-c.rank_by, c.name))


def candidate_of(
    fit: MarketFit, market: Market, rules: Calibrate, funding_bps_per_h: float | None
) -> Candidate:
    """Return what a market's fits and tape say of it."""
    recording = fit.recording
    unit = float(market.instrument.tick_size * market.instrument.lot_size_base)
    spread, one_tick, tick_bps, touch = _book(recording, unit)
    here = next(edge for edge in fit.edge if edge.distance_bps == round(fit.half_spread_bps, 2))
    turnover = float((recording.trades.ticks * recording.trades.lots).sum()) * unit
    minutes = recording.seconds / 60.0
    orders = len(recording.orders.ns)
    return Candidate(
        name=fit.name,
        quote=market.instrument.quote,
        minutes=minutes,
        orders=orders,
        spread_bps=spread,
        one_tick_frac=one_tick,
        tick_bps=tick_bps,
        volume_per_h=turnover / recording.seconds * 3600.0,
        touch_quote=touch,
        sigma_bps=fit.sigma_bps[1.0],
        lambda_bps=kyle_lambda(recording, market.instrument.tick_size, unit),
        funding_bps_per_h=funding_bps_per_h,
        here=here,
        earns_bps_per_min=earned(here),
        why_not=_why_not(minutes, orders, here.fills, rules),
    )


def earned(edge: Edge) -> Fit:
    """Return fills a minute times net markout, with the error of both [bps of a clip a minute]."""
    rate, markout = edge.fills_per_min, edge.markout_bps[HORIZON_S]
    if isinstance(rate, Refused):
        return rate
    if isinstance(markout, Refused):
        return markout
    error = math.hypot(rate.value * markout.error, markout.value * rate.error)
    return Estimate(rate.value * markout.value, error, edge.fills)


def kyle_lambda(recording: Recording, tick_size: Decimal, unit: float) -> Fit:
    """Return Kyle's lambda: bps that mid moves per million of quote taken, over seconds.

    The slope of the move on signed volume, with an intercept (Kyle 1985; Hasbrouck 2007, ch. 5);
    its error by resampling stretches of time.
    """
    edges = np.arange(recording.start_ns, recording.end_ns, BUCKET_NS, dtype=np.int64)
    if len(edges) <= LEAST_BUCKETS:
        return Refused(f"{max(0, len(edges) - 1)} seconds, expected {LEAST_BUCKETS}")
    trades = recording.trades
    mid = recording.happened.half_ticks(edges).astype(np.float64)
    bucket = np.searchsorted(edges, trades.ns, side="right") - 1
    inside = (bucket >= 0) & (bucket < len(edges) - 1)
    signed = (trades.sign * trades.ticks * trades.lots)[inside] * (unit / MILLION)
    x: Floats = np.bincount(bucket[inside], weights=signed, minlength=len(edges) - 1).astype(float)
    known = (mid[1:] > 0) & (mid[:-1] > 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        y = np.log(mid[1:] / mid[:-1])[known] * 1e4
    x = x[known]
    blocks = Blocks.over(recording.start_ns, recording.end_ns)
    sums = blocks.sums(edges[1:][known], np.ones(len(x)), x, y, x * x, x * y)
    return blocks.estimate(sums, _slope, len(x))


def _slope(sums: Floats) -> Floats:
    count, x, y, xx, xy = sums
    spread = count * xx - x * x
    with np.errstate(divide="ignore", invalid="ignore"):
        slope: Floats = np.where(spread > 0, (count * xy - x * y) / spread, np.nan)
    return slope


def _book(recording: Recording, unit: float) -> tuple[float, float, float, float]:
    """Return mean spread [bps], share of time at one tick, a tick [bps], and the mean touch."""
    tops = recording.happened
    until = np.append(tops.ns[1:], recording.end_ns)
    held = np.maximum(until - tops.ns, 0).astype(np.float64)
    known = (tops.bid_ticks > 0) & (tops.ask_ticks > tops.bid_ticks) & (held > 0)
    if not known.any():
        return math.nan, math.nan, math.nan, math.nan
    weights, bid, ask = held[known], tops.bid_ticks[known], tops.ask_ticks[known]
    mid, wide = 0.5 * (bid + ask), ask - bid
    shown = 0.5 * (tops.bid_lots + tops.ask_lots)[known] * mid * unit
    means = (
        np.average(v, weights=weights) for v in (wide / mid * 1e4, wide == 1, 1e4 / mid, shown)
    )
    spread, one_tick, tick_bps, touch = (float(mean) for mean in means)
    return spread, one_tick, tick_bps, touch


def _why_not(minutes: float, orders: int, fills: int, rules: Calibrate) -> str:
    told = (
        ("minutes", minutes, rules.min_minutes),
        ("taker orders", orders, rules.min_orders),
        ("fills where we would quote", fills, rules.min_fills),
    )
    return "; ".join(
        f"{has:,.0f} {what}, expected {least:,.0f}" for what, has, least in told if has < least
    )
