"""Describe how what markets hold is hedged in another one."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Literal, Self

from pydantic import model_validator

from runner.settings.fields import Block, Checked, Exact, Real, Text, Whole, rule

if TYPE_CHECKING:
    from runner.settings.market import Market

Slippage = Annotated[float, Real(0, 1000)]
MOST_JOINED = 7


@dataclass(frozen=True)
class Joined(Checked):
    """A list of markets, which may be empty."""

    def expected(self) -> str:
        """Return the form in words."""
        return f"a list of at most {MOST_JOINED} markets, each once, such as [btc_hedge2], or []"

    def check(self, value: object) -> tuple[str, ...]:
        """Return the names."""
        if not isinstance(value, (list, tuple)) or len(value) > MOST_JOINED:
            raise ValueError
        if not all(isinstance(name, str) for name in value) or len(set(value)) != len(value):
            raise ValueError
        return tuple(value)


class Hedge(Block):
    """Where a market is hedged, read of those that quote; the rest is read of the one that hedges.

    `ratio` is of one that quotes too: what is to be held against one of its base.
    """

    name: Annotated[str, Text("[a-z][a-z0-9_]*", "the name of a hedger")]
    market: Annotated[str | None, Text("[a-z0-9_]{1,64}", "the name of a market", null=True)]
    ratio: Annotated[Decimal, Exact(0, 100, above=True)]
    join: Annotated[tuple[str, ...], Joined()]
    """Markets that hedge the same beside the one that is named; the band is that one's."""
    route: Literal["best_price", "min_cost", "split"]
    hold_h: Annotated[float, Real(0, 87_600)]
    delay_ms: Annotated[float, Real(0, 60_000)]
    band: Literal["given", "proportional", "fixed", "chain"]
    band_base: Annotated[Decimal | None, Exact(0, 1_000_000_000_000, null=True)]
    band_every_s: Annotated[float | None, Real(10, 86_400, null=True)]
    band_memory_s: Annotated[float, Real(60, 604_800)]
    risk_aversion: Annotated[float, Real(0.001, 10)]
    """Without unit, as gamma: over U, it is that of one bps and one clip."""
    cost_bps: Annotated[float | None, Real(0, 1000, null=True)]
    fixed_cost_bps: Annotated[float, Real(0, 1000)]
    """In bps of one clip."""
    basis_bps_per_sqrt_s: Annotated[float, Real(0, 100)]
    fills_per_s: Annotated[float | None, Real(0, 1000, above=True, null=True)]
    patience_s: Annotated[float, Real(0, 3600)]
    max_slippage_bps: Slippage
    max_hedge_latency_s: Annotated[float, Real(0, 86_400)]
    forced_slippage_bps: Slippage
    retry_ms: Annotated[int, Whole(0, 60_000)]
    max_unhedged_quote: Annotated[Decimal | None, Exact(0, 1e12, above=True, null=True)]

    @model_validator(mode="after")
    def _a_given_band_is_given(self) -> Self:
        if (self.band == "given") != (self.band_base is not None):
            raise rule(
                f"expected band_base with band=given and null with any other, was {self.band_base}"
                f" with band={self.band}"
            )
        return self

    @model_validator(mode="after")
    def _what_is_given_is_not_solved_anew(self) -> Self:
        if self.band == "given" and self.band_every_s is not None:
            raise rule(f"expected band_every_s=null with band=given, was {self.band_every_s:g}")
        return self

    @model_validator(mode="after")
    def _urgency_only_grows(self) -> Self:
        if self.max_hedge_latency_s < self.patience_s:
            raise rule(
                f"expected max_hedge_latency_s at or above patience_s, {self.patience_s:g}, was"
                f" {self.max_hedge_latency_s:g}"
            )
        if self.forced_slippage_bps < self.max_slippage_bps:
            raise rule(
                f"expected forced_slippage_bps at or above max_slippage_bps,"
                f" {self.max_slippage_bps:g}, was {self.forced_slippage_bps:g}"
            )
        return self


def hedged_by(markets: "Mapping[str, Market]", name: str) -> str | None:
    """Return the market that hedges another one, None where none does."""
    market = markets[name]
    return market.hedge.market if market.enabled and market.role == "quote" else None


def first_of(markets: "Mapping[str, Market]", hedge: str) -> str:
    """Return the market that a hedge joins; itself where it joins none."""
    for name, market in markets.items():
        if market.enabled and market.role == "hedge" and hedge in market.hedge.join:
            return name
    return hedge


def check_hedges(markets: "Mapping[str, Market]", collar_bps: float) -> None:
    """Raise the settings' own error for the first market that cannot be hedged as it is told."""
    for name, market in markets.items():
        hedge = hedged_by(markets, name)
        if hedge is not None:
            _check_hedge(f"markets.{name}.hedge.market", market, hedge, markets)
        if market.enabled and market.role == "hedge":
            _check_terms(name, market, collar_bps)
            for joined in market.hedge.join:
                _check_joined(f"markets.{name}.hedge.join", name, joined, markets)


def _check_joined(where: str, name: str, joined: str, markets: "Mapping[str, Market]") -> None:
    """Refuse a market that cannot hedge beside another one, or does so elsewhere."""
    if joined == name:
        raise rule(f"{where}: expected other markets than {name} itself")
    _check_hedge(where, markets[name], joined, markets)
    if markets[joined].hedge.join or first_of(markets, joined) != name:
        raise rule(f"{where}: expected markets that join one other and have none, was {joined}")
    for other in markets:
        if hedged_by(markets, other) == joined:
            raise rule(
                f"{where}: expected markets that no other is hedged by alone, was {joined}, which"
                f" markets.{other}.hedge.market names; let it name {name}"
            )


def _check_hedge(where: str, market: "Market", hedge: str, markets: "Mapping[str, Market]") -> None:
    known = [other for other, m in markets.items() if m.enabled and m.role == "hedge"]
    if hedge not in known:
        told = f"one of {', '.join(known)}" if known else "a market with role=hedge, there is none"
        raise rule(f"{where}: expected {told}, was {hedge}")
    if markets[hedge].underlying != market.underlying:
        raise rule(
            f"{where}: expected a market of {market.underlying}, was {hedge} of"
            f" {markets[hedge].underlying}"
        )


def _check_terms(name: str, market: "Market", collar_bps: float) -> None:
    if market.instrument.is_spot:
        raise rule(
            f"markets.{name}.role: expected quote on a spot market, which cannot be sold short"
        )
    if market.hedge.forced_slippage_bps > collar_bps:
        raise rule(
            f"markets.{name}.hedge.forced_slippage_bps: expected at most risk.collar_bps,"
            f" {collar_bps:g}, was {market.hedge.forced_slippage_bps:g}"
        )
