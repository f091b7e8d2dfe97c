"""Convert between the venue's decimals and our integers, at the edge and nowhere else."""

from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from connectors.model.errors import OffGrid


@dataclass(frozen=True, slots=True)
class Instrument:
    """What one market trades in: currencies, price tick, size lot and minima.

    `min_lots` and `min_notional_quote` are the venue's smallest order (0: none).
    Raises ValueError when a step is not a positive finite decimal.
    """

    symbol: str
    base: str
    quote: str
    tick_size: Decimal
    lot_size_base: Decimal
    min_lots: int = 1
    min_notional_quote: Decimal = Decimal(0)
    is_spot: bool = False
    price_digits: int | None = None
    """How many digits of a price may count where it is not whole; None: all of the tick's."""

    def __post_init__(self) -> None:
        for name, value in (("tick_size", self.tick_size), ("lot_size_base", self.lot_size_base)):
            if not (value.is_finite() and value > 0):
                raise ValueError(f"{self.symbol}: expected a positive {name}, was {value}")

    def price(self, ticks: int) -> Decimal:
        """Return the exact price of an integer tick."""
        return self.tick_size * ticks

    def size_base(self, lots: int) -> Decimal:
        """Return the exact size in base units of integer lots."""
        return self.lot_size_base * lots

    def notional_quote(self, ticks: int, lots: int) -> Decimal:
        """Return price times size, exact, in quote units."""
        return self.tick_size * self.lot_size_base * (ticks * lots)

    def exact_ticks(self, price: Decimal) -> int:
        """Return the tick of a price on the grid; raise OffGrid for any other."""
        return _exact(price, self.tick_size, "price", self.symbol)

    def exact_lots(self, size_base: Decimal) -> int:
        """Return the lots of a size on the grid; raise OffGrid for any other."""
        return _exact(size_base, self.lot_size_base, "size", self.symbol)

    def lots_down(self, size_base: Decimal) -> int:
        """Return the most whole lots inside a size."""
        return int((size_base / self.lot_size_base).to_integral_value(ROUND_FLOOR))

    def ticks_down(self, price: Decimal) -> int:
        """Return the tick at or below a price: how a bid rounds."""
        return int((price / self.tick_size).to_integral_value(ROUND_FLOOR))

    def ticks_up(self, price: Decimal) -> int:
        """Return the tick at or above a price: how an ask rounds."""
        return int((price / self.tick_size).to_integral_value(ROUND_CEILING))


def _exact(value: Decimal, step: Decimal, what: str, symbol: str) -> int:
    if not value.is_finite():
        raise OffGrid(f"{symbol}: expected a finite {what}, was {value}")
    steps = value / step
    whole = int(steps.to_integral_value())
    if whole * step != value:
        raise OffGrid(f"{symbol}: expected a {what} on the grid of {step}, was {value}")
    return whole
