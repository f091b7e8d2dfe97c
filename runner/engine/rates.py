"""Convert money into the reporting currency. A rate that is not known is None, never a guess."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

ONE = Decimal(1)


@dataclass(frozen=True, slots=True)
class Rates:
    """What one unit of a currency is worth in `reporting`, as far as somebody has said so."""

    reporting: str
    told: Mapping[str, Decimal]

    def of(self, currency: str) -> Decimal | None:
        """Return the rate of a currency; the reporting currency's own is one."""
        return ONE if currency == self.reporting else self.told.get(currency)
