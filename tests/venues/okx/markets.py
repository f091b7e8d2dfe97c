"""Describe the perpetuals that the stand-in lists. Sizes are contracts there, lots here."""

from tests.venues.bybit.accounts import Vip
from tests.venues.bybit.markets import WIDE, Market, ladder, spelled, units

REGULAR = Vip("Lv1", 200, 500)
"""What an account without a level pays, in 1e-6 of notional."""
LOT_DECIMALS = 2
"""A lot is a hundredth of a contract in each of these markets."""
CONTRACTS = {"BTC-USDT-SWAP": "0.01", "ETH-USDT-SWAP": "0.1"}
"""Of the base currency, by market."""
LISTED = (
    Market(
        "BTC-USDT-SWAP",
        "BTC",
        1,
        1,
        4,
        900_000,
        15_000,
        1,
        10_000_000,
        1_200_000,
        ladder(1, *WIDE),
        min_notional_usdt=0,
    ),
    Market(
        "ETH-USDT-SWAP",
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
        min_notional_usdt=0,
    ),
)


def chosen(symbols: str) -> tuple[Market, ...]:
    """Return the listed markets of these names, separated by commas; raise KeyError for others."""
    by_symbol = {market.symbol: market for market in LISTED}
    return tuple(by_symbol[symbol] for symbol in symbols.split(","))


def contracts(lots: int) -> str:
    """Spell a size as the venue does."""
    return spelled(lots, LOT_DECIMALS)


def lots_in(text: object) -> int | None:
    """Return the lots of a size on the wire, None for what is none."""
    return units(text, LOT_DECIMALS)


def family_of(symbol: str) -> str:
    """Return the name of a market's contracts."""
    return symbol.removesuffix("-SWAP")
