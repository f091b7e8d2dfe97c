"""Take the figures of every pool of markets: what is held, and where its net came from.

Only what can be converted is added. A pool with a market whose mark or rate is not known has no
parts and no net; its exposure names that market.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from runner.engine.exposure import Exposure, Held, exposures
from runner.engine.pools import KINDS
from runner.report.exact import exact_product, exact_sum, plain
from runner.report.market_figures import Figures
from runner.report.parts import Parts, add_parts
from runner.report.pnl import grid_of
from runner.report.tear_json import parts_json
from runner.results import MarketResult, RunResult

Json = dict[str, object]
ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Pool:
    """A pool's exposure at the end, and its parts and net in the reporting currency."""

    exposure: Exposure
    parts: Parts | None
    net: Decimal | None


def pools_of(result: RunResult, figures: Mapping[str, Figures]) -> list[Pool]:
    """Return the pools of a run in which several markets trade: of all, by underlying, by venue."""
    traded = [market for market in result.markets if not market.only_leads]
    if len(traded) < 2:
        return []
    rates = {**result.rates, result.reporting_currency: Decimal(1)}
    held = {m.name: _held(m, rates.get(m.instrument.quote)) for m in traded}
    return [
        _pool(exposure, [m for m in traded if _is_in(held[m.name], exposure)], figures, rates)
        for exposure in exposures(list(held.values()))
    ]


def _is_in(held: Held, exposure: Exposure) -> bool:
    return held.pools[KINDS.index(exposure.kind)] == exposure.name


def _held(market: MarketResult, rate: Decimal | None) -> Held:
    """Return what a market held in the end, and what was then still open."""
    buys, sells = market.open_lots
    position = market.position_lots
    long, short = position + buys, sells - position
    is_flat = position == 0 and max(long, short) <= 0
    is_told = is_flat or (rate is not None and market.mark_half_ticks > 0)

    def worth(lots: int) -> Decimal:
        if lots == 0 or not is_told or rate is None:
            return ZERO
        own = grid_of(market).half_tick_lot.amount(lots * market.mark_half_ticks)
        return exact_product(own, rate)

    return Held(
        market=market.name,
        pools=("", market.underlying or market.instrument.base, market.venue),
        position=worth(position) if is_told else None,
        long=worth(max(long, 0)),
        short=worth(max(short, 0)),
        leverage=market.leverage,
    )


def _pool(
    exposure: Exposure,
    members: Sequence[MarketResult],
    figures: Mapping[str, Figures],
    rates: Mapping[str, Decimal],
) -> Pool:
    found = [(figures[m.name], rates.get(m.instrument.quote)) for m in members]
    known = [(f, rate) for f, rate in found if rate is not None]
    if len(known) < len(found):
        return Pool(exposure, None, None)
    nets = [exact_product(f.pnl.net, rate) for f, rate in known if f.pnl.net is not None]
    parts = add_parts([(f.parts, rate) for f, rate in known])
    return Pool(exposure, parts, exact_sum(*nets) if len(nets) == len(known) else None)


def pools_json(pools: Sequence[Pool]) -> Json:
    """Return the pools for `summary.json`, by kind and name."""
    return {
        kind: {p.exposure.name or "all": _json(p) for p in pools if p.exposure.kind == kind}
        for kind in KINDS
        if pools
    }


def _json(pool: Pool) -> Json:
    held = pool.exposure
    return {
        "held_net": plain(held.net),
        "held_gross": plain(held.gross),
        "worst_long": plain(held.worst_long),
        "worst_short": plain(held.worst_short),
        "worst_gross": plain(held.worst_gross),
        "capital": plain(held.capital),
        "unknown": list(held.untold),
        "parts": None if pool.parts is None else parts_json(pool.parts),
        "net": None if pool.net is None else plain(pool.net),
    }
