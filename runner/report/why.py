"""Say in words what a market wanted at a moment, on each side, and why."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from runner.report.decisions import open_rows
from runner.report.exact import HALF, Step, plain
from runner.results import DecisionRows, MarketResult, RunResult
from runner.watch.stamp import utc_text

SIDES = ("bid", "ask")


def why(result: RunResult, at_ns: int) -> Iterator[str]:
    """Yield the decision of each market that was in force at a moment."""
    for source in result.decisions:
        market = next(m for m in result.markets if m.name == source.market)
        row = _in_force(source, at_ns)
        if row is None:
            yield f"{market.name}: no decision had been taken by {utc_text(at_ns, 3)}"
        else:
            yield from _told(result, market, row)


def _in_force(source: DecisionRows, at_ns: int) -> dict[str, Any] | None:
    """Return the last decision kept at or before a moment."""
    rows = open_rows(source)
    k = int(rows["now_ns"].searchsorted(at_ns, side="right")) - 1
    if k < 0:
        return None
    return {name: rows[name][k].item() for name, _ in source.layout}


def _told(result: RunResult, market: MarketResult, row: dict[str, Any]) -> Iterator[str]:
    tick = Step.of(market.instrument.tick_size)
    mid = Decimal(plain(tick.times(HALF).amount(row["mid_half_ticks"])))
    yield f"{market.name}, decided {utc_text(row['now_ns'], 3)}"
    if row["mid_half_ticks"] > 0:
        yield (
            f"  mid {mid:,}, imbalance {row['imbalance']:+.2f}, sigma {row['sigma_live_bps']:.3f}"
            f" (reference {row['sigma_reference_bps']:.3f}) bps/sqrt(s),"
            f" inventory {row['inventory_clips']:+.2f} clips"
        )
        yield from _prices(row)
    for side in SIDES:
        yield from _side(result, market, row, side)


def _prices(row: dict[str, Any]) -> Iterator[str]:
    """Yield how the theoretical prices came about, each adjustment in its order."""
    shift = row["reservation_bps"] - row["fair_bps"]
    yield (
        f"  fair value {row['fair_bps']:+.3f} bps from mid = price {row['fair_price_bps']:+.3f},"
        f" imbalance {row['fair_imbalance_bps']:+.3f}, order flow {row['fair_flow_bps']:+.3f},"
        f" lead {row['fair_lead_bps']:+.3f}"
    )
    yield (
        f"  reservation {row['reservation_bps']:+.3f} bps = fair value {row['fair_bps']:+.3f},"
        f" inventory {shift:+.3f}"
    )
    bounds = row["half_spread_bps"] - row["model_half_bps"] - row["adverse_bps"]
    yield (
        f"  half spread {row['half_spread_bps']:.3f} bps = model {row['model_half_bps']:.3f},"
        f" adverse {row['adverse_bps']:+.3f}, bounds {bounds:+.3f}"
    )


def _side(result: RunResult, market: MarketResult, row: dict[str, Any], side: str) -> Iterator[str]:
    """Yield what a side wanted, what gates did to it, and its reasons."""
    lots, ticks = row[f"{side}_lots"], row[f"{side}_ticks"]
    if lots > 0:
        price = plain(Step.of(market.instrument.tick_size).amount(ticks))
        size = plain(Step.of(market.instrument.lot_size_base).amount(lots))
        away = (2 * ticks - row["mid_half_ticks"]) / row["mid_half_ticks"] * 1e4
        yield f"  {side} {price} x {size}, {away:+.3f} bps from mid"
    else:
        yield f"  {side} none"
    wider, share = row[f"{side}_wider_bps"], row[f"{side}_size_frac"]
    if wider > 0.0 or share < 1.0:
        yield f"    gates: {wider:.3f} bps wider, {share:g} of a full size"
    for name, bit in result.reasons.items():
        if row[f"{side}_reasons"] & bit:
            yield f"    {result.explanations[name]} ({name})"
