"""Read the touch of a market over REST, for those who need a price before its stream runs."""

from msgspec import Struct

from connectors.lighter.budgets import READ
from connectors.lighter.listing import Listed
from connectors.lighter.rest import Rest
from connectors.model.errors import VenueError
from connectors.socket import Malformed


class Resting(Struct):
    """Somebody's order."""

    price: float


class Touch(Struct):
    """The best orders of both sides."""

    asks: list[Resting]
    bids: list[Resting]


async def read_mid_half_ticks(rest: Rest, market: Listed) -> int:
    """Return the middle of the touch, or raise VenueError."""
    params: dict[str, str | int] = {"market_id": market.market_id, "limit": 1}
    touch = await rest.get("orderBookOrders", params, READ, Touch)
    symbol = market.instrument.symbol
    if not touch.asks or not touch.bids:
        raise VenueError(f"lighter {symbol}: expected a book with two sides, there is none")
    try:
        return sum(market.grid.ticks(side[0].price) for side in (touch.bids, touch.asks))
    except Malformed as error:
        raise VenueError(f"lighter {symbol}: {error}") from None
