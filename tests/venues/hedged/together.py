"""Let the markets of one stand-in follow those of the same underlying at another."""

from tests.venues.bybit.venue import Venue as Bybit
from tests.venues.lighter.venue import Venue as Lighter


def follow(lighter: Lighter, bybit: Bybit) -> None:
    """Give each market of Bybit the price of Lighter's; one that Lighter lacks keeps its own."""
    leaders = {
        floor.market.symbol: lighter.crowds[market_id]
        for market_id, floor in lighter.exchange.floors.items()
    }
    for symbol, floor in bybit.exchange.floors.items():
        bybit.crowds[symbol].follows = leaders.get(floor.market.base)
