"""Lay all markets side by side in one table, with a total for each currency."""

from decimal import Decimal
from html import escape

from runner.report.exact import Step
from runner.report.figures import amount
from runner.report.market_figures import Figures
from runner.report.pnl import Pnl
from runner.report.reckoning import Reckoning
from runner.report.tear_card import tear_tables
from runner.results import MarketResult, RunResult

_HEADS = (
    "Market",
    "Venue",
    "Quote",
    "Net",
    "Gross",
    "Fees",
    "Funding",
    "Fills",
    "Volume",
    "1 s markout, bps",
    "Position",
)
_TEXT_COLUMNS = 3
_ESTIMATED = ("Net", "1 s markout, bps")
_ERROR_PLACE = '<span class="err"></span>'


def overview(result: RunResult, reckoning: Reckoning) -> str:
    """Return the overview card."""
    places = reckoning.money_decimals
    heads = "".join(
        f'<th class="{"t" if k < _TEXT_COLUMNS else "n"}">{head}'
        f"{_ERROR_PLACE if head in _ESTIMATED else ''}</th>"
        for k, head in enumerate(_HEADS)
    )
    rows = [
        _row(m, reckoning.markets[m.name], places, reckoning.volume_decimals)
        for m in result.markets
    ]
    if len(result.markets) > 1:
        rows += _totals(result, reckoning, places)
    return (
        '<section class="card"><h2>All markets</h2><div class="scroll"><table>'
        f"<thead><tr>{heads}</tr></thead><tbody>{''.join(rows)}</tbody></table></div>"
        f"{_total_tear(result, reckoning)}</section>"
    )


def _total_tear(result: RunResult, reckoning: Reckoning) -> str:
    """Return the sheet of all markets together; one market's stands in its own section."""
    if len(result.markets) < 2:
        return ""
    return tear_tables(reckoning.total_tear, reckoning.money_decimals, result.adverse_horizon)


def _row(market: MarketResult, figures: Figures, places: int, volume_places: int) -> str:
    lot = Step.of(market.instrument.lot_size_base)
    name, markout = escape(market.name), figures.markout
    position = amount(lot.amount(market.position_lots), lot.scale, signed=True)
    cells = [
        f'<td><a href="#{name}">{name}</a></td>',
        f"<td>{escape(market.venue)}</td>",
        f"<td>{escape(market.instrument.quote)}</td>",
        _estimated(figures.pnl.net, figures.net.error if figures.net else None, places),
        *_money(figures.pnl, places),
        _number(f"{len(market.fills):,}"),
        _number(amount(figures.volume_quote, volume_places)),
        _estimated(
            markout.mean.mean if markout else None, markout.mean.error if markout else None, 2
        ),
        _number(f'{position} <span class="soft">{escape(market.instrument.base)}</span>'),
    ]
    return f"<tr>{''.join(cells)}</tr>"


def _totals(result: RunResult, reckoning: Reckoning, places: int) -> list[str]:
    total = reckoning.total
    if total is not None:
        return [_total(result.reporting_currency, total, places)]
    return [_total(currency, pnl, places) for currency, pnl in reckoning.by_currency.items()]


def _total(currency: str, pnl: Pnl, places: int) -> str:
    cells = [
        f'<td colspan="2">Total</td><td>{escape(currency)}</td>',
        _estimated(pnl.net, None, places),
        *_money(pnl, places),
    ]
    return f'<tr class="total">{"".join(cells)}<td colspan="4"></td></tr>'


def _money(pnl: Pnl, places: int) -> list[str]:
    return [
        _number(amount(pnl.gross, places, signed=True)),
        _number(amount(pnl.fees, places)),
        _number(amount(pnl.funding, places, signed=True)),
    ]


def _estimated(value: Decimal | float | None, error: float | None, places: int) -> str:
    """Return a figure and its error; the error's place is kept so that figures line up."""
    shade = "negative" if value is not None and value < 0 else ""
    band = "" if error is None else f"\u00b1 {amount(error, places)}"
    figure = amount(value, places, signed=True)
    return (
        f'<td class="n"><span class="{shade}">{figure}</span><span class="err">{band}</span></td>'
    )


def _number(text: str) -> str:
    return f'<td class="n">{text}</td>'
