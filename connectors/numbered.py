"""Let a venue say, before an order is written down, which number its request will have at most.

An ability that a venue may have beside those of `connectors.venue`: one that carries the requests
of a key out by rising numbers alone. Once a higher number is carried out, no request below it ever
will be. So a later process can prove what became of an order whose request it knows nothing else
of: it may have left just before the former process died, or never.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol, runtime_checkable


@dataclass(frozen=True, slots=True)
class Bound:
    """The request of an order is of this key, and its nonce is below this one, or it never left."""

    key_index: int
    nonce_below: int


@runtime_checkable
class Numbered(Protocol):
    """A venue that numbers the requests of a key."""

    def bound(self, client_id: int) -> Bound | None:
        """Promise what the request of an order will stay below; None where nothing is sent.

        An order that could not keep the promise any more is refused instead of being sent.
        """

    def recall(self, left: Mapping[int, Bound]) -> None:
        """Learn what former processes have promised of orders, by id, whose end is not proven.

        Before anything is sent: the numbers of this process begin above them.
        """
