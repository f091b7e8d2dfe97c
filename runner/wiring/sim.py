"""Make the simulated venue from settings: exchanges, synthetic markets, account."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from connectors.model.account import Standing
from connectors.model.errors import ConfigError
from connectors.model.kernel import shell_of
from connectors.sim.account import PaperAccount
from connectors.sim.adapter import Charge, SimMarket, SimVenue, Source
from connectors.sim.exchange import (
    EXPIRE_BOTH,
    EXPIRE_MAKER,
    EXPIRE_TAKER,
    FRONT,
    LOG,
    LOG_2,
    POWER,
    POWER_2,
    POWER_3,
    REDUCE,
    RISK_AVERSE,
    Exchange,
    ExchangeTerms,
    start,
)
from connectors.sim.fees import DAY_NS, DAYS, prime
from connectors.sim.flow_market import FlowMarket, market_seed
from connectors.sim.funding_schedule import HOUR_NS
from connectors.sim.latency_table import load_latencies, read_latencies
from connectors.sim.live import LiveSource, LiveVenue
from connectors.sim.margin import BILLION, go_on_with
from connectors.sim.payday import Payday
from connectors.sim.synthetic import FollowingSource, SyntheticSource
from connectors.venue import Venue
from runner.engine.clock import Clock
from runner.settings import Market as MarketSettings
from runner.settings import Settings, Sim
from runner.wiring.fees import charge_of, fees_of, has_own_fees
from runner.wiring.margin import require_margin, set_margin, share_wallets
from runner.wiring.markets import instrument_of

SIM = "sim"
"""Name of the simulated venue."""

QUEUES = {
    "front": FRONT,
    "risk_averse": RISK_AVERSE,
    "power": POWER,
    "power_2": POWER_2,
    "power_3": POWER_3,
    "log": LOG,
    "log_2": LOG_2,
}
SELF_TRADES = {
    "expire_taker": EXPIRE_TAKER,
    "expire_maker": EXPIRE_MAKER,
    "expire_both": EXPIRE_BOTH,
    "reduce": REDUCE,
}
MS = 1_000_000
US = 1_000
WAKE_NS = 100_000_000
"""A worker is woken after so long without data, so that what waits for time gets its turn."""


Feeds = Mapping[Venue, Mapping[str, LiveSource]]
"""The sources that real venues fill, by market."""


def paper_venue(
    settings: Settings,
    names: Sequence[str],
    clock: Clock,
    account_path: Path | None,
    feeds: Feeds | None = None,
) -> SimVenue:
    """Return the simulated venue of the named markets; its account is in memory without a path.

    Markets that `feeds` name have the prices of real venues, all others synthetic ones.
    """
    live = {name: source for sources in (feeds or {}).values() for name, source in sources.items()}
    account = PaperAccount(account_path)
    start_ns = clock.now_ns()
    markets: dict[str, SimMarket] = {}
    require_margin(settings, names)
    for name in names:
        chosen = settings.markets[name]
        account.disconnect(name)
        standing = account.standing(name)
        source = live.get(name) or market_source(settings, name, start_ns)
        markets[name] = _sim_market(settings, name, standing, source)
        markets[name].charge = _charge(name, chosen, account, start_ns)
        markets[name].payday = _payday(name, chosen, markets[name].exchange, start_ns)
    exchanges = {name: market.exchange for name, market in markets.items()}
    share_wallets(exchanges, settings)
    for name, x in exchanges.items():
        if x.margin.is_on:
            go_on_with(x, account.money(name))
    return LiveVenue(clock, account, markets, feeds) if feeds else SimVenue(clock, account, markets)


def _charge(
    name: str, chosen: MarketSettings, account: PaperAccount, start_ns: int
) -> Charge | None:
    """Return what tells each fill's fee, by what the account has traded; None where it is flat."""
    venue = sim_settings(name, chosen)
    if not has_own_fees(venue):
        return None
    instrument = instrument_of(chosen.instrument)
    fees = fees_of(name, venue, instrument)
    prime(fees, account.notional_by_day(name, start_ns - DAYS * DAY_NS), start_ns // DAY_NS)
    return charge_of(fees, instrument)


def _payday(name: str, chosen: MarketSettings, x: Exchange, start_ns: int) -> Payday | None:
    """Return what pays a market's funding; None where it pays none.

    Raises ConfigError for a rate that margin could not count exactly.
    """
    venue = sim_settings(name, chosen)
    if chosen.instrument.is_spot or not (venue.funding_rate_bps or chosen.role == "leg"):
        return None
    rate = venue.funding_rate_bps / 10_000
    if x.margin.is_on and rate * BILLION != int(rate * BILLION):
        raise ConfigError(
            f"markets.{name}.venue.funding_rate_bps: expected at most 5 decimals with margin, was"
            f" {venue.funding_rate_bps}"
        )
    every_ns = int(venue.funding_interval_h * HOUR_NS)
    payday = Payday(rate, every_ns, instrument_of(chosen.instrument))
    payday.begin(x, start_ns)
    return payday


def _sim_market(settings: Settings, name: str, standing: Standing, source: Source) -> SimMarket:
    """Return a market. Live rows are here when they come: their way to us is behind them."""
    sim = sim_settings(name, settings.markets[name])
    is_live = isinstance(source, LiveSource)
    instrument = instrument_of(settings.markets[name].instrument)
    return SimMarket(
        name=name,
        exchange=exchange_of(settings, name, standing),
        source=source,
        feed_latency_ns=0 if is_live else int(sim.feed_latency_ms * MS),
        wake_every_ns=WAKE_NS,
        half_tick_lot_quote=float(instrument.notional_quote(1, 1) / 2),
    )


def exchange_of(
    settings: Settings, name: str, standing: Standing | None, *, shell: bool = False
) -> Exchange:
    """Return one market's simulated exchange, which goes on where the account stands.

    A `shell` is for what runs compiled.
    """
    _require_exact_fees(name, settings.markets[name])
    x = shell_of(Exchange) if shell else Exchange()
    start(x, _terms(settings, name))
    set_margin(x, settings, name)
    path = sim_settings(name, settings.markets[name]).latency_path
    if path is not None:
        load_latencies(x, read_latencies(path))
    if standing is not None:
        x.position_lots = standing.position_lots
        x.trade_id = standing.last_trade_id
    return x


def require_possible(settings: Settings, name: str, *, is_synthetic: bool = True) -> None:
    """Raise ConfigError for a simulated exchange, or a synthetic market, that cannot be."""
    market = settings.markets[name]
    if isinstance(market.venue, Sim):
        _terms(settings, name)
        _require_exact_fees(name, market)
        _require_replay(name, market.venue)
        if is_synthetic:
            _flow_market(name, market)


def _require_exact_fees(name: str, market: MarketSettings) -> None:
    """Raise ConfigError for tiers whose fees could not be exact."""
    venue = sim_settings(name, market)
    if has_own_fees(venue):
        fees_of(name, venue, instrument_of(market.instrument))


def _require_replay(name: str, venue: Sim) -> None:
    """Raise ConfigError for what only a replay can do: recorded times have passed on paper."""
    for key in ("latency_path", "funding_path"):
        value = getattr(venue, key)
        if value is not None:
            raise ConfigError(
                f"markets.{name}.venue.{key}: expected null on paper, was {value}; use it with"
                " mode=replay"
            )


def _terms(settings: Settings, name: str) -> ExchangeTerms:
    venue = sim_settings(name, settings.markets[name])
    return ExchangeTerms(
        entry_latency_ns=int(venue.entry_latency_ms * MS),
        response_latency_ns=int(venue.response_latency_ms * MS),
        load_ns_per_row=int(venue.row_load_us * US),
        queue_model=QUEUES[venue.queue_model],
        power_n=venue.queue_power,
        self_trade=SELF_TRADES[venue.self_trade],
        reject_frac=venue.reject_frac,
        drop_frac=venue.drop_frac,
        seed=market_seed(settings.seed, f"{name}.faults"),
    )


def sim_settings(name: str, market: MarketSettings) -> Sim:
    """Return the simulated venue's settings of a market; raise ConfigError for any other venue."""
    if not isinstance(market.venue, Sim):
        raise ConfigError(
            f"markets.{name}.venue: expected sim for paper and replay, was {market.venue.name}"
        )
    return market.venue


def market_source(settings: Settings, name: str, start_ns: int) -> SyntheticSource:
    """Return a market's synthetic source, which follows another one's where it is told to."""
    chosen = settings.markets[name]
    synthetic = chosen.synthetic
    if synthetic.follows is None:
        return synthetic_source(name, chosen, settings.seed, start_ns)
    first = settings.markets[synthetic.follows]
    return FollowingSource(
        _flow_market(name, chosen),
        market_seed(settings.seed, name),
        start_ns,
        synthetic_source(synthetic.follows, first, settings.seed, start_ns),
        int(synthetic.lag_ms * MS),
    )


def synthetic_source(
    name: str, market: MarketSettings, seed: int, start_ns: int
) -> SyntheticSource:
    """Return a market's synthetic source, seeded by the deploy's seed and its own name alone."""
    return SyntheticSource(_flow_market(name, market), market_seed(seed, name), start_ns)


def _flow_market(name: str, market: MarketSettings) -> FlowMarket:
    instrument = instrument_of(market.instrument)
    synthetic = market.synthetic
    lot_quote = instrument.lot_size_base * synthetic.start_price
    try:
        return FlowMarket(
            start_mid_ticks=instrument.ticks_down(synthetic.start_price),
            touch_lots=float(synthetic.touch_size_quote / lot_quote),
            level_lots=float(synthetic.level_size_quote / lot_quote),
            taker_lots=float(synthetic.taker_size_quote / lot_quote),
            sigma_bps_per_sqrt_s=synthetic.sigma_bps_per_sqrt_s,
            taker_per_s=synthetic.taker_per_s,
        )
    except ValueError as error:
        raise ConfigError(f"markets.{name}.synthetic: {error}") from None
