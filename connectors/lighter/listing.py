"""Hold the markets that the venue lists against those of the configuration."""

from dataclasses import dataclass, field
from decimal import Decimal

from msgspec import Struct

from connectors.lighter.account_wire import Amount
from connectors.lighter.budgets import READ
from connectors.lighter.channels import FIRST_SPOT
from connectors.lighter.grid import Grid
from connectors.lighter.rest import Rest
from connectors.lighter.wire import Count, MarketId
from connectors.model.errors import Plan, VenueError
from connectors.model.instrument import Instrument

ACTIVE = "active"


class Detail(Struct):
    """One market as the venue lists it; the assets are a spot market's."""

    symbol: str
    market_id: MarketId
    status: str
    price_decimals: int
    size_decimals: int
    min_base_amount: Amount
    min_quote_amount: Amount
    base_asset_id: Count = 0
    quote_asset_id: Count = 0
    is_maker_fee_enabled: bool = True
    is_taker_fee_enabled: bool = True


class Details(Struct):
    """Every perpetual and every spot market."""

    order_book_details: list[Detail]
    spot_order_book_details: list[Detail] = []


Listing = dict[tuple[str, bool], Detail]
"""Markets by their symbols, and whether they are spot."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A market of ours at the venue."""

    name: str
    market_id: int
    instrument: Instrument
    grid: Grid
    assets: tuple[int, int] = (0, 0)
    """Ids of base and quote, of a spot market."""
    has_fees: bool = field(default=True, compare=False)

    @property
    def is_spot(self) -> bool:
        """Tell whether it trades what is held, and not a contract on it."""
        return self.instrument.is_spot


async def read_details(rest: Rest) -> Listing:
    """Return every market, or raise VenueError."""
    details = await rest.get("orderBookDetails", {"filter": "all"}, READ, Details)
    perpetuals = {(detail.symbol, False): detail for detail in details.order_book_details}
    return perpetuals | {(d.symbol, True): d for d in details.spot_order_book_details}


def listed(name: str, instrument: Instrument, details: Listing) -> Listed:
    """Return a market as it is listed.

    Raises VenueError where it is not listed, not active, or listed with other steps or minima than
    those configured: orders would be of another size than was meant.
    """
    detail = details.get((instrument.symbol, instrument.is_spot))
    if detail is None:
        kind = "spot market" if instrument.is_spot else "perpetual"
        raise _refused(name, f"{instrument.symbol} is no {kind} of lighter: set .symbol to one")
    if instrument.is_spot and (detail.market_id < FIRST_SPOT or not detail.base_asset_id):
        found = f"market {detail.market_id} of asset {detail.base_asset_id}"
        raise _refused(name, f"expected a spot market's ids from {FIRST_SPOT} on, was {found}")
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
    assets = (detail.base_asset_id, detail.quote_asset_id) if instrument.is_spot else (0, 0)
    has_fees = detail.is_maker_fee_enabled or detail.is_taker_fee_enabled
    return Listed(name, detail.market_id, instrument, grid, assets, has_fees)


def _refused(name: str, why: str) -> VenueError:
    return VenueError(f"markets.{name}.instrument: {why}", Plan.HALT)
