"""Make the limits of the account from settings."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from runner.engine.outbox import LedgerOutbox
from runner.engine.portfolio import AccountLimits, Gate, Holding, Portfolio
from runner.engine.rates import Rates
from runner.engine.worker import Market
from runner.settings import Settings


def portfolio_of(settings: Settings, warn: Callable[[int, str, str], None]) -> Portfolio:
    """Return a deploy's portfolio, which holds no market yet."""
    account = settings.risk.account
    limits = AccountLimits(
        max_gross_notional_quote=account.max_gross_notional_quote,
        max_net_notional_quote=account.max_net_notional_quote,
        max_market_share_frac=account.max_market_share_frac,
        max_open_orders=account.max_open_orders,
        max_daily_loss_quote=account.max_daily_loss_quote,
        max_drawdown_quote=account.max_drawdown_quote,
        max_mark_age_ns=int(account.max_mark_age_s * 1e9),
    )
    return Portfolio(limits, warn)


def gate_of(portfolio: Portfolio, rates: Rates, market: Market, outbox: LedgerOutbox) -> Gate:
    """Take a market into the portfolio; its desk holds the wallet and what has traded."""
    instrument = market.instrument
    rate = rates.of(instrument.quote)
    holding = Holding(
        market=market.name,
        exposed=outbox,
        marked=_Mark(market),
        day=market.limits.brakes,
        half_tick_lot=None if rate is None else _half_tick_lot(market) * rate,
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


def _half_tick_lot(market: Market) -> Decimal:
    return market.instrument.tick_size * market.instrument.lot_size_base / 2
