"""Put a venue's decimals on our ticks and lots, and back: contracts exist on its side alone.

A decimal text read as a float is the float nearest to it, and so is a whole number divided by a
power of ten: a value lies on a decimal grid exactly where both are equal. Steps that are no power
of ten are so many units of one.
"""

from dataclasses import dataclass
from decimal import Decimal

from connectors.ccxt.words import Levels
from connectors.model.instrument import Instrument
from connectors.socket import Malformed

MOST_TICKS = (1 << 31) - 1
MOST_LOTS = (1 << 48) - 1
MOST_DIGITS = 15
"""What a float holds exactly."""


@dataclass(frozen=True, slots=True)
class Scale:
    """One kind of number: `per_one` units make one, and `units` of them are a step."""

    what: str
    per_one: float
    units: int
    past: float
    """Numbers end below this."""

    @classmethod
    def of(cls, what: str, step: Decimal, most_steps: int) -> "Scale":
        """Return the scale of a step; raise ValueError where floats cannot hold its multiples."""
        if not step.is_finite() or step <= 0:
            raise ValueError(f"expected a step of {what} above 0, was {step}")
        digits = max(0, -int(step.normalize().as_tuple().exponent))
        if digits > MOST_DIGITS:
            raise ValueError(f"expected a step of {what} with at most {MOST_DIGITS} decimals")
        per_one = 10**digits
        most = min(float(step * most_steps), 10.0**MOST_DIGITS / per_one)
        return cls(what, float(per_one), int(step * per_one), most)

    def steps(self, text: str | float) -> int:
        """Return the steps of a number, at least 0, or raise Malformed."""
        try:
            number = float(text)
        except (TypeError, ValueError):
            raise Malformed(f"no {self.what}: {text!r}") from None
        if not 0.0 <= number < self.past:
            raise Malformed(f"no {self.what}: {text!r}")
        units = int(number * self.per_one + 0.5)
        steps, left = divmod(units, self.units)
        if left or units / self.per_one != number:
            raise Malformed(f"a {self.what} off the grid: {text!r}")
        return steps


@dataclass(frozen=True, slots=True)
class Units:
    """One market's border: its instrument in base units, `contract_size` base to a contract."""

    instrument: Instrument
    contract_size: Decimal
    _price: Scale
    _amount: Scale

    @classmethod
    def of(cls, instrument: Instrument, contract_size: Decimal = Decimal(1)) -> "Units":
        """Return the border of a market; raise ValueError for steps that cannot be carried."""
        if not contract_size.is_finite() or contract_size <= 0:
            raise ValueError(f"expected a contract of more than 0 base, was {contract_size}")
        lot = instrument.lot_size_base / contract_size
        if lot * contract_size != instrument.lot_size_base:
            raise ValueError(
                f"expected a lot of {instrument.lot_size_base} to be decimal in contracts of"
                f" {contract_size}"
            )
        price = Scale.of("price", instrument.tick_size, MOST_TICKS)
        return cls(instrument, contract_size, price, Scale.of("size", lot, MOST_LOTS))

    def ticks(self, price: str | float) -> int:
        """Return the ticks of a price, at least 1, or raise Malformed."""
        ticks = self._price.steps(price)
        if not ticks:
            raise Malformed(f"no price: {price!r}")
        return ticks

    def lots(self, contracts: str | float) -> int:
        """Return the lots of so many contracts, at least 0, or raise Malformed."""
        return self._amount.steps(contracts)

    def signed_lots(self, contracts: str) -> int:
        """Return the lots of a number that may be below 0, or raise Malformed."""
        is_short = contracts.startswith("-")
        lots = self._amount.steps(contracts.removeprefix("-"))
        return -lots if is_short else lots

    def price_text(self, ticks: int) -> str:
        """Return the exact price of a tick, as venues read it."""
        return _plain(self.instrument.price(ticks))

    def amount_text(self, lots: int) -> str:
        """Return the exact number of contracts of so many lots, as venues read it."""
        return _plain(self.instrument.size_base(lots) / self.contract_size)

    def levels(self, rows: Levels) -> tuple[list[int], list[int]]:
        """Return ticks and lots of levels, or raise Malformed: `ticks` and `lots` in one loop."""
        if self._price.units != 1 or self._amount.units != 1:
            return self._levels_one_by_one(rows)
        price_per, price_past = self._price.per_one, self._price.past
        size_per, size_past = self._amount.per_one, self._amount.past
        ticks: list[int] = []
        lots: list[int] = []
        try:
            for row in rows:
                price, size = float(row[0]), float(row[1])
                if not (0.0 <= price < price_past and 0.0 <= size < size_past):
                    raise Malformed(f"no price or no size: {row!r}")
                tick, lot = int(price * price_per + 0.5), int(size * size_per + 0.5)
                if not tick or tick / price_per != price or lot / size_per != size:
                    raise Malformed(f"off the grid: {row!r}")
                ticks.append(tick)
                lots.append(lot)
        except (TypeError, ValueError, IndexError):
            raise Malformed(f"no levels: {rows!r:.160}") from None
        return ticks, lots

    def _levels_one_by_one(self, rows: Levels) -> tuple[list[int], list[int]]:
        try:
            return [self.ticks(row[0]) for row in rows], [self.lots(row[1]) for row in rows]
        except IndexError:
            raise Malformed(f"no levels: {rows!r:.160}") from None


def decimal(text: str) -> Decimal:
    """Return a finite decimal, or raise Malformed."""
    try:
        number = Decimal(text)
    except ArithmeticError:
        raise Malformed(f"no number: {text[:40]!r}") from None
    if not number.is_finite():
        raise Malformed(f"no number: {text[:40]!r}")
    return number


def _plain(number: Decimal) -> str:
    return f"{number.normalize():f}"
