"""Hold a request against the order that was meant, at the last moment before it leaves.

ccxt rounds prices to the nearest tick and cuts sizes; on some venues it rounds them to digits. A
request that names our order has to carry its price and its size to the last digit.
"""

import re
from contextvars import ContextVar
from dataclasses import dataclass
from decimal import Decimal
from urllib.parse import unquote

from connectors.calls import Request
from connectors.model.errors import Plan, VenueError

_NUMBER = re.compile(r"(?<![0-9A-Za-z_.])[0-9]+(?:\.[0-9]+)?(?![0-9A-Za-z_.])")


@dataclass(frozen=True, slots=True)
class Meant:
    """An order in the venue's units: texts of its price and its contracts."""

    unified: str
    symbol: str
    client_text: str
    side: str
    """``buy`` or ``sell``."""
    price: str
    amount: str
    flags: int


MEANT: "ContextVar[Meant | None]" = ContextVar("MEANT", default=None)
"""The order that the next request of this task is about."""


def held_against(request: Request) -> Request:
    """Return a request; raise VenueError for one that asks for something else than was meant."""
    meant = MEANT.get()
    said = unquote(request.url) + " " + request.body.decode("utf-8", "replace")
    if meant is None or meant.client_text not in said:
        return request
    numbers = {Decimal(number) for number in _NUMBER.findall(said)}
    for what, text in (("price", meant.price), ("size", meant.amount)):
        if Decimal(text) not in numbers:
            raise VenueError(
                f"order {meant.client_text}: expected a {what} of {text}, ccxt asks for another:"
                " nothing was sent",
                Plan.HALT,
            )
    return request
