"""Make the limits of the account from settings."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor, gcd

from runner.engine.account import MOST, Account, Stake
from runner.engine.outbox import LedgerOutbox
from runner.engine.portfolio import AccountLimits, Gate, Holding, Portfolio
from runner.engine.rates import Rates
from runner.engine.worker import Market
from runner.settings import Settings
from runner.wiring.rates import rates_of


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


def account_of(settings: Settings, markets: Sequence[Market]) -> tuple[Account, list[Stake]]:
    """Return the same limits in whole units for a merged replay, and each market's part in them.

    The unit is the largest that divides what a half tick times a lot is worth in every market.
    """
    rates = rates_of(settings)
    worths = [Fraction(_half_tick_lot(m) * (rates.of(m.instrument.quote) or 0)) for m in markets]
    unit = _common_unit(worths)
    limits = settings.risk.account
    account = Account()
    gross = limits.max_gross_notional_quote
    account.max_gross = _units(gross, unit)
    account.max_net = _units(limits.max_net_notional_quote, unit)
    if gross is not None and limits.max_market_share_frac is not None:
        account.max_market = _units(gross * limits.max_market_share_frac, unit)
    account.max_open_orders = limits.max_open_orders or 0
    account.max_mark_age_ns = int(limits.max_mark_age_s * 1e9)
    account.max_daily_loss = _units(limits.max_daily_loss_quote, unit, ceil)
    account.max_drawdown = _units(limits.max_drawdown_quote, unit, ceil)
    stakes = [Stake() for _ in markets]
    for stake, worth in zip(stakes, worths, strict=True):
        stake.half_tick_lot = int(worth / unit)
    return account, stakes


def _common_unit(worths: Sequence[Fraction]) -> Fraction:
    """Return the largest unit that divides all; one where nothing is worth anything."""
    unit = Fraction(0)
    for worth in worths:
        shared = gcd(unit.numerator * worth.denominator, worth.numerator * unit.denominator)
        unit = Fraction(shared, unit.denominator * worth.denominator)
    return unit or Fraction(1)


def _units(
    limit: Decimal | None, unit: Fraction, to_whole: Callable[[Fraction], int] = floor
) -> int:
    """Return a limit in units; 0 where there is none. A positive one is never taken for none."""
    if limit is None:
        return 0
    return min(MOST, max(1, to_whole(Fraction(limit) / unit)))
