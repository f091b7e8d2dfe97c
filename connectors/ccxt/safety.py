"""State what an account is to be like before it trades, and set what may be set.

What is not configured is left as it is. What is so already is no error; what reads back otherwise
than it was set ends the start.
"""

from collections.abc import Awaitable, Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from connectors.calls import Lost
from connectors.ccxt.answers import Meaning, Told, read_error
from connectors.ccxt.listing import Listed
from connectors.ccxt.network import Network
from connectors.examined import Remark, Weight
from connectors.model.errors import Plan, VenueError


@dataclass(frozen=True, slots=True)
class Terms:
    """What is expected of an account; None: as it is. Fees are those that are reckoned with [bps],
    negative where they are rebates."""

    maker_fee_bps: Decimal
    taker_fee_bps: Decimal
    margin_mode: Literal["cross", "isolated"] | None = None
    leverage: int | None = None


async def set_once(venue: str, what: str, write: Callable[[], Awaitable[Any]]) -> None:
    """Set something; raise VenueError where the venue does not want to."""
    try:
        await write()
    except (Told, Lost) as error:
        if not (isinstance(error, Told) and error.answer.meaning is Meaning.NO_CHANGE):
            raise read_error(venue, what, error) from None


def heed(network: Network, remarks: Iterable[Remark]) -> None:
    """Raise VenueError for what refuses a start, and tell a person of the rest."""
    for remark in remarks:
        if remark.weight is Weight.REFUSES:
            raise VenueError(f"{network.venue} {remark.about}: {remark.text}", Plan.HALT)
        network.say(remark.about, remark.text)


def require(venue: str, market: Listed, what: str, wanted: str, told: str) -> None:
    """Raise VenueError where a setting reads back otherwise than it is wanted."""
    if wanted != told:
        raise VenueError(
            f"markets.{market.name}.venue.{what}: expected {wanted} at {venue}, reads back {told}",
            Plan.HALT,
        )


def of_rights(may_trade: bool, market: Listed) -> Iterator[Remark]:
    """Refuse an account that may not trade spot (`canTrade`)."""
    if not may_trade:
        text = "expected an account that may trade spot, was one that may not (canTrade)"
        yield Remark(Weight.REFUSES, market.name, text)
