"""Describe limits over all markets of a deploy, and what other currencies are worth."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated

from runner.settings.fields import Block, Exact, Real, Whole
from runner.settings.market import Currency

Money = Annotated[Decimal | None, Exact(0, 1_000_000_000_000, above=True, null=True)]
Rate = Annotated[Decimal | None, Exact(0, 1_000_000_000, above=True, null=True)]
Rates = Mapping[Currency, Rate]


class Pool(Block):
    """Limits over some markets together, in the reporting currency (null: off).

    `max_market_share_frac` is the part of the gross limit, and of the capital, that one market may
    take.
    """

    max_gross_notional_quote: Money
    max_net_notional_quote: Money
    max_capital_quote: Money
    max_market_share_frac: Annotated[Decimal | None, Exact(0, 1, above=True, null=True)]

    @property
    def has_money(self) -> bool:
        """Tell whether a limit is of money."""
        money = (
            self.max_gross_notional_quote,
            self.max_net_notional_quote,
            self.max_capital_quote,
        )
        return any(limit is not None for limit in money)


class Account(Pool):
    """Limits over all markets together, in the reporting currency (null: off)."""

    max_open_orders: Annotated[int | None, Whole(1, 100_000, null=True)]
    max_daily_loss_quote: Money
    max_drawdown_quote: Money
    max_mark_age_s: Annotated[float, Real(0.1, 86_400)]

    @property
    def has_money(self) -> bool:
        """Tell whether a limit is of money."""
        losses = (self.max_daily_loss_quote, self.max_drawdown_quote)
        return super().has_money or any(limit is not None for limit in losses)
