"""Describe one market: what is traded, in which sizes, up to which position, where and how."""

from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import model_validator

from runner.settings.fields import Block, Exact, Real, Text, Whole, rule
from runner.settings.gates import Gates
from runner.settings.hedge import Hedge
from runner.settings.reference import Reference
from runner.settings.registry import Named, strategy_model, venue_model
from runner.settings.strategy import StrategySettings
from runner.settings.venue import Sim, VenueSettings

Strategy = Annotated[StrategySettings, Named(strategy_model)]
Venue = Annotated[VenueSettings, Named(venue_model)]
Currency = Annotated[str, Text("[A-Z0-9]{2,12}", "a currency in capital letters")]
Step = Annotated[Decimal, Exact(0, 1_000_000, above=True)]
Amount = Annotated[Decimal, Exact(0, 1_000_000_000_000, above=True)]
AmountOrNull = Annotated[Decimal | None, Exact(0, 1_000_000_000_000, above=True, null=True)]


class Instrument(Block):
    """Currencies, steps and minima, where no live venue tells them."""

    symbol: Annotated[str, Text("[A-Za-z0-9_./:-]{1,40}", "the venue's symbol")]
    base: Currency
    quote: Currency
    tick_size: Step
    lot_size_base: Step
    min_lots: Annotated[int, Whole(1, 1_000_000_000)]
    min_notional_quote: Annotated[Decimal, Exact(0, 1_000_000_000)]
    is_spot: bool
    price_digits: Annotated[int | None, Whole(1, 15, null=True)]
    """How many digits of a price may count where it is not whole; None: all of the tick's."""


class Synthetic(Block):
    """What the synthetic market makes of this one. Sizes are in quote at the start price."""

    start_price: Amount
    sigma_bps_per_sqrt_s: Annotated[float, Real(0, 20, above=True)]
    taker_per_s: Annotated[float, Real(0, 1000, above=True)]
    """Orders that take liquidity, both sides together."""
    touch_size_quote: Amount
    """Mean size shown at one side of the touch."""
    level_size_quote: Amount
    """Mean size shown at each tick behind it."""
    taker_size_quote: Amount
    """Median size of an order that takes liquidity."""
    follows: Annotated[str | None, Text("[a-z0-9_]{1,64}", "the name of a market", null=True)]
    lag_ms: Annotated[float, Real(0, 60_000)]


class Market(Block):
    """One market with the venue and the strategy that it uses."""

    underlying: Currency
    role: Literal["quote", "hedge", "lead", "leg"]
    enabled: bool
    instrument: Instrument
    order_size_base: AmountOrNull
    order_size_quote: AmountOrNull
    max_position_base: AmountOrNull
    max_position_quote: AmountOrNull
    target_base_frac: Annotated[float | None, Real(0, 1, null=True)]
    wallet_base: AmountOrNull
    """What a simulated spot wallet starts with, as `wallet_quote` is; real ones are told."""
    wallet_quote: AmountOrNull
    synthetic: Synthetic
    venue: Venue
    strategy: Strategy
    gates: Gates
    reference: Reference
    hedge: Hedge

    @property
    def has_told_wallet(self) -> bool:
        """Tell whether it is spot at a venue that tells what its wallet holds."""
        return self.instrument.is_spot and not isinstance(self.venue, Sim)

    @property
    def tells_all_money(self) -> bool:
        """Tell whether its venue's standing has all that trading ever paid, as the simulated one's.

        A real one tells what a wallet holds or at what price a position was entered, and forgets
        what was won or lost before.
        """
        return isinstance(self.venue, Sim)

    @property
    def capital_leverage(self) -> Decimal:
        """How many times the capital that it binds a position is worth; 1 for spot."""
        return Decimal(1) if self.instrument.is_spot else self.venue.known_leverage

    @model_validator(mode="after")
    def _each_size_is_given_once(self) -> Self:
        for name in ("order_size", "max_position"):
            base, quote = getattr(self, f"{name}_base"), getattr(self, f"{name}_quote")
            if base is not None and quote is not None:
                raise rule(
                    f"expected one of {name}_base and {name}_quote, was both ({base} and {quote});"
                    f" set the other to null"
                )
            if base is None and quote is None and self.role != "lead":
                raise rule(f"expected one of {name}_base and {name}_quote, was neither")
        return self

    @model_validator(mode="after")
    def _one_order_fits(self) -> Self:
        """Compare what is given in one unit; a worker compares the rest once it knows a price."""
        for unit in ("base", "quote"):
            order, limit = (
                getattr(self, f"order_size_{unit}"),
                getattr(self, f"max_position_{unit}"),
            )
            if order is not None and limit is not None and order > limit:
                raise rule(
                    f"expected max_position_{unit} to hold one order of {order}, was {limit}"
                )
        least = self.instrument.lot_size_base * self.instrument.min_lots
        if self.order_size_base is not None and self.order_size_base < least:
            raise rule(
                f"expected order_size_base at or above the instrument's smallest order, {least},"
                f" was {self.order_size_base}"
            )
        notional = self.instrument.min_notional_quote
        if self.order_size_quote is not None and self.order_size_quote < notional:
            raise rule(
                f"expected order_size_quote at or above the instrument's min_notional_quote,"
                f" {notional}, was {self.order_size_quote}"
            )
        return self

    @model_validator(mode="after")
    def _only_spot_has_a_target(self) -> Self:
        is_wanted = self.instrument.is_spot and self.role in ("quote", "hedge")
        if is_wanted and self.target_base_frac is None:
            raise rule("expected target_base_frac from 0 to 1 for a spot market, was null")
        if not self.instrument.is_spot and self.target_base_frac is not None:
            raise rule(
                f"expected target_base_frac null unless instrument.is_spot, "
                f"was {self.target_base_frac:g}"
            )
        if self.role == "leg" and self.target_base_frac is not None:
            raise rule(
                f"expected target_base_frac null with role=leg, whose pair says what it holds, was"
                f" {self.target_base_frac:g}"
            )
        return self

    @model_validator(mode="after")
    def _only_spot_has_a_wallet(self) -> Self:
        for name in ("wallet_base", "wallet_quote"):
            amount = getattr(self, name)
            is_wanted = self.instrument.is_spot and not self.has_told_wallet
            if is_wanted and amount is None and self.role != "lead":
                raise rule(f"expected {name} for a spot market, was null")
            if not self.instrument.is_spot and amount is not None:
                raise rule(f"expected {name} null unless instrument.is_spot, was {amount}")
        return self
