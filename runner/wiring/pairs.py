"""Make pairs from settings: their legs among the stations, and what a ledger remembers of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from connectors.venue import Venue
from runner.engine.ledger.store import Store
from runner.engine.ledger.writer import Writer
from runner.engine.station import Station
from runner.engine.warnings import Warn
from runner.pairs.leg import PairLeg
from runner.pairs.pair import Pair, Terms
from runner.pairs.rates import LegRates
from runner.pairs.state import PairState, taken_up
from runner.settings import Settings
from runner.settings.pairs import Pair as PairSettings
from runner.wiring.fees import opening_fees
from runner.wiring.funding_legs import rules_of
from runner.wiring.margin import common_step, margin_settings
from strategies.funding.book import FIRST, SECOND
from strategies.funding.periods import HOUR_NS, Settled
from strategies.funding.sizing import Shares

NO_MARGIN = Decimal(1)
"""Leverage where none is configured: a position is paid in full."""


@dataclass(frozen=True, slots=True)
class Remembered:
    """What a ledger has of pairs: their states by name, and settlements by market."""

    states: Mapping[str, str] = field(default_factory=dict)
    rates: Mapping[str, Sequence[Settled]] = field(default_factory=dict)


def remembered(settings: Settings, store: Store, now_ns: int) -> Remembered:
    """Read what a ledger has of a deploy's pairs, rates as far back as rules look."""
    since_ns = now_ns - _lookback_ns(settings)
    legs = {leg for pair in settings.pairs.values() for leg in (pair.first, pair.second)}
    rates = {leg: [Settled(*row) for row in store.rates(leg, since_ns)] for leg in legs}
    return Remembered(store.pairs(), rates)


def join_pairs(
    settings: Settings,
    stations: Sequence[Station],
    venues: Mapping[str, Venue],
    writer: Writer,
    warn: Warn,
    known: Remembered,
) -> tuple[Pair, ...]:
    """Return every pair of a deploy, which looks after each turn of its legs.

    Raises ConfigError for one that holds a position in other legs than those of today.
    """
    by_name = {station.name: station for station in stations}
    found = []
    for name, chosen in settings.pairs.items():
        legs = [by_name[chosen.first], by_name[chosen.second]]
        pair = _pair(settings, name, chosen, legs, venues, writer, warn, known)
        pair.resume()
        for station in legs:
            station.hedger = pair
        found.append(pair)
    return tuple(found)


def _pair(
    settings: Settings,
    name: str,
    chosen: PairSettings,
    stations: Sequence[Station],
    venues: Mapping[str, Venue],
    writer: Writer,
    warn: Warn,
    known: Remembered,
) -> Pair:
    markets = [station.worker.market for station in stations]
    grain = common_step([market.instrument.lot_size_base for market in markets])
    legs = [_leg(settings, station, venues, grain) for station in stations]
    wallets = tuple(leg.desk.orders.position_lots if leg.is_spot else 0 for leg in legs)
    fresh = PairState((chosen.first, chosen.second), f"{grain:f}", (wallets[0], wallets[1]))
    lookback_ns = _lookback_ns(settings)
    rates = [LegRates(lookback_ns) for _ in legs]
    for leg, kept in zip(legs, rates, strict=True):
        kept.settled.extend(known.rates.get(leg.name, ()))
    return Pair(
        terms=_terms(settings, name, chosen, legs, grain),
        legs=(legs[FIRST], legs[SECOND]),
        rates=(rates[FIRST], rates[SECOND]),
        state=taken_up(name, known.states.get(name), fresh),
        put=writer.put,
        warn=warn,
        decided_ns=max((s.at_ns for kept in rates for s in kept.settled), default=0),
    )


def _leg(
    settings: Settings, station: Station, venues: Mapping[str, Venue], grain: Decimal
) -> PairLeg:
    chosen = settings.markets[station.name]
    margin = margin_settings(settings, station.name)
    return PairLeg(
        station=station,
        venue=venues[chosen.venue.name],
        lot_grains=int(station.worker.market.instrument.lot_size_base / grain),
        taker_fee_bps=float(opening_fees(chosen.venue)[1]),
        leverage=float(NO_MARGIN if margin is None else margin.leverage),
    )


def _terms(
    settings: Settings, name: str, chosen: PairSettings, legs: Sequence[PairLeg], grain: Decimal
) -> Terms:
    """Return a pair's terms; a clip is the smaller of both legs' orders."""
    clip = min(leg.desk.params.order_lots * leg.lot_grains for leg in legs)
    return Terms(
        name=name,
        rules=rules_of(settings.funding.rules),
        notional_quote=float(chosen.notional_quote),
        shares=Shares(chosen.depth_frac, chosen.margin_frac),
        grain_base=grain,
        clip_grains=clip,
        follow_ns=int(chosen.follow_s * 1e9),
    )


def _lookback_ns(settings: Settings) -> int:
    return int(settings.funding.rules.lookback_h * HOUR_NS)
