"""Take from one job's result what a leaderboard needs, while all of it is at hand."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from runner.report.equity import equity_at
from runner.report.pnl import Pnl
from runner.report.reckoning import Reckoning
from runner.results import MarketResult, RunResult

SECOND_NS = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Score:
    """One job's money in one currency, and its P&L over equal stretches of time.

    `pnl` is None where currencies cannot be added up, `returns` is empty where a mid is missing.
    Inventory is in clips, over all markets.
    """

    currency: str
    pnl: Pnl | None
    fills: int
    markout_1s_bps: float | None
    rms_clips: float
    peak_clips: float
    stretch_s: float
    start_ns: int
    returns: tuple[float, ...]


def score_of(
    result: RunResult,
    reckoning: Reckoning,
    moments_ns: Sequence[int],
    mids: Mapping[str, Sequence[int]],
) -> Score:
    """Return a job's score; `mids` has each market's mid in half ticks at the moments."""
    currency, pnl, rates = _money(result, reckoning)
    figures = [(market, reckoning.markets[market.name]) for market in result.markets]
    markouts = [f.markout.mean for _, f in figures if f.markout is not None]
    known = sum(m.fills for m in markouts)
    clips = [(m.order_lots or 1, f.inventory) for m, f in figures]
    return Score(
        currency=currency,
        pnl=pnl,
        fills=sum(len(market.fills) for market in result.markets),
        markout_1s_bps=sum(m.mean * m.fills for m in markouts) / known if known else None,
        rms_clips=max((i.rms / clip for clip, i in clips), default=0.0),
        peak_clips=max((max(-i.lowest, i.highest) / clip for clip, i in clips), default=0.0),
        stretch_s=(moments_ns[1] - moments_ns[0]) / SECOND_NS,
        start_ns=moments_ns[0],
        returns=_returns(result.markets, moments_ns, mids, rates) if pnl is not None else (),
    )


def _money(
    result: RunResult, reckoning: Reckoning
) -> tuple[str, Pnl | None, Mapping[str, Decimal]]:
    """Return the currency of a job, its P&L in it and what each of its currencies is worth."""
    own = {result.reporting_currency: Decimal(1)}
    if reckoning.total is not None:
        return result.reporting_currency, reckoning.total, {**result.rates, **own}
    if len(reckoning.by_currency) == 1:
        ((currency, pnl),) = reckoning.by_currency.items()
        return currency, pnl, {currency: Decimal(1)}
    return result.reporting_currency, None, own


def _returns(
    markets: Sequence[MarketResult],
    moments_ns: Sequence[int],
    mids: Mapping[str, Sequence[int]],
    rates: Mapping[str, Decimal],
) -> tuple[float, ...]:
    """Return how much the account changed over each stretch; nothing where that is unknown."""
    total = [0.0] * len(moments_ns)
    for market in markets:
        rate = float(rates[market.instrument.quote])
        curve = equity_at(market, list(moments_ns), list(mids[market.name]))
        for k, value in enumerate(curve):
            if value is None:
                return ()
            total[k] += value * rate
    return tuple(after - before for before, after in pairwise(total))
