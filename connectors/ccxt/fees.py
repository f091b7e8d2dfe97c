"""Hold what an account pays against what the deploy reckons with."""

from collections.abc import Iterator
from decimal import Decimal

from connectors.ccxt.listing import Listed
from connectors.ccxt.safety import Terms
from connectors.examined import Remark, Weight

Rates = tuple[Decimal, Decimal]
"""Maker and taker [bps]; negative is a rebate."""


def fee_remarks(market: Listed, terms: Terms, told: Rates) -> Iterator[Remark]:
    """Remark on fees: a venue that takes more than is reckoned with refuses a start."""
    reckoned = terms.maker_fee_bps, terms.taker_fee_bps
    for name, expected, rate in zip(("maker", "taker"), reckoned, told, strict=True):
        if rate == expected:
            continue
        weight = Weight.REFUSES if rate > expected else Weight.WARNS
        yield Remark(
            weight,
            market.name,
            f"the account pays {rate.normalize():f} bps as {name}, venue.{name}_fee_bps is"
            f" {expected.normalize():f}: set the account's own",
        )
