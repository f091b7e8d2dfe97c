"""State what a venue may be asked besides an order: margin, cancel-all, batches, countdowns."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, fields
from typing import Any, NoReturn

from connectors.ccxt.library import Exchange
from connectors.ccxt.listing import Listed
from connectors.ccxt.meant import Meant
from connectors.model.errors import Plan, VenueError

Made = Awaitable[Any]
Setting = Callable[[Exchange, Listed, int, str], Made]
"""Asks with a leverage and a margin mode, ``cross`` or ``isolated``."""
Whole = Callable[[Exchange, Listed], Made]
Several = Callable[[Exchange, Listed, Sequence[Meant]], Made]
Timed = Callable[[Exchange, str, int], Made]
"""Asks with a market's symbol and seconds; 0 takes a countdown off."""


@dataclass(frozen=True, slots=True)
class Cannot:
    """Stand where a venue is not asked for something: called, it says why."""

    why: str

    def __call__(self, *_: object) -> NoReturn:
        """Raise VenueError: nothing is sent."""
        raise VenueError(self.why, Plan.HALT)


@dataclass(frozen=True, slots=True)
class Care:
    """One venue. `most` orders fit into a batch."""

    leverage: Setting | Cannot
    margin_mode: Setting | Cannot
    one_way: Whole | Cannot
    cancel_all: Whole | Cannot
    create_several: Several | Cannot
    cancel_several: Several | Cannot
    countdown: Timed | Cannot
    most: int = 1

    def lacks(self) -> dict[str, str]:
        """Return what the venue is not asked for, and why."""
        found = ((f.name, getattr(self, f.name)) for f in fields(self))
        return {name: each.why for name, each in found if isinstance(each, Cannot)}
