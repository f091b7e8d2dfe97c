"""Join markets that hedge with those that they hedge: who tells whom, who shares with whom."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from connectors.funded import Funded
from runner.engine.account import Stake
from runner.engine.hedge_plan import BEST_PRICE, MIN_COST, SPLIT
from runner.engine.hedger import Across, Hedger
from runner.engine.joint_hedger import JointHedger
from runner.engine.station import Station
from runner.engine.warnings import Warn
from runner.engine.worker import Market
from runner.settings import Settings
from runner.wiring.fees import opening_fees
from runner.wiring.hedging import grains_of, hedges_of, measured_band, together
from runner.wiring.routing import delay_bps, holding_bps, rate_of

WAYS: Mapping[str, int] = {"best_price": BEST_PRICE, "min_cost": MIN_COST, "split": SPLIT}


def join_hedges(settings: Settings, stations: Sequence[Station], warn: Warn) -> None:
    """Let each market that is hedged tell those that hedge it."""
    by_name: Mapping[str, Station] = {station.name: station for station in stations}
    for hedge, hedged in hedges_of(settings).items():
        names = together(settings, hedge)
        hedger: Across
        if len(names) > 1:
            hedger = _joint(settings, by_name, hedge, hedged, warn)
        else:
            hedger = _alone(settings, by_name, hedge, hedged, warn)
        for name in (*names, *hedged):
            by_name[name].hedger = hedger


def _alone(
    settings: Settings,
    by_name: Mapping[str, Station],
    hedge: str,
    hedged: Sequence[str],
    warn: Warn,
) -> Hedger:
    grains = grains_of(settings, hedge, hedged)
    station = by_name[hedge]
    band = measured_band(settings, station.worker.market, hedged)
    return Hedger(station, [(by_name[n], grains[n]) for n in hedged], warn, band)


def _joint(
    settings: Settings,
    by_name: Mapping[str, Station],
    hedge: str,
    hedged: Sequence[str],
    warn: Warn,
) -> JointHedger:
    hedges = [by_name[name] for name in together(settings, hedge)]
    stakes = [Stake() for _ in (*hedges, *hedged)]
    markets = [station.worker.market for station in hedges]
    _set_group(settings, 1, markets, stakes)
    grains = grains_of(settings, hedge, hedged)
    for name, stake in zip(hedged, stakes[len(hedges) :], strict=True):
        stake.hedged_by, stake.weight_grains = 1, grains[name]
    return JointHedger(
        hedges,
        [by_name[name] for name in hedged],
        stakes,
        [_funding(settings, hedge, station) for station in hedges],
        warn,
        measured_band(settings, markets[0], hedged),
    )


def _funding(settings: Settings, hedge: str, station: Station) -> Callable[[], float]:
    """Return what asks a market's venue for the cost of holding there."""
    venue = station.worker.venue
    hold_h = settings.markets[hedge].hedge.hold_h
    if hold_h == 0.0 or not isinstance(venue, Funded):
        return lambda: 0.0
    announced = partial(venue.announced, station.name)
    return lambda: float(holding_bps(hold_h, announced()))


def _set_group(
    settings: Settings, first: int, markets: Sequence[Market], stakes: Sequence[Stake]
) -> None:
    """Let markets hedge together, of which the one with the number `first`, from one, leads."""
    quotes = {market.instrument.quote for market in markets}
    for market, stake in zip(markets, stakes, strict=False):
        chosen = settings.markets[market.name]
        rate = 1 if len(quotes) == 1 else rate_of(settings, market)
        stake.joins = first
        stake.offer.tick_worth = float(market.instrument.tick_size * rate)
        fee_bps = opening_fees(chosen.venue)[1]
        stake.offer.extra_bps = float(
            fee_bps + delay_bps(settings, market.name, chosen.hedge.delay_ms)
        )
    group = stakes[0].group
    group.way = WAYS[settings.markets[markets[0].name].hedge.route]
    group.anchor = first


def set_weights(settings: Settings, markets: Sequence[Market], stakes: Sequence[Stake]) -> None:
    """Note in the stakes of a merged replay who hedges whom, where all of them are in it."""
    number = {market.name: k for k, market in enumerate(markets)}
    for hedge, hedged in hedges_of(settings).items():
        names = together(settings, hedge)
        if not {*names, *hedged} <= number.keys():
            continue
        grains = grains_of(settings, hedge, hedged)
        for name in (hedge, *hedged):
            stakes[number[name]].hedged_by = number[hedge] + 1
            stakes[number[name]].weight_grains = grains[name]
        if len(names) > 1:
            places = [number[name] for name in names]
            group = [markets[k] for k in places], [stakes[k] for k in places]
            _set_group(settings, number[hedge] + 1, *group)
