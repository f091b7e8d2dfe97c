"""Add the markets of a screen up, without ever adding across currencies."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from itertools import pairwise

from runner.report.totals import add_by_currency, convert_total
from runner.screen.result import ScreenedMarket, Total, Walk


def total_of(
    markets: Sequence[ScreenedMarket],
    walks: Sequence[Walk],
    reporting_currency: str,
    rates: Mapping[str, Decimal],
) -> Total:
    """Return the total of one rule. One foreign currency alone is told as it is."""
    pairs = list(zip(markets, walks, strict=True))
    split = add_by_currency((m.instrument.quote, m.pnl(w)) for m, w in pairs)
    currency, pnl = reporting_currency, convert_total(split, reporting_currency, rates)
    known = {**rates, reporting_currency: Decimal(1)}
    if pnl is None and len(split) == 1:
        ((currency, pnl),) = split.items()
        known = {currency: Decimal(1)}
    fills = sum(w.fills for w in walks)
    returns = _returns(pairs, known) if pnl is not None else ()
    return Total(fills, split, currency, pnl, returns)


def _returns(
    pairs: Sequence[tuple[ScreenedMarket, Walk]], rates: Mapping[str, Decimal]
) -> tuple[float, ...]:
    curves = []
    for market, walk in pairs:
        rate = float(rates[market.instrument.quote])
        curves.append([rate * value for value in market.equity(walk)])
    total = [sum(values) for values in zip(*curves, strict=True)]
    return tuple(after - before for before, after in pairwise(total))
