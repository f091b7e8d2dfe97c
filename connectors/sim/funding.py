"""Settle funding on its timestamps: the position then held, at the first mid that is known.

The kernel only takes note; money is computed afterwards, exactly (`payment_quote`). What happens
at the very stamp of a settlement comes after it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from connectors.model.book import is_two_sided
from connectors.model.instrument import Instrument
from connectors.model.kernel import kernel
from connectors.sim.exchange_state import Exchange, Funding
from connectors.sim.margin import BILLION, book_funding


@dataclass(frozen=True, slots=True)
class Settlement:
    """A moment at which longs pay shorts `rate` of their notional; less than zero: get."""

    due_ns: int
    rate: Decimal


def load_funding(x: Exchange, schedule: Sequence[Settlement]) -> None:
    """Let an exchange that has just been started settle on a schedule, which rises."""
    x.funding.scheduled = len(schedule)
    for k, settlement in enumerate(schedule):
        x.funding.due_ns[k] = settlement.due_ns
        x.funding.rate_ppb[k] = int(settlement.rate * BILLION)


@kernel
def settle(x: Exchange, now_ns: int) -> None:
    """Note the position of every settlement that is due, and the mid of those that have none."""
    funding = x.funding
    while funding.settled < funding.scheduled and funding.due_ns[funding.settled] <= now_ns:
        funding.position_lots[funding.settled] = x.position_lots
        funding.settled += 1
    if funding.marked < funding.settled and is_two_sided(x.book):
        mid_half_ticks = x.book.best_bid_ticks + x.book.best_ask_ticks
        while funding.marked < funding.settled:
            k = funding.marked
            funding.mark_half_ticks[k] = mid_half_ticks
            if x.margin.is_on:
                book_funding(x, funding.position_lots[k], mid_half_ticks, funding.rate_ppb[k])
            funding.marked += 1


def payment_quote(
    funding: Funding, schedule: Sequence[Settlement], instrument: Instrument
) -> Decimal:
    """Return what all settlements paid us, exact; less than zero: what we paid.

    A settlement that found no mid until the end counts as nothing: no mark is known then either.
    """
    total = Decimal(0)
    for k in range(int(funding.marked)):
        half_tick_lots = int(funding.position_lots[k]) * int(funding.mark_half_ticks[k])
        notional = instrument.notional_quote(half_tick_lots, 1) / 2
        total -= notional * schedule[k].rate
    return total
