"""Describe the spot markets that the stand-in lists."""

from tests.venues.bybit.accounts import Vip
from tests.venues.bybit.markets import WIDE, Market, ladder

FREE = Vip("Free", 0, 0)
"""The engine below counts fees in quote; those of spot are the wallets'."""
FEE_1E6 = 1_000
"""What either side pays unless told otherwise."""
LISTED = (
    Market(
        "BTCUSDT",
        "BTC",
        2,
        2,
        5,
        9_000_000,
        150_000,
        1,
        900_000_000,
        12_000_000,
        ladder(1, *WIDE),
        min_notional_usdt=5,
    ),
    Market(
        "ETHUSDT",
        "ETH",
        2,
        2,
        4,
        300_000,
        200_000,
        1,
        90_000_000,
        20_000_000,
        ladder(11, *WIDE),
        min_notional_usdt=5,
    ),
)


def chosen(symbols: str) -> tuple[Market, ...]:
    """Return the listed markets of these names, separated by commas; raise KeyError for others."""
    by_symbol = {market.symbol: market for market in LISTED}
    return tuple(by_symbol[symbol] for symbol in symbols.split(","))
