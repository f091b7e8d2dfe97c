"""Place the fair price inside the touch: the weighted mid, and Stoikov's micro-price.

With I = Qb / (Qb + Qa) and half spread h, both in ticks above mid::

    weighted mid    h (2 I - 1)                 the price that leans on the thin side
    micro-price     G[spread, bucket of I]      where mid goes in expectation (Stoikov 2018)

G is fitted on a recording (`runner.calibrate.microprice`) and symmetric: G[s, b] = -G[s, B-1-b].
Without a table, or on a spread wider than it has, the weighted mid stands in and `fitted` is false.
"""

from typing import Annotated

from connectors.model.book import MASK, Book
from connectors.model.kernel import Floats, kernel, state

SPREADS = 4
"""Spreads of 1 to 4 ticks have a row of the table."""
BUCKETS = 10


@state
class Microprice:
    """Settings `has_table` and `table` [ticks] (index ``(spread - 1) * BUCKETS + bucket``).

    `offset_ticks` and `weighted_ticks` are readings; `fitted` tells whether the first is the
    table's.
    """

    has_table: bool
    table: Annotated[Floats, SPREADS * BUCKETS]
    offset_ticks: float
    weighted_ticks: float
    fitted: bool


@kernel
def observe(microprice: Microprice, book: Book) -> None:
    """Read both offsets from a two-sided book."""
    bid = book.bid_lots[book.best_bid_ticks & MASK]
    ask = book.ask_lots[book.best_ask_ticks & MASK]
    spread_ticks = book.best_ask_ticks - book.best_bid_ticks
    weight = bid / (bid + ask)
    weighted = weighted_ticks(weight, spread_ticks)
    microprice.weighted_ticks = weighted
    microprice.fitted = microprice.has_table and spread_ticks <= SPREADS
    if microprice.fitted:
        microprice.offset_ticks = microprice.table[cell(weight, spread_ticks)]
    else:
        microprice.offset_ticks = weighted


@kernel
def weighted_ticks(weight: float, spread_ticks: int) -> float:
    """Return the weighted mid's offset from mid for I = `weight` in [0, 1]."""
    return 0.5 * spread_ticks * (2.0 * weight - 1.0)


@kernel
def cell(weight: float, spread_ticks: int) -> int:
    """Return the index of the table for I = `weight` in [0, 1] and a spread that it has."""
    return (spread_ticks - 1) * BUCKETS + min(int(weight * BUCKETS), BUCKETS - 1)
