"""Collect what the page draws for one market: few points, whole numbers where there are any."""

import math
from collections.abc import Sequence

from runner.report.downsample import pick_rows
from runner.report.equity import equity_at
from runner.report.exact import HALF, Step
from runner.report.strip import Lane, lanes_of
from runner.results import FillColumns, FloatColumn, MarketResult, RunResult, SeriesColumns, whole

MOST_POINTS = 4_000
MOST_MARKERS = 1_500
_POINTS_A_PAGE = 24_000
_FEWEST_POINTS = 600

Chart = dict[str, object]


def chart_of(market: MarketResult, result: RunResult) -> Chart:
    """Return one market's curves, fill markers and reason lanes as plain JSON values.

    Stamps are milliseconds from `start_ms`; mids are half ticks, quotes ticks, positions lots; a
    value that is not known is null.
    """
    series = market.series
    rows = pick_rows(
        series.now_ns,
        (series.mid_half_ticks, series.bid_ticks, series.ask_ticks),
        (series.position_lots,),
        points_for(len(result.markets)),
    )
    start_ns = market.first_ns
    markers = _markers(market.fills, start_ns)
    return {
        "start_ms": start_ns / 1e6,
        **_steps(market),
        **_curves(market, rows, start_ns),
        "fills": markers,
        "fills_shown": len(markers["t"]),
        "lanes": _lanes(series, result),
        "lanes_ms": _span_ms(series, start_ns),
    }


def points_for(markets: int) -> int:
    """Return how many points each market may have, so that a page of many stays light."""
    return max(_FEWEST_POINTS, min(MOST_POINTS, _POINTS_A_PAGE // max(markets, 1)))


def _steps(market: MarketResult) -> Chart:
    tick = Step.of(market.instrument.tick_size)
    lot = Step.of(market.instrument.lot_size_base)
    return {
        "half_tick": tick.times(HALF).approximate(1),
        "price_decimals": tick.scale,
        "lot": lot.approximate(1),
        "size_decimals": lot.scale,
        "base": market.instrument.base,
        "quote": market.instrument.quote,
        "clips": "clips" if market.order_lots else "lots",
    }


def _curves(market: MarketResult, rows: list[int], start_ns: int) -> Chart:
    series = market.series
    stamps = [int(series.now_ns[r]) for r in rows]
    mids = [int(series.mid_half_ticks[r]) for r in rows]
    positions = [int(series.position_lots[r]) for r in rows]
    bids = [_known(int(series.bid_ticks[r])) for r in rows]
    asks = [_known(int(series.ask_ticks[r])) for r in rows]
    halves = _floats(series.half_spread_bps, rows)
    sigmas = _floats(series.sigma_bps, rows)
    if stamps and market.last_ns > stamps[-1]:
        stamps.append(market.last_ns)
        mids.append(market.mark_half_ticks)
        positions.append(market.position_lots)
        for column in (bids, asks, halves, sigmas):
            column.append(None)
    return {
        "t": [(stamp - start_ns) // 1_000_000 for stamp in stamps],
        "mid": [_known(mid) for mid in mids],
        "bid": bids,
        "ask": asks,
        "position": positions,
        "equity": [None if v is None else _brief(v) for v in equity_at(market, stamps, mids)],
        "half_spread": halves,
        "sigma": sigmas,
    }


def _markers(fills: FillColumns, start_ns: int) -> dict[str, list[int]]:
    stamps, ticks, sides = whole(fills.recv_ns), whole(fills.ticks), whole(fills.side)
    rows = pick_rows(stamps, (ticks,), (), MOST_MARKERS)
    return {
        "t": [(stamps[r] - start_ns) // 1_000_000 for r in rows],
        "ticks": [ticks[r] for r in rows],
        "side": [sides[r] for r in rows],
    }


def _lanes(series: SeriesColumns, result: RunResult) -> list[Chart]:
    return [
        {
            "side": side,
            "reason": lane.reason,
            "shares": [round(100 * share) for share in lane.shares],
        }
        for side, masks in (("bid", series.bid_reasons), ("ask", series.ask_reasons))
        for lane in _longest(lanes_of(series.now_ns, masks, result.reasons))
    ]


def _longest(lanes: Sequence[Lane], most: int = 8) -> Sequence[Lane]:
    """Keep the strip readable; the table beside it lists every reason."""
    return lanes[:most]


def _span_ms(series: SeriesColumns, start_ns: int) -> list[int]:
    if not len(series):
        return [0, 0]
    ends = (series.now_ns[0], series.now_ns[len(series) - 1])
    return [(int(stamp) - start_ns) // 1_000_000 for stamp in ends]


def _known(value: int) -> int | None:
    return value if value > 0 else None


def _floats(column: FloatColumn, rows: list[int]) -> list[float | None]:
    values = [float(column[r]) for r in rows]
    return [_brief(value) if math.isfinite(value) else None for value in values]


def _brief(value: float) -> float:
    return float(f"{value:.6g}")
