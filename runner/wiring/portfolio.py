"""Make the limits of the account, and of its other pools, from settings."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from runner.engine.outbox import LedgerOutbox
from runner.engine.pools import PoolLimits
from runner.engine.portfolio import AccountLimits, Gate, Holding, Portfolio
from runner.engine.rates import Rates
from runner.engine.worker import Market
from runner.settings import Settings
from runner.settings.account import Pool
from runner.wiring.hedging import hedges_of
from runner.wiring.markets import enabled_markets
from runner.wiring.pegs import watched_currencies
from runner.wiring.rates import rates_of
from strategies.hedging import closes


def portfolio_of(settings: Settings, warn: Callable[[int, str, str], None]) -> Portfolio:
    """Return a deploy's portfolio, which holds no market yet."""
    account = settings.risk.account
    limits = AccountLimits(
        max_gross_notional_quote=account.max_gross_notional_quote,
        max_net_notional_quote=account.max_net_notional_quote,
        max_capital_quote=account.max_capital_quote,
        max_market_share_frac=account.max_market_share_frac,
        max_open_orders=account.max_open_orders,
        max_daily_loss_quote=account.max_daily_loss_quote,
        max_drawdown_quote=account.max_drawdown_quote,
        max_mark_age_ns=int(account.max_mark_age_s * 1e9),
    )
    return Portfolio(
        limits,
        warn,
        by_underlying=limits_of(settings, "underlying"),
        by_venue=limits_of(settings, "venue"),
        currency=settings.reporting_currency,
    )


def limits_of(settings: Settings, kind: str) -> PoolLimits:
    """Return the limits of a kind of pools."""
    pool: Pool = getattr(settings.risk, kind)
    return PoolLimits(
        max_gross_notional_quote=pool.max_gross_notional_quote,
        max_net_notional_quote=pool.max_net_notional_quote,
        max_capital_quote=pool.max_capital_quote,
        max_market_share_frac=pool.max_market_share_frac,
    )


def pools_of(settings: Settings, name: str) -> tuple[str, str, str]:
    """Return a market's pool of each kind: all markets, its underlying's, its venue's."""
    market = settings.markets[name]
    return "", market.underlying, market.venue.name


def gate_of(
    portfolio: Portfolio, settings: Settings, rates: Rates, market: Market, outbox: LedgerOutbox
) -> Gate:
    """Take a market into the portfolio; its desk holds the wallet and what has traded."""
    instrument = market.instrument
    rate = rates.of(instrument.quote)
    holding = Holding(
        market=market.name,
        exposed=outbox,
        marked=_Mark(market),
        day=market.limits.brakes,
        half_tick_lot=None if rate is None else half_tick_lot(market) * rate,
        pools=pools_of(settings, market.name),
        leverage=settings.markets[market.name].capital_leverage,
        closes=lambda side, lots: closes(market.desk, side, lots),
        wallet_lots=market.desk.orders.position_lots - outbox.position_lots,
    )
    return portfolio.gate(holding)


@dataclass(frozen=True, slots=True)
class _Mark:
    """A market's price, also once its desk has been made anew."""

    market: Market

    @property
    def sound(self) -> bool:
        return self.market.desk.signals.sound

    @property
    def seen_ns(self) -> int:
        return self.market.desk.signals.seen_ns

    @property
    def mid_half_ticks(self) -> int:
        return self.market.desk.signals.mid_half_ticks


def half_tick_lot(market: Market) -> Decimal:
    """Return what a half tick times a lot is worth in the market's quote currency."""
    return market.instrument.tick_size * market.instrument.lot_size_base / 2


def unknown_rates(settings: Settings) -> list[str]:
    """Return the currencies whose rate the limits of money need and nobody has told."""
    if not settings.risk.needs_rates:
        return []
    rates = rates_of(settings)
    traded = (m.instrument.quote for m in enabled_markets(settings).values() if m.role != "lead")
    return sorted({quote for quote in traded if rates.of(quote) is None})


def shares_limits(settings: Settings) -> bool:
    """Tell whether markets depend on each other: by a limit over all, or as one hedges others."""
    trading = [m for m in enabled_markets(settings).values() if m.role != "lead"]
    limits = settings.risk.account
    has_money = settings.risk.needs_rates and not unknown_rates(settings)
    if hedges_of(settings) or any(w.source for w in watched_currencies(settings).values()):
        return True
    return len(trading) > 1 and (has_money or limits.max_open_orders is not None)
