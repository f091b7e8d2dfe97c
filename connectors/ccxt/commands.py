"""Remember what was sent for each order, and since when none of it can be carried out any more."""

import asyncio
from collections import OrderedDict
from dataclasses import dataclass, field

KEPT = 16_384
"""Orders that are remembered. What is older has ended long ago."""
SKEW_NS = 2_000_000_000
"""How far a venue's clock may be from what we have learned of it."""


@dataclass(slots=True)
class Command:
    """An order as it was asked for. `stamped_ns` is the stamp that it left with (0: not yet)."""

    market: str
    client_id: int
    side: int
    ticks: int
    lots: int
    flags: int
    stamped_ns: int = 0
    dead_ns: int | None = None
    """Since when it is proven that it will never be carried out."""
    answered: asyncio.Event = field(default_factory=asyncio.Event)


class Commands:
    """The orders of one session. What a former one has sent dies of age after our start."""

    def __init__(self, started_ns: int, life_ns: int) -> None:
        """`life_ns` is how old a stamp the venue takes."""
        self.life_ns = life_ns + SKEW_NS
        """How long after its stamp a request may still be carried out, by our clock."""
        self._dead_before_ns = started_ns + self.life_ns
        self._orders: OrderedDict[int, Command] = OrderedDict()

    def find(self, client_id: int) -> Command | None:
        """Return what was asked for an order."""
        return self._orders.get(client_id)

    def keep(self, command: Command) -> None:
        """Remember an order."""
        self._orders[command.client_id] = command
        if len(self._orders) > KEPT:
            self._orders.popitem(last=False)

    def dead_since_ns(self, client_id: int, now_ns: int) -> int | None:
        """Return since when nothing sent for an order can be carried out; None: not proven."""
        command = self._orders.get(client_id)
        if command is None:
            dead_ns = self._dead_before_ns
        elif command.dead_ns is not None:
            return command.dead_ns
        elif not command.stamped_ns:
            return None
        else:
            dead_ns = command.stamped_ns + self.life_ns
        return dead_ns if now_ns >= dead_ns else None
