"""Tell what pairs of markets held for funding came to: what was paid, and what it cost.

``net = funding + basis - slippage - fees``, of both legs. Slippage is how far from mid fills were,
and none where a mid is not known; basis is the rest of gross: what the legs' prices did against
each other.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from runner.report.exact import exact_product, exact_sum, plain
from runner.report.figures import amount
from runner.report.market_figures import Figures
from runner.report.parts import earned_half_ticks
from runner.report.pnl import grid_of
from runner.report.totals import missing_rates
from runner.results import MarketResult, PairResult, RunResult

Json = dict[str, object]


@dataclass(frozen=True, slots=True)
class PairFigures:
    """One pair's money in its legs' currency, or in that of reports where they have two; None where
    a mark is not known, or a rate."""

    pair: PairResult
    currency: str
    funding: Decimal | None
    fees: Decimal | None
    slippage: Decimal | None
    basis: Decimal | None
    net: Decimal | None


def pair_figures(result: RunResult, figures: Mapping[str, Figures]) -> list[PairFigures]:
    """Return every pair's figures, in their order."""
    markets = {market.name: market for market in result.markets}
    return [
        _figures(result, pair, [markets[pair.first], markets[pair.second]], figures)
        for pair in result.pairs
    ]


def _figures(
    result: RunResult,
    pair: PairResult,
    legs: Sequence[MarketResult],
    figures: Mapping[str, Figures],
) -> PairFigures:
    pnls = [figures[leg.name].pnl for leg in legs]
    currencies = sorted({leg.instrument.quote for leg in legs})
    rates, currency = _rates(result, currencies)
    if rates is None or any(pnl.gross is None for pnl in pnls):
        return PairFigures(pair, "/".join(currencies), None, None, None, None, None)

    def added(values: Sequence[Decimal | None]) -> Decimal:
        told = zip(legs, values, strict=True)
        return exact_sum(*(exact_product(v, rates[leg.instrument.quote]) for leg, v in told if v))

    slippage = added([_slippage(leg) for leg in legs])
    return PairFigures(
        pair=pair,
        currency=currency,
        funding=added([pnl.funding for pnl in pnls]),
        fees=added([pnl.fees for pnl in pnls]),
        slippage=slippage,
        basis=exact_sum(added([pnl.gross for pnl in pnls]), slippage),
        net=added([pnl.net for pnl in pnls]),
    )


def _rates(
    result: RunResult, currencies: Sequence[str]
) -> tuple[Mapping[str, Decimal] | None, str]:
    """Return what each of the legs' currencies is worth in which one; None: one is not known."""
    if len(currencies) == 1:
        return {currencies[0]: Decimal(1)}, currencies[0]
    if missing_rates(currencies, result.reporting_currency, result.rates):
        return None, ""
    return {**result.rates, result.reporting_currency: Decimal(1)}, result.reporting_currency


def _slippage(leg: MarketResult) -> Decimal:
    earned = sum(captured for captured, _ in earned_half_ticks(leg.fills, "1s"))
    return grid_of(leg).half_tick_lot.amount(-earned)


def pairs_json(found: Sequence[PairFigures]) -> Json:
    """Return pairs for `summary.json`, by name."""
    return {one.pair.name: _json(one) for one in found}


def _json(one: PairFigures) -> Json:
    pair = one.pair
    money = {key: getattr(one, key) for key in ("funding", "basis", "slippage", "fees", "net")}
    return {
        "legs": [pair.first, pair.second],
        "entered": pair.entered,
        "left": pair.left,
        "phase": pair.phase,
        "held_base": plain(pair.held_base),
        "apart_base": plain(pair.apart_base),
        "why": list(pair.why),
        "currency": one.currency,
        **{key: None if value is None else plain(value) for key, value in money.items()},
    }


def pair_lines(found: Sequence[PairFigures], places: int) -> list[str]:
    """Return a line for each pair: what it is doing, and what it came to."""
    return [_line(one, places) for one in found]


def _line(one: PairFigures, places: int) -> str:
    pair = one.pair
    apart = f", {plain(pair.apart_base)} apart" if pair.apart_base else ""
    told = f"pair {pair.name}: entered {pair.entered}, left {pair.left}; {pair.phase}{apart}"
    if one.net is None:
        return f"{told}; net not known in one currency"
    money = ", ".join(
        f"{key} {amount(getattr(one, key), places, signed=True)}"
        for key in ("funding", "basis", "net")
    )
    costs = f"slippage {amount(one.slippage, places)}, fees {amount(one.fees, places)}"
    return f"{told}; {money} after {costs} {one.currency}"
