"""Describe the markets that the stand-in lists, and spell integers as its venue does.

Prices are ticks, sizes are lots and money is micro-USDC. Every listed market's price and size
decimals add up to six, so that ticks times lots is micro-USDC.
"""

from dataclasses import dataclass
from decimal import Decimal

QUOTE_DECIMALS = 6
MICRO = 10**QUOTE_DECIMALS


@dataclass(frozen=True, slots=True)
class Market:
    """One market: spot where it has assets, by their ids, else a perpetual.

    Fractions of margin are in 1e-4, `start_ticks` is where it begins.
    """

    market_id: int
    symbol: str
    price_decimals: int
    size_decimals: int
    min_lots: int
    start_ticks: int
    level_lots: int
    min_quote_micro: int = 10 * MICRO
    quote_limit_micro: int = 281_474_976_710_655
    initial_margin_1e4: int = 500
    least_margin_1e4: int = 200
    maintenance_1e4: int = 120
    closeout_1e4: int = 80
    status: str = "active"
    force_reduce_only: bool = False
    base_asset_id: int = 0
    quote_asset_id: int = 0
    has_fees: bool = True

    @property
    def is_spot(self) -> bool:
        """Tell whether assets change hands."""
        return self.base_asset_id > 0

    def price(self, ticks: int) -> str:
        """Spell a price."""
        return spelled(ticks, self.price_decimals)

    def size(self, lots: int) -> str:
        """Spell a size."""
        return spelled(lots, self.size_decimals)


def spelled(number: int, decimals: int) -> str:
    """Spell an integer of 10**-decimals with all its decimals."""
    return f"{Decimal(number).scaleb(-decimals):.{decimals}f}"


def usdc(micro: int) -> str:
    """Spell an amount of micro-USDC."""
    return spelled(micro, QUOTE_DECIMALS)


SPOT_ETH = Market(2048, "ETH/USDC", 2, 4, 50, 300_000, 20_000, base_asset_id=1, quote_asset_id=3)
LISTED = (
    Market(0, "ETH", 2, 4, 50, 300_000, 20_000),
    Market(1, "BTC", 1, 5, 20, 900_000, 10_000),
    Market(2, "SOL", 3, 3, 50, 150_000, 30_000),
    Market(3, "DOGE", 6, 0, 10, 150_000, 30_000),
    SPOT_ETH,
)
ASSETS = {1: ("ETH", 8), 3: ("USDC", 6)}
"""Symbols of assets, and the decimals of their balances."""


def chosen(symbols: str) -> tuple[Market, ...]:
    """Return the listed markets of these names, separated by commas; raise KeyError for others."""
    by_symbol = {market.symbol: market for market in LISTED}
    return tuple(by_symbol[symbol] for symbol in symbols.split(","))
