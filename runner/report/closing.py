"""Say at the end of a run, in a few plain lines, what it came to."""

from collections.abc import Sequence

from runner.report.exact import Step
from runner.report.figures import amount, with_error
from runner.report.hedging import hedge_lines
from runner.report.margin import margin_lines
from runner.report.market_figures import Figures
from runner.report.pairs import pair_lines
from runner.report.reckoning import Reckoning
from runner.results import MarketResult, RunResult

HEADS = ("market", "orders", "fills", "volume", "gross", "fees", "net", "position", "1 s markout")


def closing_lines(result: RunResult, reckoning: Reckoning) -> list[str]:
    """Return a table of the markets, and what the net figure is worth."""
    rows = [_row(m, reckoning.markets[m.name], reckoning) for m in result.markets]
    lines = aligned([HEADS, *rows])
    total = reckoning.total
    if total is not None and len(result.markets) > 1:
        net = amount(total.net, reckoning.money_decimals, signed=True)
        lines.append(f"total net {net} {result.reporting_currency}")
    lines += margin_lines(result, reckoning.money_decimals)
    lines += hedge_lines(result, reckoning)
    lines += pair_lines(reckoning.pairs, reckoning.money_decimals)
    return [*lines, *(_verdict(m.name, reckoning.markets[m.name]) for m in result.markets)]


def _row(market: MarketResult, figures: Figures, reckoning: Reckoning) -> tuple[str, ...]:
    places = reckoning.money_decimals
    lot = Step.of(market.instrument.lot_size_base)
    markout = figures.markout
    return (
        market.name,
        f"{market.orders:,}",
        f"{len(market.fills):,}",
        amount(figures.volume_quote, reckoning.volume_decimals),
        amount(figures.pnl.gross, places, signed=True),
        amount(figures.pnl.fees, places),
        amount(figures.pnl.net, places, signed=True),
        amount(lot.amount(market.position_lots), lot.scale, signed=True),
        f"{with_error(markout.mean.mean, markout.mean.error, 2)} bps" if markout else "",
    )


def aligned(rows: Sequence[tuple[str, ...]]) -> list[str]:
    """Return rows of cells as lines of columns, the first to the left, the others to the right."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join(
            cell.ljust(width) if k == 0 else cell.rjust(width)
            for k, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in rows
    ]


def _verdict(name: str, figures: Figures) -> str:
    if figures.net is None:
        return f"{name}: no fills, nothing earned and nothing learned"
    return f"{name}: net is {figures.net.verdict()}"
