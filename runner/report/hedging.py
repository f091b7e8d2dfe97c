"""Tell what was hedged, what was left, and what it cost."""

from collections.abc import Mapping
from decimal import Decimal

from runner.report.exact import exact_sum, plain
from runner.report.figures import amount
from runner.report.parts import earned_half_ticks
from runner.report.pnl import grid_of
from runner.report.reckoning import Reckoning
from runner.results import HedgeState, MarketResult, RunResult


def hedge_json(market: MarketResult, gross: Decimal | None) -> Mapping[str, object] | None:
    """Return a hedge for `summary.json`; None for a market that hedges nothing.

    `crossing` is what its fills made of the mid of their moment, less than nothing where it took;
    `moved` is the rest of its gross, which stands against what the hedged markets' inventory made.
    """
    hedge = market.hedge
    if hedge is None:
        return None
    earned = earned_half_ticks(market.fills, "1s")
    crossing = grid_of(market).half_tick_lot.amount(sum(captured for captured, _ in earned))
    moved = None if gross is None else exact_sum(gross, crossing.copy_negate())
    return {
        "crossing": plain(crossing),
        "moved": None if moved is None else plain(moved),
        "underlying": hedge.underlying,
        "hedged": list(hedge.hedged),
        "exposure_base": plain(hedge.exposure_base),
        "net_base": plain(hedge.net_base),
        "band_base": plain(hedge.band_base),
        "hedges": hedge.hedges,
    }


def hedge_lines(result: RunResult, reckoning: Reckoning) -> list[str]:
    """Return a line for each market that hedges: exposure, what is left, cost and latency."""
    return [
        _line(market, market.hedge, reckoning)
        for market in result.markets
        if market.hedge is not None
    ]


def _line(market: MarketResult, hedge: HedgeState, reckoning: Reckoning) -> str:
    figures = reckoning.markets[market.name]
    left = "inside" if abs(hedge.net_base) <= hedge.band_base else "beyond"
    wait = market.latency_us.get("hedge")
    waited = "" if wait is None else f", p50 {wait.p50 / 1e6:.3f} s, p99 {wait.p99 / 1e6:.3f} s"
    return (
        f"{market.name}: {hedge.underlying} exposure {plain(hedge.exposure_base)}, net"
        f" {plain(hedge.net_base)}, {left} its band of {plain(hedge.band_base)};"
        f" {hedge.hedges} hedges{waited}; hedge net"
        f" {amount(figures.pnl.net, reckoning.money_decimals)} {market.instrument.quote}"
    )
