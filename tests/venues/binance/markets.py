"""Describe the perpetuals that the stand-in lists."""

from tests.venues.bybit.accounts import Vip
from tests.venues.bybit.markets import WIDE, Market, ladder

REGULAR = Vip("Regular", 200, 500)
"""What an account without a level pays, in 1e-6 of notional."""
LISTED = (
    Market(
        "BTCUSDT",
        "BTC",
        2,
        1,
        3,
        900_000,
        1_500,
        1,
        1_000_000,
        120_000,
        ladder(1, *WIDE),
        min_notional_usdt=100,
    ),
    Market(
        "ETHUSDT",
        "ETH",
        2,
        2,
        3,
        300_000,
        20_000,
        1,
        10_000_000,
        2_000_000,
        ladder(11, *WIDE),
        min_notional_usdt=20,
    ),
)


def chosen(symbols: str) -> tuple[Market, ...]:
    """Return the listed markets of these names, separated by commas; raise KeyError for others."""
    by_symbol = {market.symbol: market for market in LISTED}
    return tuple(by_symbol[symbol] for symbol in symbols.split(","))
