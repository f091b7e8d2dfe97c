"""Describe the perpetuals that the stand-in lists. A lot is a contract in each of them."""

from tests.venues.bybit.accounts import Vip
from tests.venues.bybit.markets import WIDE, Market, ladder

REGULAR = Vip("LV 0", 200, 600)
"""What an account without a level pays, in 1e-6 of notional."""
BASES = {"BTC": "XBT"}
"""What the venue calls otherwise than everybody."""
LISTED = (
    Market(
        "XBTUSDTM",
        "BTC",
        1,
        1,
        3,
        900_000,
        1_500,
        1,
        1_000_000,
        120_000,
        ladder(1, *WIDE),
        min_notional_usdt=0,
    ),
    Market(
        "ETHUSDTM",
        "ETH",
        2,
        2,
        2,
        300_000,
        2_000,
        1,
        1_000_000,
        200_000,
        ladder(11, *WIDE),
        min_notional_usdt=0,
    ),
)


def chosen(symbols: str) -> tuple[Market, ...]:
    """Return the listed markets of these names, separated by commas; raise KeyError for others."""
    by_symbol = {market.symbol: market for market in LISTED}
    return tuple(by_symbol[symbol] for symbol in symbols.split(","))
