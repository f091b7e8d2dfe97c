"""Make the tear sheets of a run: one a market, and one of all of them in the reporting currency."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from runner.report.held import held_of
from runner.report.market_figures import Figures
from runner.report.markout_curve import markout_curve
from runner.report.parts import add_parts
from runner.report.pnl import Pnl
from runner.report.steps import Steps, add_steps, equal_moments, moments_of, steps_of
from runner.report.tear import FINE_STEPS, Grid, Tear, grid_of_time, tear_of
from runner.report.trading import Traded, traded_of
from runner.results import MarketResult, RunResult

Cut = tuple[Steps | None, Steps | None]
"""A market's steps of returns, and the finer ones in which falls are looked for."""


def tear_sheets(
    result: RunResult, figures: Mapping[str, Figures], total: Pnl | None
) -> tuple[dict[str, Tear], Tear | None]:
    """Return the sheets of the markets that trade, and their total where rates are known."""
    markets = [market for market in result.markets if not market.only_leads]
    grid = grid_of(markets)
    cuts = {m.name: _cut(m, grid, result.adverse_horizon) for m in markets}
    sheets = {m.name: _sheet(m, figures[m.name], cuts[m.name], grid) for m in markets}
    if total is None:
        return sheets, None
    rates = {**result.rates, result.reporting_currency: Decimal(1)}
    weights = {m.name: rates[m.instrument.quote] for m in markets}
    return sheets, _total(result.reporting_currency, total, sheets, cuts, weights, grid)


def grid_of(markets: Sequence[MarketResult]) -> Grid:
    """Return the common grid of markets: from the first batch of any to the last."""
    first, last = min(m.first_ns for m in markets), max(m.last_ns for m in markets)
    return grid_of_time(moments_of(first, last), equal_moments(first, last, FINE_STEPS))


def _cut(market: MarketResult, grid: Grid, horizon: str) -> Cut:
    return (
        steps_of(market, grid.moments_ns, horizon),
        steps_of(market, grid.fine_ns, horizon),
    )


def _sheet(market: MarketResult, figures: Figures, cut: Cut, grid: Grid) -> Tear:
    inventory = figures.inventory
    peak_lots = max(abs(inventory.lowest), abs(inventory.highest))
    span_s = max(market.last_ns - market.first_ns, 1) / 1e9
    return tear_of(
        market.instrument.quote,
        figures.parts,
        figures.pnl.net,
        traded_of(market, span_s, figures.volume_quote, peak_lots),
        *cut,
        grid,
        curve=markout_curve(market.fills),
        held=held_of(market),
    )


def _total(
    currency: str,
    pnl: Pnl,
    sheets: Mapping[str, Tear],
    cuts: Mapping[str, Cut],
    rates: Mapping[str, Decimal],
    grid: Grid,
) -> Tear:
    parts = add_parts([(sheet.parts, rates[name]) for name, sheet in sheets.items()])
    traded = [(sheet.traded, float(rates[name])) for name, sheet in sheets.items()]
    orders = [t.orders for t, _ in traded if t.orders is not None]
    whole = Traded(
        span_s=max(t.span_s for t, _ in traded),
        fills=sum(t.fills for t, _ in traded),
        filled_orders=sum(t.filled_orders for t, _ in traded),
        orders=sum(orders) if len(orders) == len(traded) else None,
        volume=sum(t.volume * rate for t, rate in traded),
        peak_value=sum(t.peak_value * rate for t, rate in traded),
    )
    steps, fine = (_added(cuts, rates, k) for k in (0, 1))
    return tear_of(currency, parts, pnl.net, whole, steps, fine, grid)


def _added(cuts: Mapping[str, Cut], rates: Mapping[str, Decimal], which: int) -> Steps | None:
    known = [(cut[which], float(rates[name])) for name, cut in cuts.items()]
    whole = [(steps, rate) for steps, rate in known if steps is not None]
    return add_steps(whole) if len(whole) == len(known) else None
