"""Tell what became of a simulated account's margin: liquidations, and what was paid in for it."""

from collections.abc import Mapping

from runner.report.exact import plain
from runner.report.figures import amount
from runner.results import MarginState, MarketResult, RunResult


def margin_json(margin: MarginState | None) -> Mapping[str, object] | None:
    """Return a market's margin for `summary.json`; None without one."""
    if margin is None:
        return None
    return {
        "mode": margin.mode,
        "collateral": plain(margin.collateral_quote),
        "equity": plain(margin.equity_quote),
        "insurance": plain(margin.insurance_quote),
        "liquidations": margin.liquidations,
    }


def margin_words(market: MarketResult, places: int) -> list[tuple[str, str, str, str]]:
    """Return label, figure, unit and note of what a page shows of a market's margin."""
    margin = market.margin
    if margin is None:
        return []
    quote = market.instrument.quote
    count = f"{margin.liquidations} liquidation{'' if margin.liquidations == 1 else 's'}"
    return [
        ("Equity", amount(margin.equity_quote, places), quote, f"{margin.mode} margin"),
        ("Paid in by insurance", amount(margin.insurance_quote, places), quote, count),
    ]


def margin_lines(result: RunResult, places: int) -> list[str]:
    """Return a line for each market that was liquidated."""
    return [
        f"{market.name}: liquidated, {amount(market.margin.insurance_quote, places)}"
        f" {market.instrument.quote} paid in by insurance and not in its net"
        for market in result.markets
        if market.margin is not None and market.margin.liquidations
    ]
