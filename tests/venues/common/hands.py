"""Find what clients have in a stand-in's markets, and cut it into pieces."""

from collections.abc import Hashable, Iterable, Iterator, Mapping
from typing import Any, Protocol, TypeVar


class Owned(Protocol):
    """An account of a client, or of the crowd."""

    is_crowd: bool

    def live_orders(self, market: Any) -> Iterable[Any]:
        """Return what rests in a market, by the venue's own key of it."""


Holder = TypeVar("Holder", bound=Owned)


def client_among(accounts: Mapping[int, Holder]) -> Holder:
    """Return the first account of a client."""
    return next(account for account in accounts.values() if not account.is_crowd)


def ours_among(accounts: Mapping[int, Owned], market: Hashable, side: str | None) -> list[Any]:
    """Return the resting orders that clients have sent to a market, of one side or of both."""
    return [
        order
        for account in list(accounts.values())
        if not account.is_crowd
        for order in account.live_orders(market)
        if not order.is_foreign and side in (None, "sell" if order.is_ask else "buy")
    ]


def pieces_of(open_lots: int, frac: float, pieces: int) -> Iterator[int]:
    """Yield the lots of each piece of a share of an order; none is empty."""
    lots = max(1, round(open_lots * frac))
    pieces = min(pieces, lots)
    for piece in range(pieces):
        yield lots // pieces + (piece < lots % pieces)
