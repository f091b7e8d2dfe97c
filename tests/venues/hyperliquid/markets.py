"""Describe the perpetuals that the stand-in lists. Its ticks are the finest that a price may have;
which of them an order may name depends on the price."""

from decimal import Decimal

from tests.venues.bybit.accounts import Vip
from tests.venues.bybit.markets import WIDE, Market, ladder
from tests.venues.common.crowd import Character

SETTLE = "USDC"
REGULAR = Vip("0", 150, 450)
"""What an account without a tier pays, in 1e-6 of notional."""
DIGITS = 5
LISTED = (
    Market(
        "BTC",
        "BTC",
        1,
        1,
        5,
        900_000,
        150_000,
        1,
        100_000_000,
        12_000_000,
        ladder(1, *WIDE),
        min_notional_usdt=10,
        funding_min=60,
    ),
    Market(
        "ETH",
        "ETH",
        2,
        2,
        4,
        300_000,
        200_000,
        1,
        100_000_000,
        20_000_000,
        ladder(11, *WIDE),
        min_notional_usdt=10,
        funding_min=60,
    ),
)
GAPS = {"BTC": 40, "ETH": 10}
"""How far apart the crowd's levels are: at prices that orders may name."""


def chosen(symbols: str) -> tuple[Market, ...]:
    """Return the listed markets of these names, separated by commas; raise KeyError for others."""
    by_symbol = {market.symbol: market for market in LISTED}
    return tuple(by_symbol[symbol] for symbol in symbols.split(","))


def character_of(market: Market) -> Character:
    """Return how a market's crowd behaves."""
    lots = market.level_lots
    return Character(market.start_ticks, lots, lots // 2, GAPS[market.symbol])


def is_nameable(market: Market, ticks: int) -> bool:
    """Tell whether an order may have a price: whole, or of five digits that count."""
    price = Decimal(ticks).scaleb(-market.tick_decimals)
    return price == price.to_integral_value() or len(price.normalize().as_tuple().digits) <= DIGITS


def short(number: int, decimals: int) -> str:
    """Spell an integer of 10**-decimals with one decimal at least, as the venue does."""
    text = f"{Decimal(number).scaleb(-decimals).normalize():f}"
    return text if "." in text else f"{text}.0"
