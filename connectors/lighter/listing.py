"""Hold the markets that the venue lists against those of the configuration."""

from dataclasses import dataclass
from decimal import Decimal

from msgspec import Struct

from connectors.lighter.account_wire import Amount
from connectors.lighter.budgets import READ
from connectors.lighter.grid import Grid
from connectors.lighter.rest import Rest
from connectors.lighter.wire import MarketId
from connectors.model.errors import Plan, VenueError
from connectors.model.instrument import Instrument

ACTIVE = "active"


class Detail(Struct):
    """One perpetual as the venue lists it."""

    symbol: str
    market_id: MarketId
    status: str
    price_decimals: int
    size_decimals: int
    min_base_amount: Amount
    min_quote_amount: Amount


class Details(Struct):
    """Every perpetual."""

    order_book_details: list[Detail]


@dataclass(frozen=True, slots=True)
class Listed:
    """A market of ours at the venue."""

    name: str
    market_id: int
    instrument: Instrument
    grid: Grid


async def read_details(rest: Rest) -> dict[str, Detail]:
    """Return every perpetual by its symbol, or raise VenueError."""
    details = await rest.get("orderBookDetails", {"filter": "perp"}, READ, Details)
    return {detail.symbol: detail for detail in details.order_book_details}


def listed(name: str, instrument: Instrument, details: dict[str, Detail]) -> Listed:
    """Return a market as it is listed.

    Raises VenueError where it is not listed, not active, or listed with other steps or minima than
    those configured: orders would be of another size than was meant.
    """
    detail = details.get(instrument.symbol)
    if detail is None or instrument.is_spot:
        raise _refused(name, f"{instrument.symbol} is no perpetual of lighter: set .symbol to one")
    if detail.status != ACTIVE:
        raise VenueError(f"markets.{name}: {instrument.symbol} is {detail.status} at lighter")
    try:
        grid = Grid.of(detail.price_decimals, detail.size_decimals)
    except ValueError as error:
        raise _refused(name, str(error)) from None
    tick, lot = Decimal(1).scaleb(-detail.price_decimals), Decimal(1).scaleb(-detail.size_decimals)
    least = max(1, -int(-Decimal(detail.min_base_amount) // lot))
    told: dict[str, int | Decimal] = {
        "tick_size": tick,
        "lot_size_base": lot,
        "min_lots": least,
        "min_notional_quote": Decimal(detail.min_quote_amount),
    }
    wrong = {key: value for key, value in told.items() if getattr(instrument, key) != value}
    if wrong:
        words = ", ".join(f"{key} {Decimal(value).normalize():f}" for key, value in wrong.items())
        raise _refused(name, f"lighter lists {instrument.symbol} with {words}: set the same")
    return Listed(name, detail.market_id, instrument, grid)


def _refused(name: str, why: str) -> VenueError:
    return VenueError(f"markets.{name}.instrument: {why}", Plan.HALT)
