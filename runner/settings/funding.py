"""Describe funding arbitrage: when two legs are worth holding, and the histories to try it on."""

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import model_validator

from runner.settings.fields import Block, Exact, Place, Real, Text, Whole, rule
from runner.settings.moment import Moment

NAME = "[a-z0-9_]{1,64}"
LegName = Annotated[str, Text(NAME, "the name of a leg")]


class FundingRules(Block):
    """When a pair is entered and left."""

    min_rate_bps_per_h: Annotated[float, Real(0, 100)]
    min_net_apr_frac: Annotated[float, Real(-10, 100)]
    min_deviations: Annotated[float, Real(0, 10)]
    horizon_h: Annotated[float, Real(0.001, 8_760)]
    max_break_even_h: Annotated[float, Real(0.001, 87_600)]
    max_basis_bps: Annotated[float | None, Real(0, 1_000, null=True)]
    min_margin_frac: Annotated[float | None, Real(0, 1, null=True)]
    keep_rate_bps_per_h: Annotated[float, Real(-100, 100)]
    flip_periods: Annotated[int, Whole(1, 1_000)]
    max_hold_h: Annotated[float | None, Real(0.001, 87_600, null=True)]
    cooldown_h: Annotated[float, Real(0, 8_760)]
    lookback_h: Annotated[float, Real(0.001, 8_760)]


class FundingLeg(Block):
    """One side of a pair: its history of funding, and what a trade of it costs."""

    file: Annotated[str | None, Text("[^/]{1,200}", "a file name pattern", null=True)]
    utc_offset_h: Annotated[int | None, Whole(-14, 14, null=True)]
    fee_bps: Annotated[Decimal, Exact(-100, 1_000)]
    slippage_bps: Annotated[Decimal, Exact(0, 1_000)]
    can_short: bool


class FundingPair(Block):
    """Two legs of one underlying; with a positive rate the first is sold and the second bought."""

    first: LegName
    second: LegName


class Funding(Block):
    """The rules, and the histories that mode=funding tries them on."""

    name: Literal["compressed", "cross_venue", "perp_spot"]
    rules: FundingRules
    notional_quote: Annotated[Decimal, Exact(0, 1_000_000_000, above=True)]
    path: Annotated[Path | None, Place(null=True)]
    begin: Annotated[int | None, Moment(null=True)]
    end: Annotated[int | None, Moment(null=True)]
    legs: Mapping[LegName, FundingLeg]
    pairs: Mapping[LegName, FundingPair]

    @model_validator(mode="after")
    def _pairs_have_their_legs(self) -> Self:
        for name, pair in self.pairs.items():
            for side, leg in (("first", pair.first), ("second", pair.second)):
                if leg not in self.legs:
                    known = ", ".join(self.legs) or "none"
                    raise rule(
                        f"pairs.{name}.{side}: expected one of funding.legs ({known}), was {leg}"
                    )
            if self.legs[pair.first].file is None:
                raise rule(f"pairs.{name}.first: expected a leg with a file: spot pays no funding")
            if pair.first == pair.second:
                raise rule(f"pairs.{name}: expected two legs, was {pair.first} twice")
        return self

    @model_validator(mode="after")
    def _begins_before_it_ends(self) -> Self:
        if self.begin is not None and self.end is not None and self.begin >= self.end:
            raise rule(f"expected begin before end, was {self.begin} and {self.end}")
        return self
