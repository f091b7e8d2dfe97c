"""Tell what became of a command in a batch of its own."""

from collections.abc import Callable
from typing import Protocol

from connectors.model.errors import Refusal
from connectors.model.events import AccountRows, MarketRows
from connectors.pacing import Clock

Deliver = Callable[[str, MarketRows, AccountRows, int], None]
"""Hand a market's batch on: name, rows, account rows and the stamp that is "now"."""


class Reports(Protocol):
    """Where it is told what became of a command."""

    def report(
        self,
        market: str,
        kind: int,
        client_id: int,
        side: int,
        ticks: int,
        lots: int,
        code: int = Refusal.OTHER,
    ) -> None:
        """Deliver an account row to the market's sink, now."""


class Reporter:
    """The `Reports` of an adapter."""

    def __init__(self, clock: Clock, deliver: Deliver) -> None:
        self._clock = clock
        self._deliver = deliver
        self._nothing = MarketRows()

    def report(
        self,
        market: str,
        kind: int,
        client_id: int,
        side: int,
        ticks: int,
        lots: int,
        code: int = Refusal.OTHER,
    ) -> None:
        """Deliver what became of a command, now."""
        now_ns = self._clock.now_ns()
        rows = AccountRows()
        rows.add(kind, client_id, side, ticks, lots, code, 0, now_ns, now_ns)
        self._deliver(market, self._nothing, rows, now_ns)
