"""Make what a merged replay holds of the pools' limits, in whole units."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor, gcd

from connectors.model.errors import ConfigError
from runner.engine.account import MOST, Account, Stake
from runner.engine.pools import KINDS
from runner.engine.worker import Market
from runner.settings import Settings
from runner.wiring.hedgers import set_weights
from runner.wiring.pegs import set_pegs
from runner.wiring.portfolio import half_tick_lot, limits_of, pools_of, unknown_rates
from runner.wiring.rates import rates_of


def account_of(settings: Settings, markets: Sequence[Market]) -> tuple[Account, list[Stake]]:
    """Return the limits that a replay holds in whole units, and each market's part in them.

    A unit is the largest that divides what a half tick times a lot is worth in every market;
    capital has one of its own.
    """
    rates = rates_of(settings)
    names = [market.name for market in markets]
    stakes = [Stake() for _ in markets]
    worths = [Fraction(half_tick_lot(m) * (rates.of(m.instrument.quote) or 0)) for m in markets]
    leverages = [Fraction(settings.markets[name].capital_leverage) for name in names]
    bound = [worth / leverage for worth, leverage in zip(worths, leverages, strict=True)]
    unit, capital_unit = _common_unit(worths), _common_unit(bound)
    for stake, worth, capital in zip(stakes, worths, bound, strict=True):
        stake.half_tick_lot = int(worth / unit)
        stake.capital_half_tick_lot = int(capital / capital_unit)
    _set_pools(settings, names, stakes)
    set_weights(settings, markets, stakes)
    account = Account()
    account.max_mark_age_ns = int(settings.risk.account.max_mark_age_s * 1e9)
    if settings.replay.merge != "never":
        set_pegs(settings, markets, stakes)
        account.max_open_orders = settings.risk.account.max_open_orders or 0
        if not unknown_rates(settings):
            _set_limits(account, settings, unit, capital_unit)
    return account, stakes


def _set_limits(
    account: Account, settings: Settings, unit: Fraction, capital_unit: Fraction
) -> None:
    """Set the limits of money."""
    for kind, name in enumerate(KINDS):
        pool = limits_of(settings, name)
        gross, capital = pool.max_gross_notional_quote, pool.max_capital_quote
        account.max_gross[kind] = _units(gross, unit)
        account.most_gross[kind] = _units(pool.of_a_market(gross), unit)
        account.max_net[kind] = _units(pool.max_net_notional_quote, unit)
        account.max_capital[kind] = _units(capital, capital_unit)
        account.most_capital[kind] = _units(pool.of_a_market(capital), capital_unit)
    limits = settings.risk.account
    account.max_daily_loss = _units(limits.max_daily_loss_quote, unit, ceil)
    account.max_drawdown = _units(limits.max_drawdown_quote, unit, ceil)


def _set_pools(settings: Settings, names: Sequence[str], stakes: Sequence[Stake]) -> None:
    """Give each market the number of its pool of each kind, in order of their first markets."""
    for kind in range(len(KINDS)):
        numbers: dict[str, int] = {}
        for name, stake in zip(names, stakes, strict=True):
            pool = pools_of(settings, name)[kind]
            stake.pools[kind] = numbers.setdefault(pool, len(numbers))


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
    """Return a limit in units; 0 where there is none. A positive one is never taken for none.

    Raises ConfigError for one that cannot be counted: it would never be reached.
    """
    if limit is None:
        return 0
    if Fraction(limit) / unit > MOST:
        raise ConfigError(
            f"risk: expected limits up to {float(MOST * unit):.3g} beside these steps, rates and"
            f" leverages, was {limit}; lower it, or round the rates"
        )
    return max(1, to_whole(Fraction(limit) / unit))
