"""Say which currencies of a deploy are held to their peg, and by what."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from connectors.model.instrument import Instrument
from runner.engine.account import Stake
from runner.engine.peg import Peg, PegSteps
from runner.engine.portfolio import Portfolio
from runner.engine.worker import Market
from runner.settings import Settings
from runner.wiring.markets import enabled_markets

PER_BPS = 10_000


@dataclass(frozen=True, slots=True)
class Watched:
    """What tells the worth of a currency: the mid of the market `source`, or else its rate."""

    source: str | None
    is_off: bool = False


def watched_currencies(settings: Settings) -> dict[str, Watched]:
    """Return the pegged currencies that the deploy's markets trade and whose worth is told.

    None where there is no limit, or where the reporting currency is not one of them.
    """
    peg, reporting = settings.risk.peg, settings.reporting_currency
    if peg.depeg_bps is None or reporting not in peg.currencies:
        return {}
    markets = enabled_markets(settings)
    traded = {c for m in markets.values() for c in (m.instrument.base, m.instrument.quote)}
    found = {}
    for currency in sorted(traded & set(peg.currencies) - {reporting}):
        pair = {currency, reporting}
        sources = (n for n, m in markets.items() if {m.instrument.base, m.instrument.quote} == pair)
        source, rate = next(sources, None), settings.rates.get(currency)
        if source is not None or rate is not None:
            away_bps = abs((rate or Decimal(1)) - 1) * PER_BPS
            is_off = source is None and away_bps > Decimal(str(peg.depeg_bps))
            found[currency] = Watched(source, is_off)
    return found


def steps_of(settings: Settings, instrument: Instrument) -> PegSteps:
    """Return par and distances in half ticks of the market that is looked at."""
    par = int(2 / instrument.tick_size)
    peg = settings.risk.peg
    depeg, release = (int(par * (bps or 0.0) / PER_BPS) for bps in (peg.depeg_bps, peg.release_bps))
    return PegSteps(par, depeg, min(release, depeg))


def join_pegs(settings: Settings, portfolio: Portfolio, markets: Mapping[str, Market]) -> None:
    """Let each market of a portfolio ask for the currencies that it trades."""
    holdings = {holding.market: holding for holding in portfolio.holdings}
    pegs = {}
    for currency, watched in watched_currencies(settings).items():
        source = None if watched.source is None else holdings[watched.source]
        steps = steps_of(settings, markets[watched.source or next(iter(markets))].instrument)
        pegs[currency] = Peg(currency, steps, source, portfolio.warn, watched.is_off)
    portfolio.pegs = list(pegs.values())
    for name, holding in holdings.items():
        instrument = markets[name].instrument
        holding.pegs = [pegs[c] for c in (instrument.base, instrument.quote) if c in pegs]


def set_pegs(settings: Settings, markets: Sequence[Market], stakes: Sequence[Stake]) -> None:
    """Note in the stakes of a merged replay whose mid tells what their currencies are worth."""
    number = {market.name: m for m, market in enumerate(markets)}
    for currency, watched in watched_currencies(settings).items():
        source = number.get(watched.source or "", -1)
        if source >= 0:
            steps = steps_of(settings, markets[source].instrument)
            stakes[source].par_half_ticks = steps.par_half_ticks
            stakes[source].depeg_half_ticks = steps.depeg_half_ticks
            stakes[source].release_half_ticks = steps.release_half_ticks
        for market, stake in zip(markets, stakes, strict=True):
            for k, own in enumerate((market.instrument.base, market.instrument.quote)):
                if own == currency:
                    stake.pegged_by[k] = source + 1
                    stake.is_off_by_rate |= watched.is_off
