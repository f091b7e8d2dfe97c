"""Describe one market as a place to take liquidity from, and what an order there comes to.

Everything is exact: prices in the market's quote currency, sizes in base units, and what is
compared between places in the reporting currency.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal

from connectors.model.events import BUY

ONE = Decimal(1)
BPS = Decimal("1e-4")
ZERO = Decimal(0)

Level = tuple[Decimal, Decimal]
"""A price and the size that is offered there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A market whose book an order may take from.

    `levels` are those that the order would meet, the best first. `rate` is what one unit of the
    quote currency is worth in the reporting currency. `fee_bps` is the taker's. `holding_bps` is
    what it costs to hold what is bought or sold here for as long as is meant (funding; negative:
    it earns). `delay_bps` is what the market is expected to move against us while the order is on
    its way. `room_base` is what margin and limits leave (None: no limit).
    """

    market: str
    levels: tuple[Level, ...]
    lot_base: Decimal
    min_base: Decimal = ZERO
    min_notional_quote: Decimal = ZERO
    rate: Decimal = ONE
    fee_bps: Decimal = ZERO
    holding_bps: Decimal = ZERO
    delay_bps: Decimal = ZERO
    room_base: Decimal | None = None

    @property
    def extra_bps(self) -> Decimal:
        """Everything that is paid besides the price."""
        return self.fee_bps + self.holding_bps + self.delay_bps

    def marginal(self, side: int, price: Decimal) -> Decimal:
        """Return what one unit at a price costs a buyer, or brings a seller, after all costs."""
        sign = ONE if side == BUY else -ONE
        return price * self.rate * (ONE + sign * self.extra_bps * BPS)

    def whole_lots(self, base: Decimal) -> Decimal:
        """Return the most of a size that is whole lots, and inside the room that is left."""
        if self.room_base is not None:
            base = min(base, self.room_base)
        return max(ZERO, (base / self.lot_base).to_integral_value(ROUND_FLOOR) * self.lot_base)

    def is_allowed(self, base: Decimal, price: Decimal) -> bool:
        """Tell whether the venue takes an order so small."""
        return base > 0 and base >= self.min_base and base * price >= self.min_notional_quote


@dataclass(frozen=True, slots=True)
class Leg:
    """One order to send: how much, up to which price, and what it is expected to come to.

    `limit_price` is the worst level that it needs. `price` is the mean price. `value` is price
    times size, and `cost` what is paid besides it, both in the reporting currency.
    """

    market: str
    base: Decimal
    limit_price: Decimal
    price: Decimal
    value: Decimal
    cost: Decimal

    def total(self, side: int) -> Decimal:
        """Return what a buyer pays in all, or minus what a seller gets: less is better."""
        return self.cost + (self.value if side == BUY else -self.value)


def leg_of(place: Place, base: Decimal) -> Leg | None:
    """Return the order that takes up to so much of a place; None where there is none to send."""
    wanted = place.whole_lots(min(base, sum((size for _, size in place.levels), ZERO)))
    taken = list(_taken(place, wanted))
    if not taken:
        return None
    notional = sum((price * size for price, size in taken), ZERO)
    limit_price, price = taken[-1][0], notional / wanted
    if not place.is_allowed(wanted, price):
        return None
    value = notional * place.rate
    return Leg(place.market, wanted, limit_price, price, value, value * place.extra_bps * BPS)


def _taken(place: Place, base: Decimal) -> Iterator[Level]:
    """Yield what an order takes of each level."""
    for price, size in place.levels:
        if base <= 0:
            return
        yield price, min(base, size)
        base -= size
