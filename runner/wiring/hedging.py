"""Make what hedges from settings: grains, bands, urgency, and who tells whom."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from math import gcd

from connectors.model.errors import ConfigError
from runner.engine.hedge_band import MeasuredBand
from runner.engine.worker import Market
from runner.settings import Hedge, Quoting, Settings
from runner.settings import Market as MarketSettings
from runner.settings.hedge import first_of, hedged_by
from runner.wiring.fees import opening_fees
from strategies.hedge_band import Terms, fixed_band, proportional_band, solved_band
from strategies.hedge_measured import Basis, Fills
from strategies.hedge_state import HedgeKnobs

BANDS: Mapping[str, Callable[[Terms], float]] = {
    "proportional": proportional_band,
    "fixed": fixed_band,
    "chain": solved_band,
}

MOST_GRAINS = 1 << 60
"""Positions in grains beyond this would not add up in 64 bits."""


def hedges_of(settings: Settings) -> dict[str, list[str]]:
    """Return the markets that hedge, each with those that it hedges, in their order."""
    found: dict[str, list[str]] = {}
    for name in settings.markets:
        hedge = hedged_by(settings.markets, name)
        if hedge is not None:
            found.setdefault(hedge, []).append(name)
    return found


def together(settings: Settings, hedge: str) -> tuple[str, ...]:
    """Return a market that hedges and those that join it."""
    return hedge, *settings.markets[hedge].hedge.join


def grains_of(settings: Settings, hedge: str, hedged: Sequence[str]) -> dict[str, int]:
    """Return what a lot of a hedge, of those that join it, and of each market that it hedges, is
    in grains."""
    lots = {
        name: Fraction(settings.markets[name].instrument.lot_size_base)
        for name in together(settings, hedge)
    }
    for name in hedged:
        market = settings.markets[name]
        lots[name] = Fraction(market.instrument.lot_size_base) * Fraction(market.hedge.ratio)
    grain = Fraction(0)
    for lot in lots.values():
        shared = gcd(grain.numerator * lot.denominator, lot.numerator * grain.denominator)
        grain = Fraction(shared, grain.denominator * lot.denominator)
    return {name: int(lot / grain) for name, lot in lots.items()}


def set_hedging(market: Market, settings: Settings) -> None:
    """Let a market with role=hedge hedge, once its sizes are in lots, and one with role=leg go
    where its pair wants it; leave any other alone."""
    chosen = settings.markets[market.name]
    if chosen.role == "leg":
        _set_leg(market, chosen.hedge)
    if chosen.role != "hedge":
        return
    first = first_of(settings.markets, market.name)
    hedged = hedges_of(settings).get(first, [])
    grains = grains_of(settings, first, hedged)
    lot_grains = grains[market.name]
    params, knobs = market.desk.params, market.desk.params.hedge
    if params.max_position_lots * lot_grains > MOST_GRAINS:
        raise ConfigError(
            f"markets.{market.name}.hedge: expected lots and ratios of the markets that it hedges"
            f" with a common step, was one of {lot_grains} to a lot; round hedge.ratio"
        )
    _let_take(market)
    lot_base = market.instrument.lot_size_base
    band_base = _band_base(settings, market, hedged)
    knobs.lot_grains = lot_grains
    knobs.band_grains = int(band_base / lot_base * lot_grains)
    _set_urgency(knobs, chosen.hedge)
    budget = chosen.hedge.max_unhedged_quote
    if budget is not None:
        _require_room(market, budget, band_base)
        step = market.instrument.tick_size * lot_base / 2
        knobs.most_unhedged_half_tick_grains = min(MOST_GRAINS, int(budget / step * lot_grains))
    _lift_brakes(market)


def _set_leg(market: Market, hedge: Hedge) -> None:
    """Let a market go to a target: the opposite of what it is told is exposed, with no band."""
    _let_take(market)
    market.desk.params.hedge.lot_grains = 1
    _set_urgency(market.desk.params.hedge, hedge)
    _lift_brakes(market)


def _let_take(market: Market) -> None:
    """Let a market have one order at a time, which may rest or take."""
    market.desk.orders.hedges = True
    params = market.desk.params
    params.levels = params.slots_per_level = 1
    params.fill_lockout_ns = params.place_lockout_ns = 0
    params.hedge.on = True


def _set_urgency(knobs: HedgeKnobs, hedge: Hedge) -> None:
    knobs.patience_ns = int(hedge.patience_s * 1e9)
    knobs.force_after_ns = int(hedge.max_hedge_latency_s * 1e9)
    knobs.retry_ns = hedge.retry_ms * 1_000_000
    knobs.slippage_bps = hedge.max_slippage_bps
    knobs.forced_slippage_bps = hedge.forced_slippage_bps


def _require_room(market: Market, budget: Decimal, band_base: Decimal) -> None:
    """Refuse a budget inside the band: all would stand still while the hedge has nothing to do."""
    worth = band_base * market.sized_price
    if budget <= worth:
        raise ConfigError(
            f"markets.{market.name}.hedge.max_unhedged_quote: expected more than the band,"
            f" {worth:f} at a price of {market.sized_price}, was {budget}"
        )


def _lift_brakes(market: Market) -> None:
    """Leave out brakes that look at one leg's money or fills: they would leave the other alone."""
    brakes = market.limits.brakes
    brakes.fills_per_min = brakes.day_notional_tick_lots = brakes.losing_trips = 0
    brakes.day_loss_half_tick_lots = brakes.drawdown_half_tick_lots = 0


def _first(settings: Settings, market: Market) -> MarketSettings:
    """Return the settings of which a group's band is made: those of the market that others name."""
    return settings.markets[first_of(settings.markets, market.name)]


def _band_base(settings: Settings, market: Market, hedged: Sequence[str]) -> Decimal:
    """Return the band in base: as given, or solved for what the settings expect."""
    hedge = _first(settings, market).hedge
    if hedge.band_base is not None:
        return hedge.band_base
    if not hedged:
        return Decimal(0)
    return _solved_base(settings, market, hedged, terms_of_band(settings, market, hedged))


def _solved_base(
    settings: Settings, market: Market, hedged: Sequence[str], terms: Terms
) -> Decimal:
    """Return the band of some terms in base, no more than half of the budget."""
    hedge = _first(settings, market).hedge
    clip = _mean_clip_base(settings, market, hedged)
    band = clip * Decimal(f"{BANDS[hedge.band](terms):.3f}")
    budget = hedge.max_unhedged_quote
    return band if budget is None else min(band, budget / 2 / market.sized_price)


def measured_band(settings: Settings, market: Market, hedged: Sequence[str]) -> MeasuredBand | None:
    """Return what solves a hedge's band anew from what it measures; None where none is wanted."""
    hedge = _first(settings, market).hedge
    if hedge.band_every_s is None:
        return None
    terms = terms_of_band(settings, market, hedged)
    grains_per_base = market.desk.params.hedge.lot_grains / market.instrument.lot_size_base

    def solve(fills_per_s: float, basis_bps: float) -> int:
        measured = replace(terms, fills_per_s=fills_per_s, basis_bps=basis_bps)
        return int(_solved_base(settings, market, hedged, measured) * grains_per_base)

    memory_s = hedge.band_memory_s
    return MeasuredBand(
        fills=Fills.expected(terms.fills_per_s, terms.skew_per_clip, memory_s),
        bases=[Basis.expected(terms.basis_bps, memory_s) for _ in hedged],
        clip_grains=float(_mean_clip_base(settings, market, hedged) * grains_per_base),
        every_ns=int(hedge.band_every_s * 1e9),
        solve=solve,
    )


def _mean_clip_base(settings: Settings, market: Market, hedged: Sequence[str]) -> Decimal:
    clips = [_clip_base(settings.markets[name], market.sized_price) for name in hedged]
    return sum(clips, Decimal(0)) / len(clips)


def _clip_base(market: MarketSettings, price: Decimal) -> Decimal:
    """Return one order of a market that is hedged, in base of its hedge."""
    base = market.order_size_base
    if base is None:
        base = (market.order_size_quote or Decimal(0)) / price
    return base * market.hedge.ratio


def terms_of_band(settings: Settings, market: Market, hedged: Sequence[str]) -> Terms:
    """Return what a hedge's band depends on, from the settings of what it hedges.

    Fills are those that the strategies expect at flat: ``A exp(-kappa half / U)`` a side with the
    half spread of Avellaneda and Stoikov; a clip skews them by ``gamma kappa``.
    """
    hedge = _first(settings, market).hedge
    quoted = [settings.markets[name] for name in hedged]
    strategies = [m.strategy for m in quoted if isinstance(m.strategy, Quoting)]
    sigma_bps = max(s.volatility.prior_bps_per_sqrt_s for s in strategies)
    unit_bps = sigma_bps * math.sqrt(strategies[0].unit_horizon_s)
    cost_bps = hedge.cost_bps
    if cost_bps is None:
        half_tick = market.instrument.tick_size / market.sized_price / 2
        cost_bps = float(opening_fees(_first(settings, market).venue)[1] + half_tick * 10_000)
    fills = hedge.fills_per_s or sum(_expected_fills(s) for s in strategies)
    return Terms(
        gamma_per_bps_clip=hedge.risk_aversion / unit_bps,
        sigma_bps=sigma_bps,
        basis_bps=hedge.basis_bps_per_sqrt_s,
        cost_bps=max(cost_bps, 0.0),
        fixed_cost_bps_clips=hedge.fixed_cost_bps,
        fills_per_s=fills,
        skew_per_clip=sum(s.gamma * s.kappa for s in strategies) / len(strategies),
        limit_clips=max(1, *(_limit_clips(m, market.sized_price) for m in quoted)),
    )


def _expected_fills(s: Quoting) -> float:
    half = 0.5 * s.gamma + math.log1p(s.gamma / s.kappa) / s.gamma
    return s.intensity_per_s * math.exp(-s.kappa * half)


def _limit_clips(market: MarketSettings, price: Decimal) -> int:
    limit = market.max_position_base
    if limit is None:
        limit = (market.max_position_quote or Decimal(0)) / price
    return int(limit * market.hedge.ratio / _clip_base(market, price))
