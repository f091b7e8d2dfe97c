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
from runner.wiring.hedging import hedges_of, set_weights
from runner.wiring.markets import enabled_markets
from runner.wiring.rates import rates_of
from strategies.hedging import closes


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


def _half_tick_lot(market: Market) -> Decimal:
    return market.instrument.tick_size * market.instrument.lot_size_base / 2


def account_of(settings: Settings, markets: Sequence[Market]) -> tuple[Account, list[Stake]]:
    """Return the limits that a replay holds in whole units, and each market's part in them.

    The unit is the largest that divides what a half tick times a lot is worth in every market.
    """
    rates = rates_of(settings)
    worths = [Fraction(_half_tick_lot(m) * (rates.of(m.instrument.quote) or 0)) for m in markets]
    unit = _common_unit(worths)
    stakes = [Stake() for _ in markets]
    for stake, worth in zip(stakes, worths, strict=True):
        stake.half_tick_lot = int(worth / unit)
    set_weights(settings, [m.name for m in markets], stakes)
    account = Account()
    if settings.replay.merge == "never":
        return account, stakes
    limits = settings.risk.account
    account.max_open_orders = limits.max_open_orders or 0
    if unknown_rates(settings):
        return account, stakes
    gross = limits.max_gross_notional_quote
    account.max_gross = _units(gross, unit)
    account.max_net = _units(limits.max_net_notional_quote, unit)
    if gross is not None and limits.max_market_share_frac is not None:
        account.max_market = _units(gross * limits.max_market_share_frac, unit)
    account.max_mark_age_ns = int(limits.max_mark_age_s * 1e9)
    account.max_daily_loss = _units(limits.max_daily_loss_quote, unit, ceil)
    account.max_drawdown = _units(limits.max_drawdown_quote, unit, ceil)
    return account, stakes


def unknown_rates(settings: Settings) -> list[str]:
    """Return the currencies whose rate the limits of money need and nobody has told."""
    if not settings.risk.account.needs_rates:
        return []
    rates = rates_of(settings)
    traded = (m.instrument.quote for m in enabled_markets(settings).values() if m.role != "lead")
    return sorted({quote for quote in traded if rates.of(quote) is None})


def shares_limits(settings: Settings) -> bool:
    """Tell whether markets depend on each other: by a limit over all, or as one hedges others."""
    trading = [m for m in enabled_markets(settings).values() if m.role != "lead"]
    limits = settings.risk.account
    has_money = limits.needs_rates and not unknown_rates(settings)
    if hedges_of(settings):
        return True
    return len(trading) > 1 and (has_money or limits.max_open_orders is not None)


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
