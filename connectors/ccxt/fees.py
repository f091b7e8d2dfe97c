"""Hold what an account pays against what the deploy reckons with."""

from decimal import Decimal

from connectors.ccxt.listing import Listed
from connectors.ccxt.network import Network
from connectors.model.errors import Plan, VenueError

Rates = tuple[Decimal, Decimal]
"""Maker and taker [bps]; negative is a rebate."""


def hold_against(network: Network, market: Listed, reckoned: Rates, told: Rates) -> None:
    """Raise VenueError where the venue takes more than is reckoned with; tell where it is less."""
    for name, expected, rate in zip(("maker", "taker"), reckoned, told, strict=True):
        words = (
            f"{market.symbol}: the account pays {rate.normalize():f} bps as {name},"
            f" markets.{market.name}.venue.{name}_fee_bps is {expected.normalize():f}"
        )
        if rate > expected:
            raise VenueError(f"{network.venue} {words}: set the account's own", Plan.HALT)
        if rate < expected:
            network.say(market.name, words)
