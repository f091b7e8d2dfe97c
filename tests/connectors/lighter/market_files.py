"""Instruments as the house in memory lists them."""

from decimal import Decimal

from connectors.model.instrument import Instrument

BTC = Instrument("BTC", "BTC", "USDC", Decimal("0.1"), Decimal("0.00001"), 20, Decimal(10))
ETH = Instrument("ETH", "ETH", "USDC", Decimal("0.01"), Decimal("0.0001"), 50, Decimal(10))
SPOT = Instrument(
    "ETH/USDC", "ETH", "USDC", Decimal("0.01"), Decimal("0.0001"), 50, Decimal(10), is_spot=True
)
