"""Faults between the acknowledgement of a request and what comes of it."""

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from tests.venues.bybit.engine import Command, carry_out
from tests.venues.bybit.faults.hands import fill
from tests.venues.bybit.orders import ENDS, Order

if TYPE_CHECKING:
    from tests.venues.bybit.venue import Venue


@dataclass(frozen=True, slots=True)
class Vanish:
    """It was acknowledged, and nothing comes of it: nobody ever hears of it again."""

    def execute(self, venue: "Venue", command: Command) -> None:
        """Do nothing."""


@dataclass(frozen=True, slots=True)
class RefuseLater:
    """An order was acknowledged, and is told as ended: `rejected`, `margin`, `reduce_only`, .."""

    why: str = "rejected"

    def execute(self, venue: "Venue", command: Command) -> None:
        """End the order before it begins."""
        order = command.order
        venue.exchange.accounts[order.account].remember(order)
        venue.exchange.end(order, ENDS[self.why])


@dataclass(frozen=True, slots=True)
class Hold:
    """It is carried out much later."""

    s: float = 30.0

    def execute(self, venue: "Venue", command: Command) -> None:
        """Wait."""
        later = partial(carry_out, venue.exchange, command)
        venue.agenda.after(self.s, lambda: venue.round(later))


@dataclass(frozen=True, slots=True)
class FillDuring:
    """The order trades, a share of it, just before a cancel or an amendment reaches it."""

    frac: float = 1.0

    def execute(self, venue: "Venue", command: Command) -> None:
        """Let it trade, then go on."""
        order = command.order
        if order.is_open:
            fill(venue.exchange, order, max(1, round(order.open_lots * self.frac)))
            venue.publisher.flush()
        carry_out(venue.exchange, command)


@dataclass(frozen=True, slots=True)
class CancelThenFill:
    """A cancel is told as done, and a trade of that order comes after it."""

    frac: float = 1.0
    s: float = 1.0

    def execute(self, venue: "Venue", command: Command) -> None:
        """Cancel it, and let it trade later all the same."""
        order, lots = command.order, command.order.open_lots
        carry_out(venue.exchange, command)
        if lots:
            late = partial(self._trade, venue, order, max(1, round(lots * self.frac)))
            venue.agenda.after(self.s, lambda: venue.round(late))

    def _trade(self, venue: "Venue", order: Order, lots: int) -> None:
        end = order.status, order.cancel_type, order.reason
        order.open_lots = lots
        fill(venue.exchange, order, lots)
        order.open_lots = 0
        order.status, order.cancel_type, order.reason = end
