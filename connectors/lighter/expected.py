"""Say what a deploy expects of an account of Lighter, and what the venue's tiers allow."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from connectors.lighter.transactions import CROSS, ISOLATED

MARGIN_MODES = {"cross": CROSS, "isolated": ISOLATED}


@dataclass(frozen=True, slots=True)
class MarginTerms:
    """How much of a position's worth is to be margin, in 1e-4, and whose margin it is."""

    fraction_1e4: int
    mode: int

    def words(self) -> str:
        """Say it as a person configures it."""
        name = next((n for n, mode in MARGIN_MODES.items() if mode == self.mode), str(self.mode))
        leverage = Decimal(10_000) / self.fraction_1e4 if self.fraction_1e4 else Decimal(0)
        return f"{name} at leverage {leverage:.4g}"


def margin_terms(mode: str, leverage: Decimal) -> MarginTerms:
    """Return the terms of a mode by its name and of a leverage."""
    return MarginTerms(int(10_000 / leverage), MARGIN_MODES[mode])


@dataclass(frozen=True, slots=True)
class Expected:
    """What one market is configured with. `margin` of None: whatever the account has."""

    maker_fee_bps: Decimal
    taker_fee_bps: Decimal
    margin: MarginTerms | None = None
    sets_margin: bool = False
    max_position_quote: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Expectations:
    """What a deploy expects of the account: of the key that signs, and of each of its markets."""

    key_index: int
    markets: Mapping[str, Expected]
    cancel_key_index: int | None = None


@dataclass(frozen=True, slots=True)
class Allowance:
    """What a tier allows a minute. `most_sends` is reached by who stakes most."""

    reads: int
    reads_have_weight: bool
    sends: int
    most_sends: int


TIERS = {
    "standard": Allowance(60, False, 60, 60),
    "premium": Allowance(24_000, True, 4_000, 40_000),
    "plus": Allowance(120_000, True, 8_000, 8_000),
}
"""By the venue's own names (its documentation of rate limits, 2026); they change over time."""
