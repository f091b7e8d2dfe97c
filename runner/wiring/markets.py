"""Make a market from its settings: instrument, sizes in lots, strategy and limits."""

import math
from collections.abc import Mapping
from decimal import Decimal

from connectors.model.account import Standing
from connectors.model.book import clear
from connectors.model.errors import ConfigError
from connectors.model.instrument import Instrument
from connectors.model.kernel import shell_of
from connectors.model.orders import ID_STRIDE, Orders
from runner.engine.brakes import Brakes
from runner.engine.risk import Limits
from runner.engine.worker import Market
from runner.settings import Instrument as InstrumentSettings
from runner.settings import Market as MarketSettings
from runner.settings import Quoting, Risk, Settings, VenueSettings
from runner.wiring.fees import opening_fees
from runner.wiring.gates import set_gates
from runner.wiring.hedging import set_hedging
from runner.wiring.learning import set_learning
from runner.wiring.liquidation import set_liquidation
from runner.wiring.pricing import check_limit, set_pricing
from runner.wiring.ramp import set_ramp
from runner.wiring.senses import follow_reach, set_reference, set_senses, watch_for_alarms
from runner.wiring.strategies import bind_strategies, model_number, own_numbers
from strategies.desk import Desk, Params
from strategies.gates.knobs import GateKnobs
from strategies.signals.volatility import BIPOWER, EWMA, WINDOW

ESTIMATORS = {"ewma": EWMA, "window": WINDOW, "bipower": BIPOWER}

MS = 1_000_000
_LONGEST = 1_024
"""Arrays of a desk from which on none is set before it runs: books, samples, clusters of fills."""
MOST_STEPS = 1 << 62
"""A limit beyond this could not be reached by a 64-bit sum."""


def instrument_of(settings: InstrumentSettings) -> Instrument:
    """Return the instrument of a market file."""
    return Instrument(
        symbol=settings.symbol,
        base=settings.base,
        quote=settings.quote,
        tick_size=settings.tick_size,
        lot_size_base=settings.lot_size_base,
        min_lots=settings.min_lots,
        min_notional_quote=settings.min_notional_quote,
        is_spot=settings.is_spot,
        price_digits=settings.price_digits,
    )


def is_read_only(settings: Settings) -> bool:
    """Tell whether real venues are read alone: their accounts are of no concern."""
    return settings.mode.name in ("record", "paper")


def enabled_markets(settings: Settings) -> dict[str, MarketSettings]:
    """Return the markets that take part, in the order of the configuration."""
    return {name: market for name, market in settings.markets.items() if market.enabled}


def market_of(
    name: str,
    number: int,
    settings: Settings,
    price: Decimal,
    start_ns: int,
    *,
    shell: bool = False,
) -> Market:
    """Return one market ready to run: sizes in lots at `price`, its book empty, nothing open.

    The desk of a `shell` is for what runs compiled.

    Raises ConfigError when an order would be smaller than the venue's smallest.
    """
    chosen = settings.markets[name]
    instrument = instrument_of(chosen.instrument)
    desk = shell_of(Desk, _LONGEST) if shell else Desk()
    clear(desk.book)
    numbers = bind_strategies(settings)
    _set_params(desk.params, name, chosen, instrument, price, start_ns, numbers)
    set_gates(desk.params.gates, chosen.gates, instrument)
    desk.params.gates.scheduled = settings.schedule.asks_of_markets and chosen.role == "quote"
    desk.params.gates.on = desk.params.gates.on or desk.params.gates.scheduled
    set_reference(desk.params.reference, chosen.reference)
    set_ramp(desk.params, settings.risk.ramp, name, instrument, price)
    desk.params.scarce_tolerance_bps = settings.risk.quota.most_tolerance_bps
    ratio = lead_tick_ratio(settings, name)
    set_senses(desk.params.senses, chosen.gates, chosen.reference, ratio)
    watch_for_alarms(desk.params, settings.risk)
    desk.orders.market_number = number
    _fill_wallet(desk.orders, chosen, instrument)
    limits = _limits(settings.risk, desk.params, instrument, price, start_ns)
    _allow_leaving(desk.params.gates, name, limits)
    _set_brakes(limits.brakes, settings.risk, instrument, chosen.venue)
    market = Market(name, chosen.venue.name, instrument, desk, limits, price)
    set_hedging(market, settings)
    set_liquidation(desk.params.liquidation, settings.risk.liquidation, chosen)
    return market


def lead_tick_ratio(settings: Settings, name: str) -> float:
    """Return the tick of a market's lead in ticks of its own; 1 where it follows none."""
    chosen = settings.markets[name]
    if chosen.reference.lead is None:
        return 1.0
    lead = settings.markets[chosen.reference.lead]
    return float(lead.instrument.tick_size / chosen.instrument.tick_size)


def open_with(market: Market, standing: Standing) -> None:
    """Begin from what the venue says of trades so far, with ids above every one it has seen."""
    orders = market.desk.orders
    orders.position_lots += standing.position_lots
    orders.cash_tick_lots += standing.cash_tick_lots
    orders.sequence = standing.last_client_id // ID_STRIDE


def carry_over(market: Market, former: Market) -> None:
    """Let a market that is made anew go on with what has traded and been asked for, and with what
    its brakes remember."""
    market.desk.trades = former.desk.trades
    market.desk.holding = former.desk.holding
    market.desk.scheduled = former.desk.scheduled
    market.limits.brakes = former.limits.brakes
    market.limits.tokens = former.limits.tokens


def _fill_wallet(orders: Orders, market: MarketSettings, instrument: Instrument) -> None:
    """Put a simulated spot wallet's opening balances into the desk; a perpetual starts flat, and a
    real venue tells its own wallet."""
    if market.has_told_wallet:
        return
    if market.wallet_base is not None and market.wallet_quote is not None:
        orders.position_lots = instrument.lots_down(market.wallet_base)
        tick_lot = instrument.tick_size * instrument.lot_size_base
        orders.cash_tick_lots = int(market.wallet_quote / tick_lot)


def _set_params(
    p: Params,
    name: str,
    market: MarketSettings,
    instrument: Instrument,
    price: Decimal,
    start_ns: int,
    numbers: dict[str, int],
) -> None:
    s = market.strategy
    if not isinstance(s, Quoting):
        raise ConfigError(f"markets.{name}.strategy: expected a strategy that quotes, was {s.name}")
    p.model = model_number(s, numbers)
    for k, number in enumerate(own_numbers(s)):
        p.own[k] = number
    set_pricing(p, s, start_ns)
    p.min_spread_bps = s.min_spread_bps
    p.max_spread_bps = s.max_spread_bps
    p.min_edge_bps = s.min_edge_bps
    p.maker_fee_bps, p.taker_fee_bps = (float(fee) for fee in opening_fees(market.venue))
    p.levels = s.levels
    p.level_step_bps = s.level_step_bps
    p.level_size_frac = s.level_size_factor
    p.size_skew_frac = s.size_skew
    p.tolerance_bps = s.tolerance_bps
    p.refresh_ns = s.refresh_ms * MS
    p.fill_lockout_ns = s.fill_lockout_ms * MS
    p.place_lockout_ns = s.place_lockout_ms * MS
    p.reject_lockout_ns = s.reject_lockout_ms * MS
    p.slots_per_level = s.slots_per_level
    p.amends = s.amend == "auto" and market.venue.can_amend
    set_learning(p.learning, s.recalibration)
    follow_reach(p.senses, s.recalibration)
    v = s.volatility
    p.estimator = ESTIMATORS[v.estimator]
    p.smoothing_tau_s = v.smoothing_half_life_ms * 1e-3 / math.log(2.0)
    p.live_tau_s = v.live_half_life_s / math.log(2.0)
    p.reference_tau_s = v.ref_half_life_s / math.log(2.0)
    p.sample_ns = int(v.sample_s * 1e9)
    p.prior_bps = v.prior_bps_per_sqrt_s
    p.floor_bps = v.floor_bps_per_sqrt_s
    p.warmup_s = v.warmup_s
    p.max_ratio = v.max_ratio
    _set_sizes(p, name, market, instrument, price)
    check_limit(p, name)


def _set_sizes(
    p: Params, name: str, market: MarketSettings, instrument: Instrument, price: Decimal
) -> None:
    """Turn sizes in base or quote into lots at a price; a market that only leads has none."""
    p.is_spot = instrument.is_spot
    p.min_lots = instrument.min_lots
    if instrument.price_digits is not None:
        p.digits_end = 10**instrument.price_digits
        p.whole_ticks = max(1, int(1 / instrument.tick_size))
    p.only_leads = market.role == "lead"
    if p.only_leads:
        p.order_lots = max(1, instrument.min_lots)
        return
    p.order_lots = _lots(instrument, market.order_size_base, market.order_size_quote, price)
    p.max_position_lots = _lots(
        instrument, market.max_position_base, market.max_position_quote, price
    )
    p.min_position_lots = 0 if instrument.is_spot else -p.max_position_lots
    p.target_base_frac = market.target_base_frac or 0.0
    p.min_notional_tick_lots = float(
        instrument.min_notional_quote / (instrument.tick_size * instrument.lot_size_base)
    )
    if p.order_lots < max(1, instrument.min_lots):
        smallest = instrument.size_base(max(1, instrument.min_lots))
        raise ConfigError(
            f"markets.{name}.order_size: expected at least {smallest} {instrument.base} at a price"
            f" of {price}, was less; raise order_size_base or order_size_quote"
        )
    if p.max_position_lots < p.order_lots:
        raise ConfigError(
            f"markets.{name}.max_position: expected at least one order of"
            f" {instrument.size_base(p.order_lots)} {instrument.base}, was"
            f" {instrument.size_base(p.max_position_lots)}"
        )


def _lots(
    instrument: Instrument, base: Decimal | None, quote: Decimal | None, price: Decimal
) -> int:
    if base is not None:
        return instrument.lots_down(base)
    if quote is None:
        raise ConfigError("expected a size in base or in quote, was neither")
    return instrument.lots_down(quote / price)


def _limits(
    risk: Risk, params: Params, instrument: Instrument, price: Decimal, start_ns: int
) -> Limits:
    limits = Limits()
    by_share = int(params.max_position_lots * risk.max_order_frac)
    by_notional = instrument.lots_down(risk.max_order_notional_quote / price)
    limits.max_position_lots = params.max_position_lots
    limits.min_position_lots = params.min_position_lots
    limits.is_spot = params.is_spot
    largest = max(params.order_lots, min(by_share, by_notional))
    limits.max_order_lots = 0 if params.only_leads else largest
    limits.collar_bps = risk.collar_bps
    limits.rate_per_s = risk.max_orders_per_s
    limits.burst = max(1.0, risk.max_orders_per_s)
    limits.tokens = limits.burst
    limits.refilled_ns = start_ns
    return limits


def _allow_leaving(knobs: GateKnobs, name: str, limits: Limits) -> None:
    """Let gates take as much at once as an order may have; a spot wallet has nothing to leave."""
    knobs.most_take_lots = limits.max_order_lots
    if knobs.leaves and limits.is_spot:
        raise ConfigError(
            f"markets.{name}.gates: expected stop_loss, take_profit, timeout and age_exit off on a"
            " spot market, where no position can be told from the wallet; was one of them on"
        )


def _set_brakes(brakes: Brakes, risk: Risk, instrument: Instrument, venue: VenueSettings) -> None:
    """Turn the brakes' limits into integers of the market; what is null is left off."""
    tick_lot = instrument.tick_size * instrument.lot_size_base
    maker_bps, taker_bps = opening_fees(venue)
    brakes.maker_fee_ppb = int(maker_bps * 100_000)
    brakes.taker_fee_ppb = int(taker_bps * 100_000)
    brakes.fills_per_min = risk.max_fills_per_min or 0
    brakes.day_notional_tick_lots = _steps(risk.max_notional_per_day_quote, tick_lot)
    brakes.day_loss_half_tick_lots = _steps(risk.max_daily_loss_quote, tick_lot / 2)
    brakes.drawdown_half_tick_lots = _steps(risk.max_drawdown_quote, tick_lot / 2)
    brakes.losing_trips = risk.max_losing_trades or 0
    brakes.volatility_ratio = risk.volatility_ratio_max or 0.0
    brakes.volatility_pause_ns = int(risk.volatility_pause_s * 1e9)
    brakes.jump_sigmas = risk.jump_sigmas or 0.0
    brakes.jump_window_ns = int(risk.jump_window_s * 1e9)
    brakes.jump_pause_ns = int(risk.jump_pause_s * 1e9)
    brakes.sweep_pause_ns = int(risk.sweep_pause_s * 1e9)
    brakes.quiet_ns = int((risk.max_quiet_s or 0.0) * 1e9)


def _steps(money: Decimal | None, step: Decimal) -> int:
    """Return a limit in whole steps, rounded down but never to 0, which would be off."""
    return 0 if money is None else max(1, min(int(money / step), MOST_STEPS))


def fee_rates(markets: Mapping[str, MarketSettings], name: str) -> tuple[Decimal, Decimal]:
    """Return the maker and taker fee [bps], exact, that a market begins with."""
    return opening_fees(markets[name].venue)
