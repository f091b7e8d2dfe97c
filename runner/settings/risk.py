"""Describe the limits of each market, its brakes, and what a kill does."""

from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import model_validator

from runner.settings.account import Account, Money, Pool
from runner.settings.fields import Block, Exact, Real, Whole, rule
from runner.settings.liquidation import Liquidation
from runner.settings.search import Names

FILLS = 1024
"""Most fills a minute that can be counted."""


class Ramp(Block):
    """How order sizes grow after a start. With both, the later one counts."""

    start_frac: Annotated[float, Real(0, 1, above=True)]
    full_after_s: Annotated[float | None, Real(0.001, 31_536_000, null=True)]
    full_after_fills: Annotated[int | None, Whole(1, 1_000_000_000, null=True)]

    @model_validator(mode="after")
    def _has_a_way_to_full(self) -> Self:
        if self.start_frac < 1 and self.full_after_s is None and self.full_after_fills is None:
            raise rule(
                f"expected full_after_s or full_after_fills with start_frac {self.start_frac:g},"
                " was neither; start_frac 1 turns the ramp off"
            )
        return self


class Quota(Block):
    """How new orders are spared where a venue counts them and little is left."""

    calm_orders: Annotated[int, Whole(1, 10_000_000)]
    floor_orders: Annotated[int, Whole(0, 10_000_000)]
    most_tolerance_bps: Annotated[float, Real(0, 100)]

    @model_validator(mode="after")
    def _there_is_a_way_down(self) -> Self:
        if self.floor_orders >= self.calm_orders:
            raise rule(
                f"expected floor_orders under calm_orders, {self.calm_orders}, was"
                f" {self.floor_orders}"
            )
        return self


DOLLARS = ("USD", "USDC", "USDT", "USDE", "USDG", "FDUSD", "DAI")
"""Currencies that are meant to be worth one of each other."""


class Peg(Block):
    """How far a currency that is meant to be worth one of the reporting currency may be off."""

    currencies: Annotated[tuple[str, ...], Names(DOLLARS)]
    depeg_bps: Annotated[float | None, Real(1, 10_000, null=True)]
    release_bps: Annotated[float, Real(0, 10_000)]

    @model_validator(mode="after")
    def _it_is_released_nearer(self) -> Self:
        if self.depeg_bps is not None and self.release_bps >= self.depeg_bps:
            raise rule(
                f"expected release_bps under depeg_bps, {self.depeg_bps:g}, was"
                f" {self.release_bps:g}"
            )
        return self


class EquityCheck(Block):
    """How the equity that a venue tells is held against the ledger."""

    tolerance_quote: Money
    at_h: Annotated[int, Whole(0, 23)]
    beyond: Literal["warn", "halt"]


class Risk(Block):
    """Limits of each market, checked at the sender, and its brakes (null: off)."""

    max_order_frac: Annotated[float, Real(0, 1, above=True)]
    max_order_notional_quote: Annotated[Decimal, Exact(0, 1_000_000_000, above=True)]
    collar_bps: Annotated[float, Real(0, 10_000, above=True)]
    max_orders_per_s: Annotated[float, Real(0, 10_000, above=True)]
    max_fills_per_min: Annotated[int | None, Whole(1, FILLS, null=True)]
    max_notional_per_day_quote: Money
    max_daily_loss_quote: Money
    max_drawdown_quote: Money
    max_losing_trades: Annotated[int | None, Whole(1, 100_000, null=True)]
    volatility_ratio_max: Annotated[float | None, Real(1, 1000, null=True)]
    volatility_pause_s: Annotated[float, Real(0, 86_400)]
    jump_sigmas: Annotated[float | None, Real(1, 1000, null=True)]
    jump_window_s: Annotated[float, Real(0.01, 3600)]
    jump_pause_s: Annotated[float, Real(0, 86_400)]
    sweep_sigmas: Annotated[float | None, Real(1, 1000, null=True)]
    sweep_pause_s: Annotated[float, Real(0, 86_400)]
    max_quiet_s: Annotated[float | None, Real(0.1, 86_400, null=True)]
    max_loop_lag_s: Annotated[float | None, Real(0.05, 3600, null=True)]
    max_hang_s: Annotated[float | None, Real(1, 3600, null=True)]
    min_free_mb: Annotated[int, Whole(0, 1_000_000_000)]
    flatten_on_kill: bool
    ramp: Ramp
    quota: Quota
    liquidation: Liquidation
    account: Account
    underlying: Pool
    venue: Pool
    peg: Peg
    equity: EquityCheck

    @property
    def needs_rates(self) -> bool:
        """Tell whether a limit over several markets is of money."""
        return any(pool.has_money for pool in (self.account, self.underlying, self.venue))
