"""Hold what traded live against what its paper twin did on the same data."""

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

from runner.report.closing import aligned
from runner.report.exact import Step, plain
from runner.report.figures import amount, with_error
from runner.report.files import write_text
from runner.report.json_text import indented
from runner.report.market_figures import Figures, figures_of
from runner.results import MarketResult, whole

FILE = "twin.json"
HEADS = ("market", "", "orders", "fills", "filled", "volume", "net", "position", "1 s markout")
LIVE, PAPER = "live", "paper"
Pair = tuple[MarketResult, MarketResult]
"""What one market did live, and its twin."""


def write_twins(directory: Path, pairs: Sequence[Pair]) -> list[str]:
    """Write `twin.json`; return a table of both, market by market."""
    rows, told = [], {}
    for pair in pairs:
        figures = [figures_of(each) for each in pair]
        told[pair[0].name] = {
            name: _plain(each, of)
            for name, each, of in zip((LIVE, PAPER), pair, figures, strict=True)
        }
        rows += [
            _row(name, each, of)
            for name, each, of in zip((LIVE, PAPER), pair, figures, strict=True)
        ]
    write_text(directory / FILE, indented(told) + "\n")
    return aligned([HEADS, *rows])


def _row(name: str, market: MarketResult, figures: Figures) -> tuple[str, ...]:
    lot = Step.of(market.instrument.lot_size_base)
    markout = figures.markout
    return (
        market.name,
        name,
        f"{market.orders:,}",
        f"{len(market.fills):,}",
        f"{_filled_frac(market):.1%}",
        amount(figures.volume_quote, 0),
        amount(figures.pnl.net, 2, signed=True),
        amount(lot.amount(market.position_lots), lot.scale, signed=True),
        f"{with_error(markout.mean.mean, markout.mean.error, 2)} bps" if markout else "",
    )


def _plain(market: MarketResult, figures: Figures) -> dict[str, object]:
    markout = figures.markout
    lot = Step.of(market.instrument.lot_size_base)
    return {
        "orders": market.orders,
        "cancels": market.cancels,
        "amends": market.amends,
        "rejected": market.rejected,
        "fills": len(market.fills),
        "maker_fills": figures.maker_fills,
        "orders_filled_frac": _filled_frac(market),
        "volume_quote": plain(figures.volume_quote),
        "gross_quote": _money(figures.pnl.gross),
        "fees_quote": plain(figures.pnl.fees),
        "net_quote": _money(figures.pnl.net),
        "position_base": plain(lot.amount(market.position_lots)),
        "markout_1s_mean_bps": None if markout is None else markout.mean.mean,
        "markout_1s_error_bps": None if markout is None else markout.mean.error,
    }


def _filled_frac(market: MarketResult) -> float:
    """Return the share of orders that had a fill: what the queue let through."""
    ids = set(whole(market.fills.client_id))
    return len(ids) / market.orders if market.orders else 0.0


def _money(amount: Decimal | None) -> str | None:
    return None if amount is None else plain(amount)
