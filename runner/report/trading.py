"""Take the figures of trading: what volume earned, how much was turned, how orders filled."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from runner.report.bootstrap import NORMAL_95, Band, mapped
from runner.report.figure import Figure, too_few
from runner.report.held import Held
from runner.report.parts import Parts
from runner.report.pnl import grid_of
from runner.results import MarketResult, whole

DAY_S = 86_400.0
Sums = Mapping[str, Sequence[float]]


@dataclass(frozen=True, slots=True)
class Traded:
    """What was traded: money in one currency. `orders` is None where it is not known.

    `peak_value` is the worth of the largest position, at the closing mark.
    """

    span_s: float
    fills: int
    filled_orders: int
    orders: int | None
    volume: float
    peak_value: float


def traded_of(market: MarketResult, span_s: float, volume: Decimal, peak_lots: int) -> Traded:
    """Return what one market traded over a run."""
    half = grid_of(market).half_tick_lot
    return Traded(
        span_s=span_s,
        fills=len(market.fills),
        filled_orders=len(set(whole(market.fills.client_id))),
        orders=market.orders,
        volume=float(volume),
        peak_value=half.approximate(peak_lots * max(market.mark_half_ticks, 0)),
    )


def trading_figures(
    currency: str, parts: Parts, net: Decimal | None, traded: Traded, sums: Sums, held: Held | None
) -> tuple[Figure, ...]:
    """Return the figures that are not of returns."""
    hours, few = traded.span_s / 3600.0, too_few(traded.fills)
    funding = float(parts.funding)
    earned = None if net is None else float(net)
    no_net = "" if net is not None else "a mark is not known"
    by_hour = Band.of([(n + funding) / hours for n in sums.get("net", ())])
    return (
        Figure("net_bps", "net of volume, bps", "bps", "bps", _bps(earned, traded.volume),
               _ratio_band(lambda n, v: (n + funding) / v * 1e4, sums, "net", "volume"),
               no_net or ("" if traded.volume else "no volume")),
        _net_t(earned, sums, few),
        Figure("net_per_h", "net an hour", "money", currency,
               None if earned is None or few else earned / hours, by_hour, no_net or few),
        _kept(parts, sums, few),
        Figure("turnover_per_day", "turnover, peak positions a day", "rate", "",
               _turnover(traded), None, "" if traded.peak_value else "nothing was held"),
        _fill_frac(traded),
        Figure("fills_per_min", "fills a minute", "rate", "", traded.fills / hours / 60,
               Band.of([n / hours / 60 for n in sums.get("fills", ())])),
        *_holding(held),
    )  # fmt: skip


def _net_t(earned: float | None, sums: Sums, few: str) -> Figure:
    """Return the net in its own standard errors: what a run of any length can be judged by."""
    label, band = "net, in standard errors", Band.of(sums.get("net", ()))
    if earned is None or band is None or not band.error:
        return Figure("net_t", label, "ratio", "", None, None, few or "its error is not known")
    return Figure("net_t", label, "ratio", "", earned / band.error)


def _holding(held: Held | None) -> tuple[Figure, ...]:
    if held is None:
        return ()
    return (
        Figure("held_clips", "mean size held", "clips", "clips", held.mean_abs),
        Figure("flat_frac", "share of time flat", "frac", "", held.flat_frac),
    )


def _bps(money: float | None, volume: float) -> float | None:
    return money / volume * 1e4 if money is not None and volume else None


def _kept(parts: Parts, sums: Sums, few: str) -> Figure:
    """Return what is left of the spread after adverse selection."""
    label = "share of the spread kept"
    spread, adverse = float(parts.spread), float(parts.adverse)
    if few or spread <= 0:
        return Figure("kept_frac", label, "frac", "", None, None, few or "no spread was captured")
    band = _ratio_band(lambda a, s: 1 + a / s, sums, "adverse", "spread")
    return Figure("kept_frac", label, "frac", "", 1 + adverse / spread, band)


def _ratio_band(
    function: Callable[[float, float], float], sums: Sums, top: str, below: str
) -> Band | None:
    """Return the band of a ratio of sums, None where a draw has nothing to divide by."""
    if not sums or min(sums[below]) <= 0:
        return None
    return mapped(function, sums[top], sums[below])


def _turnover(traded: Traded) -> float | None:
    if not traded.peak_value or not traded.span_s:
        return None
    return traded.volume / traded.peak_value / (traded.span_s / DAY_S)


def _fill_frac(traded: Traded) -> Figure:
    """Return the share of orders that were filled at least in part, with Wilson's interval.

    Wilson, "Probable inference, the law of succession, and statistical inference", JASA 22, 1927.
    """
    key, label, orders = "fill_frac", "orders filled", traded.orders
    if not orders:
        why = "orders are not told by time" if orders is None else "no orders"
        return Figure(key, label, "frac", "", None, None, why)
    share = min(traded.filled_orders / orders, 1.0)
    square = NORMAL_95 * NORMAL_95 / orders
    middle = (share + square / 2) / (1 + square)
    reach = NORMAL_95 / (1 + square)
    reach *= math.sqrt(share * (1 - share) / orders + square / orders / 4)
    band = Band(math.sqrt(share * (1 - share) / orders), middle - reach, middle + reach)
    return Figure(key, label, "frac", "", share, band)
