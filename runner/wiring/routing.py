"""Make the places that a router chooses among: each market's book, fees, funding and limits."""

import math
from collections.abc import Iterator, Mapping
from decimal import Decimal

from connectors.funded import Announced
from connectors.model.errors import ConfigError
from connectors.model.events import BUY, SELL
from runner.engine.worker import Market
from runner.settings import Quoting, Settings
from runner.wiring.markets import enabled_markets, fee_rates
from runner.wiring.rates import rates_of
from strategies.routing.offer import Offer, find_level, open_offer, take_level
from strategies.routing.place import ONE, Level, Place

SIDES: Mapping[str, int] = {"buy": BUY, "sell": SELL}
HOUR_NS = 3600 * 1_000_000_000
BPS = Decimal(10_000)
MOST_LEVELS = 500


def routable(settings: Settings) -> list[str]:
    """Return the markets of the underlying that is asked for, without those that only lead.

    Raises ConfigError where the size is not given, or there is none.
    """
    route = settings.route
    for key in ("underlying", "size_base"):
        if getattr(route, key) is None:
            raise ConfigError(f"route.{key}: expected what is to be planned, was null")
    chosen = enabled_markets(settings)
    found = [n for n, m in chosen.items() if m.underlying == route.underlying and m.role != "lead"]
    if not found:
        known = ", ".join(sorted({m.underlying for m in chosen.values()}))
        raise ConfigError(f"route.underlying: expected one of {known}, was {route.underlying}")
    return found


def place_of(settings: Settings, market: Market, announced: Announced | None) -> Place:
    """Return a market as a place to take from; one without a sound book offers nothing.

    Raises ConfigError where nobody says what its quote currency is worth.
    """
    route, instrument = settings.route, market.instrument
    side = SIDES[route.side]
    rate = rate_of(settings, market)
    sign = ONE if side == BUY else -ONE
    params, orders = market.desk.params, market.desk.orders
    held = orders.position_lots if side == BUY else -orders.position_lots
    room = max(0, params.max_position_lots - held - orders.exposed_lots[side])
    return Place(
        market=market.name,
        levels=tuple(_levels(settings, market, side)),
        lot_base=instrument.lot_size_base,
        min_base=instrument.size_base(params.min_lots),
        min_notional_quote=settings.markets[market.name].instrument.min_notional_quote,
        rate=rate,
        fee_bps=fee_rates(settings.markets, market.name)[1],
        holding_bps=sign * holding_bps(route.hold_h, announced),
        delay_bps=delay_bps(settings, market.name, route.delay_ms),
        room_base=instrument.size_base(room),
    )


def rate_of(settings: Settings, market: Market) -> Decimal:
    """Return what a market's quote currency is worth in the reporting currency.

    Raises ConfigError where nobody says it.
    """
    quote = market.instrument.quote
    rate = rates_of(settings).of(quote)
    if rate is None:
        raise ConfigError(
            f"rates.{quote}: expected what one {quote} is worth in {settings.reporting_currency},"
            f" because {market.name} is compared with others, was null"
        )
    return rate


def _levels(settings: Settings, market: Market, side: int) -> Iterator[Level]:
    """Yield what an order would meet, no further from the touch than the slippage allows."""
    instrument, offer = market.instrument, Offer()
    open_offer(offer, market.desk.book, side, float(settings.route.max_slippage_bps))
    for _ in range(MOST_LEVELS):
        if not find_level(offer, market.desk.book, side):
            return
        yield offer.ticks * instrument.tick_size, instrument.size_base(offer.level_lots)
        take_level(offer, offer.level_lots)


def holding_bps(hold_h: float, announced: Announced | None) -> Decimal:
    """Return what funding costs a buyer who holds so long, at the rate announced last."""
    if announced is None or announced.interval_ns <= 0:
        return Decimal(0)
    return announced.rate * Decimal(str(hold_h)) * HOUR_NS / announced.interval_ns * BPS


def delay_bps(settings: Settings, name: str, delay_ms: float) -> Decimal:
    """Return the move to be reckoned with while an order is on its way: sigma sqrt(t)."""
    strategy = settings.markets[name].strategy
    if not isinstance(strategy, Quoting):
        return Decimal(0)
    sigma = strategy.volatility.prior_bps_per_sqrt_s
    return Decimal(f"{sigma * math.sqrt(delay_ms / 1000.0):.6f}")
