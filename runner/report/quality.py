"""Say how good the fills of each side were, and how long it was there to be filled.

Medians are of the last `LAST_FILLS` fills of a side whose mid is known; everything else is of the
whole run. Each figure can be taken again from `fills.csv`, uptime apart.
"""

import math
import statistics
from collections.abc import Mapping
from dataclasses import dataclass

from connectors.model.events import BUY, MAKER, SELL
from runner.report.fills import same_side_fills
from runner.report.holding import age_quantile_s, stretches_s, trips
from runner.report.markouts import HORIZONS, markouts_bps
from runner.results import FillColumns, MarketResult, whole

LAST_FILLS = 200
"""Fills of a side that a median is of, where there are so many."""
OFTEN = 0.95
"""The quantile that stands for a bad moment: not the worst, but one that comes again."""


@dataclass(frozen=True, slots=True)
class Side:
    """One side's fills. A figure is None where there is nothing to take it from.

    `markout_median_bps` is by horizon. `captured_bps` is the mean distance of a fill's price from
    the mid at the fill, before fees. Ages are of inventory that this side opened (bids: long).
    """

    fills: int
    makers: int
    takers: int
    per_min: float | None
    markout_median_bps: Mapping[str, float | None]
    captured_bps: float | None
    in_1s_p95: int | None
    age_median_s: float | None
    age_p95_s: float | None
    uptime_frac: float | None


@dataclass(frozen=True, slots=True)
class Quality:
    """Both sides, and what belongs to neither alone. Round trips are decided before fees."""

    bid: Side
    ask: Side
    both_uptime_frac: float | None
    trips_won: int
    trips_lost: int

    @property
    def win_frac(self) -> float | None:
        """Return the share of the decided round trips that were won before fees, or None."""
        decided = self.trips_won + self.trips_lost
        return self.trips_won / decided if decided else None


def quality_of(market: MarketResult) -> Quality:
    """Return the quality of one market's fills."""
    won, lost = trips(market.fills)
    quoted = market.quoted
    return Quality(
        bid=_side(market, BUY, quoted.bid_ns),
        ask=_side(market, SELL, quoted.ask_ns),
        both_uptime_frac=_share(quoted.both_ns, quoted.watched_ns),
        trips_won=won,
        trips_lost=lost,
    )


def _side(market: MarketResult, side: int, quoted_ns: int) -> Side:
    fills = market.fills
    sides = whole(fills.side)
    rows = [k for k, which in enumerate(sides) if which == side]
    makers = sum(fills.role[k] == MAKER for k in rows)
    seen = [n for n, s in zip(same_side_fills(whole(fills.recv_ns), sides), sides, strict=True)
            if s == side]  # fmt: skip
    held = stretches_s(market, side)
    span_min = (market.last_ns - market.first_ns) / 60e9
    return Side(
        fills=len(rows),
        makers=makers,
        takers=len(rows) - makers,
        per_min=len(rows) / span_min if span_min > 0 else None,
        markout_median_bps={
            horizon: last_median([markouts[k] for k in rows])
            for horizon in HORIZONS
            for markouts in (markouts_bps(fills, horizon),)
        },
        captured_bps=_captured_bps(fills, rows),
        in_1s_p95=_nearest_rank(seen, OFTEN),
        age_median_s=age_quantile_s(held, 0.5),
        age_p95_s=age_quantile_s(held, OFTEN),
        uptime_frac=_share(quoted_ns, market.quoted.watched_ns),
    )


def last_median(values: list[float | None]) -> float | None:
    """Return the median of the last `LAST_FILLS` known values, or None when none is known."""
    known = [value for value in values if value is not None]
    return statistics.median(known[-LAST_FILLS:]) if known else None


def _captured_bps(fills: FillColumns, rows: list[int]) -> float | None:
    """Return the mean of what fills earned against the mid of their moment."""
    earned = [
        (1 - 2 * fills.side[k]) * (fills.mid_half_ticks[k] - 2 * fills.ticks[k])
        / fills.mid_half_ticks[k] * 1e4
        for k in rows
        if fills.mid_half_ticks[k] > 0
    ]  # fmt: skip
    return math.fsum(earned) / len(earned) if earned else None


def _nearest_rank(values: list[int], frac: float) -> int | None:
    """Return the smallest value that a share `frac` of them does not exceed."""
    if not values:
        return None
    return sorted(values)[math.ceil(frac * len(values)) - 1]


def _share(part_ns: int, whole_ns: int) -> float | None:
    return part_ns / whole_ns if whole_ns > 0 else None
