"""Say what a spot market's wallet holds, by the venue's balances: what is locked is held too."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol, runtime_checkable

from connectors.ccxt.listing import Listed
from connectors.model.account import RestingOrder
from connectors.model.events import BUY

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Balance:
    """What is held of a currency: `free`, and `locked` by orders that rest."""

    free: Decimal
    locked: Decimal


NOTHING = Balance(ZERO, ZERO)


@runtime_checkable
class Wallets(Protocol):
    """A venue whose accounts hold currencies."""

    async def balances(self) -> Mapping[str, Balance]:
        """Return what is held by currency; one that is not told is not held."""


def held_lots(market: Listed, balances: Mapping[str, Balance]) -> int:
    """Return the base that is held, in whole lots: what fees have left over is no lot."""
    held = balances.get(market.instrument.base, NOTHING)
    return market.instrument.lots_down(held.free + held.locked)


def cash_tick_lots(
    market: Listed, balances: Mapping[str, Balance], resting: Sequence[RestingOrder]
) -> int:
    """Return the quote that the market may spend, with what its resting bids have locked.

    In whole ticks times lots. What is locked by no order of the market is not spent.
    """
    held = balances.get(market.instrument.quote, NOTHING)
    tick_lot = market.instrument.tick_size * market.instrument.lot_size_base
    own = sum(order.ticks * order.open_lots for order in resting if order.side == BUY)
    return int((held.free + min(held.locked, own * tick_lot)) / tick_lot)
