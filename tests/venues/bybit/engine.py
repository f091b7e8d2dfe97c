"""Carry out what was acknowledged, a moment later and one thing at a time."""

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from tests.venues.bybit import orders
from tests.venues.bybit.matching import enter, match, refusal
from tests.venues.bybit.orders import Order, Why

if TYPE_CHECKING:
    from tests.venues.bybit.exchange import Exchange


@dataclass(frozen=True, slots=True)
class Command:
    """One thing to do: `create`, `amend` (to these ticks and lots) or `cancel` an order."""

    kind: str
    order: Order
    ticks: int = 0
    lots: int = 0


class Engine:
    """The way from an acknowledgement to the book."""

    def __init__(self, venue: Any, engine_ms: float) -> None:
        """`engine_ms` passes between both; `venue` is of any stand-in of perpetuals."""
        self._venue = venue
        self._delay_s = engine_ms / 1e3

    def take(self, command: Command) -> None:
        """Plan it."""
        run = partial(self.run, command)
        self._venue.agenda.after(self._delay_s, lambda: self._venue.round(run))

    def run(self, command: Command) -> None:
        """Do it now, as the script lets it."""
        step = self._venue.gateway.execution(command.kind, command.order.symbol)
        if step is None:
            carry_out(self._venue.exchange, command)
        else:
            step.action.execute(self._venue, command)


def carry_out(exchange: "Exchange", command: Command) -> None:
    """Do it, unless the order has ended meanwhile."""
    order = command.order
    match command.kind:
        case "create":
            exchange.accounts[order.account].remember(order)
            enter(exchange, order)
        case "cancel":
            if order.is_open:
                exchange.end(order, orders.BY_USER)
        case _:
            if order.is_open:
                _amend(exchange, order, command.ticks, command.lots)


def _amend(exchange: "Exchange", order: Order, ticks: int, lots: int) -> None:
    """Change an order. What only gets smaller keeps its place; all else goes to the end."""
    left = lots - order.filled_lots
    if left <= 0:
        return
    if ticks == order.ticks and left <= order.open_lots:
        order.lots, order.open_lots = lots, left
        floor = exchange.floors[order.symbol]
        floor.seq += 1
        floor.book.touch(order)
        exchange.touched(order)
        return
    exchange.unrest(order)
    order.ticks, order.lots, order.open_lots = ticks, lots, left
    refused = refusal(exchange, order)
    if refused is not None:
        exchange.end(order, refused)
        return
    exchange.touched(order)
    match(exchange, order)


def cancel_everything(
    exchange: "Exchange", account: int, why: Why, symbols: set[str] | None = None
) -> list[Order]:
    """End all orders of an account, in some markets or in all; return them."""
    ended = [
        order
        for order in exchange.accounts[account].live_orders()
        if symbols is None or order.symbol in symbols
    ]
    for order in ended:
        exchange.end(order, why)
    return ended
