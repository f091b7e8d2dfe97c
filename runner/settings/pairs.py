"""Describe pairs of markets that are held against each other for what funding pays."""

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated

from runner.settings.fields import Block, Exact, Real, Text, rule

if TYPE_CHECKING:
    from runner.settings.market import Market

PairName = Annotated[str, Text("[a-z0-9_]{1,64}", "the name of a pair")]
LegName = Annotated[str, Text("[a-z0-9_]{1,64}", "the name of a market")]


class Pair(Block):
    """Two markets of one underlying; while the first pays more it is sold, the second bought."""

    first: LegName
    second: LegName
    notional_quote: Annotated[Decimal, Exact(0, 1_000_000_000, above=True)]
    """What one leg is to be worth."""
    depth_frac: Annotated[float, Real(0, 1, above=True)]
    margin_frac: Annotated[float, Real(0, 1, above=True)]
    follow_s: Annotated[float, Real(0.1, 3600)]


def check_pairs(
    pairs: Mapping[str, Pair], markets: "Mapping[str, Market]", collar_bps: float
) -> None:
    """Raise the settings' own error for the first pair or leg that cannot be."""
    taken: dict[str, str] = {}
    for name, pair in pairs.items():
        for side, leg in (("first", pair.first), ("second", pair.second)):
            _check_leg(f"pairs.{name}.{side}", leg, markets, collar_bps)
            if leg in taken:
                raise rule(f"pairs.{name}.{side}: expected a leg of one pair, was {taken[leg]}'s")
            taken[leg] = name
        _check_two(f"pairs.{name}", markets[pair.first], markets[pair.second])


def _check_leg(where: str, leg: str, markets: "Mapping[str, Market]", collar_bps: float) -> None:
    known = [name for name, m in markets.items() if m.enabled and m.role == "leg"]
    if leg not in known:
        told = f"one of {', '.join(known)}" if known else "a market with role=leg, there is none"
        raise rule(f"{where}: expected {told}, was {leg}")
    beyond_bps = markets[leg].hedge.forced_slippage_bps
    if beyond_bps > collar_bps:
        raise rule(
            f"markets.{leg}.hedge.forced_slippage_bps: expected at most risk.collar_bps,"
            f" {collar_bps:g}, was {beyond_bps:g}"
        )


def _check_two(where: str, first: "Market", second: "Market") -> None:
    if first.underlying != second.underlying:
        raise rule(
            f"{where}: expected legs of one underlying, was {first.underlying} and"
            f" {second.underlying}"
        )
    if first.instrument.is_spot and second.instrument.is_spot:
        raise rule(f"{where}: expected a perpetual, was spot twice: spot pays no funding")
