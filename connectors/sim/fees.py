"""Say what a fill costs by what the account has traded: a flat fee, or tiers by rolling notional.

Rates are in billionths of the notional (ppb), so that a fee is an exact integer product. The tier
of a fill is the last one whose notional had traded before it, on its UTC day and the 30 days before
that. A liquidation has a rate of its own, whatever the tier.
"""

from collections.abc import Mapping
from typing import Annotated

from connectors.model.events import LIQUIDATION, MAKER
from connectors.model.kernel import Ints, kernel, state

TIERS = 16
"""Most tiers of a table."""
DAYS = 31
"""Days whose notional counts: today and the 30 days before it."""
DAY_NS = 86_400_000_000_000


@state
class Fees:
    """Rates by role, the `count` tiers over them, and what has traded on each of the last days.

    `day` is the UTC day of the last fill, counted from the epoch; 0 before the first one.
    `opening_tick_lots` is taken to have traded evenly on the 30 days before that.
    """

    maker_ppb: int
    taker_ppb: int
    liquidation_ppb: int
    count: int
    from_tick_lots: Annotated[Ints, TIERS]
    tier_maker_ppb: Annotated[Ints, TIERS]
    tier_taker_ppb: Annotated[Ints, TIERS]
    opening_tick_lots: int
    day: int
    traded_tick_lots: int
    by_day_tick_lots: Annotated[Ints, DAYS]


@kernel
def charge_ppb(fees: Fees, role: int, tick_lots: int, venue_ns: int) -> int:
    """Return the rate of a fill, then count its notional."""
    if fees.count == 0:
        return _rate(fees.maker_ppb, fees.taker_ppb, fees.liquidation_ppb, role)
    _roll(fees, venue_ns // DAY_NS)
    maker, taker = fees.maker_ppb, fees.taker_ppb
    for k in range(fees.count):
        if fees.traded_tick_lots >= fees.from_tick_lots[k]:
            maker = fees.tier_maker_ppb[k]
            taker = fees.tier_taker_ppb[k]
    fees.traded_tick_lots += tick_lots
    fees.by_day_tick_lots[fees.day % DAYS] += tick_lots
    return _rate(maker, taker, fees.liquidation_ppb, role)


def prime(fees: Fees, tick_lots_by_day: Mapping[int, int], day: int) -> None:
    """Begin on a day with what has traded on it and on the days before, beside the opening."""
    _roll(fees, day)
    for past, tick_lots in tick_lots_by_day.items():
        if day - DAYS < past <= day:
            fees.by_day_tick_lots[past % DAYS] += tick_lots
            fees.traded_tick_lots += tick_lots


@kernel
def _rate(maker_ppb: int, taker_ppb: int, liquidation_ppb: int, role: int) -> int:
    if role == MAKER:
        return maker_ppb
    return liquidation_ppb if role == LIQUIDATION else taker_ppb


@kernel
def _roll(fees: Fees, day: int) -> None:
    """Let a later day come: what traded more than 30 days before it no longer counts."""
    if fees.day == 0:
        fees.day = day
        each = fees.opening_tick_lots // (DAYS - 1)
        for k in range(1, DAYS):
            fees.by_day_tick_lots[(day - k) % DAYS] += each
        fees.by_day_tick_lots[(day + 1) % DAYS] += fees.opening_tick_lots - each * (DAYS - 1)
        fees.traded_tick_lots += fees.opening_tick_lots
    while fees.day < day:
        fees.day += 1
        k = fees.day % DAYS
        fees.traded_tick_lots -= fees.by_day_tick_lots[k]
        fees.by_day_tick_lots[k] = 0
