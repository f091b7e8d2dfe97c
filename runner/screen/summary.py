"""Write what a screen came to as `summary.json`: brackets by name, and no exact figure's key."""

from pathlib import Path

from connectors.model.instrument import Instrument
from runner.report.exact import Step, plain
from runner.report.files import write_text
from runner.report.json_text import indented
from runner.report.pnl import Pnl
from runner.screen.result import Screened, ScreenedMarket, Total, Walk
from runner.watch.stamp import utc_text

Json = dict[str, object]
TIER = "screen"


def write_summary(path: Path, screened: Screened) -> None:
    """Replace `path` with the run's summary."""
    text = indented(summary_of(screened)) + "\n"
    write_text(path, text, durable=False)


def summary_of(screened: Screened) -> Json:
    """Return the summary as plain JSON values. There is no `totals` and no `markets` in it."""
    return {
        "mode": "replay",
        "tier": TIER,
        "version": screened.version,
        "config_hash": screened.config_hash,
        "deploy": screened.deploy,
        "started": utc_text(screened.started_ns, 6),
        "ended": utc_text(screened.ended_ns, 6),
        "exit": screened.exit,
        "reporting_currency": screened.reporting_currency,
        "screened": {
            "left_out": list(screened.left_out),
            "lower": _total(screened.lower),
            "upper": _total(screened.upper),
            "markets": {market.name: _market(market) for market in screened.markets},
        },
    }


def _total(total: Total) -> Json:
    return {
        "fills": total.fills,
        "currency": total.currency,
        "pnl": _pnl(total.pnl),
        "pnl_by_currency": {currency: _pnl(pnl) for currency, pnl in total.by_currency.items()},
    }


def _market(market: ScreenedMarket) -> Json:
    return {
        "quote": market.instrument.quote,
        "decisions": market.decisions,
        "lower": _walk(market, market.lower),
        "upper": _walk(market, market.upper),
        "fills_by_distance": list(distances_of(market)),
    }


def _walk(market: ScreenedMarket, walk: Walk) -> Json:
    lot = Step.of(market.instrument.lot_size_base)
    return {
        "fills": walk.fills,
        "volume_quote": plain(market.volume_quote(walk)),
        "position_base": plain(lot.amount(walk.end.position_lots)),
        "min_base": plain(lot.amount(walk.lowest_lots)),
        "max_base": plain(lot.amount(walk.highest_lots)),
        "mark_price": _mark_price(market.instrument, walk.end.mid_half_ticks),
        "pnl": _pnl(market.pnl(walk)),
    }


def _mark_price(instrument: Instrument, half_ticks: int) -> str | None:
    return plain(instrument.tick_size * half_ticks / 2) if half_ticks > 0 else None


def _pnl(pnl: Pnl | None) -> Json:
    """Return the money of a bracket; null where it cannot be stated in one currency."""
    values = (None, None, None) if pnl is None else (pnl.gross, pnl.fees, pnl.net)
    told = (None if value is None else plain(value) for value in values)
    return dict(zip(("gross", "fees", "net"), told, strict=True))


def distances_of(market: ScreenedMarket) -> list[dict[str, float | int | None]]:
    """Return the fills by distance of the quote from mid, up to the last distance with any."""
    rows: list[dict[str, float | int | None]] = []
    width_bps = market.bucket_half_ticks / market.opening_half_ticks * 1e4
    last = len(market.lower.buckets) - 1
    for k, pair in enumerate(zip(market.lower.buckets, market.upper.buckets, strict=True)):
        if any(pair):
            until = None if k == last else round((k + 1) * width_bps, 6)
            edges = {"from_bps": round(k * width_bps, 6), "to_bps": until}
            rows.append({**edges, "lower": pair[0], "upper": pair[1]})
    return rows
