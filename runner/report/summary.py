"""Write `summary.json`: the figures of a run, with stable keys and money as decimal strings."""

import math
from dataclasses import asdict
from decimal import Decimal
from pathlib import Path

from runner.report.checks import problems_of
from runner.report.exact import HALF, Step, plain
from runner.report.files import write_text
from runner.report.hedging import hedge_json
from runner.report.inventory import Inventory
from runner.report.json_text import indented
from runner.report.margin import margin_json
from runner.report.market_figures import Figures
from runner.report.markouts import Markout
from runner.report.pairs import pairs_json
from runner.report.pnl import Pnl
from runner.report.pools import pools_json
from runner.report.quality import Side
from runner.report.reckoning import Reckoning
from runner.report.tear_json import parts_json, tear_json
from runner.report.totals import missing_rates
from runner.results import MarketResult, RunResult, TapeState
from runner.watch.stamp import utc_text

Json = dict[str, object]


def write_summary(
    path: Path, result: RunResult, reckoning: Reckoning, *, durable: bool = True
) -> None:
    """Replace `path` with the run's summary."""
    document = summary_of(result, reckoning)
    text = indented(document) + "\n"
    write_text(path, text, durable=durable)


def summary_of(result: RunResult, reckoning: Reckoning) -> Json:
    """Return the summary as plain JSON values."""
    return {
        "mode": result.mode,
        "version": result.version,
        "config_hash": result.config_hash,
        "deploy": result.deploy,
        "started": utc_text(result.started_ns, 6),
        "ended": utc_text(result.ended_ns, 6),
        "exit": result.exit,
        "reporting_currency": result.reporting_currency,
        "adverse_horizon": result.adverse_horizon,
        "totals": _totals(result, reckoning),
        "pools": pools_json(reckoning.pools),
        "pairs": pairs_json(reckoning.pairs),
        "markets": {m.name: _market(m, reckoning) for m in result.markets},
        "problems": problems_of(result),
    }


def _totals(result: RunResult, reckoning: Reckoning) -> Json:
    markets = result.markets
    return {
        "orders": sum(m.orders for m in markets),
        "fills": sum(len(m.fills) for m in markets),
        "open_orders_end": sum(m.open_orders_end for m in markets),
        "unknown_orders_end": sum(m.unknown_orders_end for m in markets),
        "pnl": _pnl(reckoning.total),
        "pnl_missing_rates": missing_rates(
            reckoning.by_currency, result.reporting_currency, result.rates
        ),
        "pnl_by_currency": {currency: _pnl(pnl) for currency, pnl in reckoning.by_currency.items()},
        "tear": tear_json(reckoning.total_tear),
    }


def _market(market: MarketResult, reckoning: Reckoning) -> Json:
    figures = reckoning.markets[market.name]
    mark = Step.of(market.instrument.tick_size).times(HALF)
    lot = Step.of(market.instrument.lot_size_base)
    return {
        "venue": market.venue,
        "quote": market.instrument.quote,
        "instrument": {
            "symbol": market.instrument.symbol,
            "base": market.instrument.base,
            "tick_size": plain(market.instrument.tick_size),
            "lot_size_base": plain(market.instrument.lot_size_base),
        },
        "first_ns": market.first_ns,
        "last_ns": market.last_ns,
        "only_leads": market.only_leads,
        "underlying": market.underlying or market.instrument.base,
        "open_base": [plain(lot.amount(lots)) for lots in market.open_lots],
        "leverage": plain(market.leverage),
        "clip_base": plain(lot.amount(market.order_lots)),
        "events": market.events,
        "decisions": market.decisions,
        "orders": market.orders,
        "cancels": market.cancels,
        "amends": market.amends,
        "rejected": market.rejected,
        "refused": market.refused,
        "open_orders_end": market.open_orders_end,
        "unknown_orders_end": market.unknown_orders_end,
        "fills": len(market.fills),
        "maker_fills": figures.maker_fills,
        "volume_quote": plain(figures.volume_quote),
        "position_base": plain(lot.amount(market.position_lots)),
        "mark_price": _mark(mark, market.mark_half_ticks),
        "opening_mark_price": _mark(mark, market.opening_mark_half_ticks),
        "fee_bps": {"maker": plain(market.maker_fee_bps), "taker": plain(market.taker_fee_bps)},
        "pnl": _pnl(figures.pnl),
        "margin": margin_json(market.margin),
        "hedge": hedge_json(market, figures.pnl.gross),
        "inventory": _inventory(figures.inventory, lot),
        "markout_1s_bps": _markout(figures.markout),
        "quality": _quality(figures),
        "quoted_ns": asdict(market.quoted),
        "parts": parts_json(figures.parts),
        "tear": tear_json(reckoning.tears.get(market.name)),
        "reasons": {
            side: {name: ns / 1e9 for name, ns in sorted(times.items())}
            for side, times in market.reason_ns.items()
        },
        "latency_us": {
            stage: {key: _finite(value) for key, value in asdict(latency).items()}
            for stage, latency in market.latency_us.items()
        },
        "book_check": asdict(market.book_check) if market.book_check else None,
        "tape": _tape(market.tape) if market.tape else None,
    }


def _mark(half_tick: Step, half_ticks: int) -> str | None:
    return plain(half_tick.amount(half_ticks)) if half_ticks > 0 else None


def _tape(tape: TapeState) -> Json:
    return {
        "gaps": tape.gaps,
        "clock_shift_ms": tape.clock_shift_ns / 1e6,
        "torn": tape.torn,
        "notes": dict(tape.notes),
    }


def _pnl(pnl: Pnl | None) -> Json:
    """Return the money of a P&L; all of it null when it cannot be stated in one currency."""
    keys = ("gross", "fees", "funding", "net", "unrealised")
    return {key: None if pnl is None else _money(getattr(pnl, key)) for key in keys}


def _inventory(inventory: Inventory, lot: Step) -> Json:
    return {
        "start_base": plain(lot.amount(inventory.start)),
        "end_base": plain(lot.amount(inventory.end)),
        "min_base": plain(lot.amount(inventory.lowest)),
        "max_base": plain(lot.amount(inventory.highest)),
        "mean_base": lot.approximate(inventory.mean),
        "rms_base": lot.approximate(inventory.rms),
    }


def _markout(markout: Markout | None) -> Json | None:
    if markout is None:
        return None
    return {
        "fills": markout.mean.fills,
        "mean": markout.mean.mean,
        "standard_error": markout.mean.error,
        "median": markout.median,
        "verdict": markout.mean.verdict(),
    }


def _quality(figures: Figures) -> Json:
    quality, net = figures.quality, figures.net_per_million
    return {
        "bid": _side(quality.bid),
        "ask": _side(quality.ask),
        "uptime_both_frac": quality.both_uptime_frac,
        "round_trips_won": quality.trips_won,
        "round_trips_lost": quality.trips_lost,
        "win_frac": quality.win_frac,
        "net_per_million_quote": None if net is None else net.mean,
        "net_per_million_standard_error": None if net is None else net.error,
    }


def _side(side: Side) -> Json:
    return {
        "fills": side.fills,
        "maker_fills": side.makers,
        "taker_fills": side.takers,
        "fills_per_min": side.per_min,
        "markout_median_bps": dict(side.markout_median_bps),
        "captured_bps": side.captured_bps,
        "fills_1s_p95": side.in_1s_p95,
        "inventory_age_median_s": side.age_median_s,
        "inventory_age_p95_s": side.age_p95_s,
        "uptime_frac": side.uptime_frac,
    }


def _money(value: Decimal | None) -> str | None:
    return None if value is None else plain(value)


def _finite(value: float) -> float | None:
    return round(value, 3) if math.isfinite(value) else None
