"""Hold what a screen of a run came to: a lower and an upper bracket of its fills.

*Lower* and *upper* are of the fills. More fills need not earn more, so a P&L lies between the two
only where fills make or lose money alike.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from connectors.model.instrument import Instrument
from runner.report.exact import exact_sum
from runner.report.pnl import Grid, Pnl

NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class Mark:
    """A market at one moment: cash in ticks times lots, position, mid, and what has traded."""

    cash_tick_lots: int
    position_lots: int
    mid_half_ticks: int
    notional_tick_lots: int


@dataclass(frozen=True, slots=True)
class Walk:
    """One market by one rule. `marks` are at the moments of a run, the last one at its end."""

    fills: int
    lowest_lots: int
    highest_lots: int
    buckets: Sequence[int]
    marks: Sequence[Mark]

    @property
    def end(self) -> Mark:
        """The market at the run's end."""
        return self.marks[-1]


@dataclass(frozen=True, slots=True, kw_only=True)
class ScreenedMarket:
    """One market by both rules. Buckets are of distances from mid, in half ticks."""

    name: str
    instrument: Instrument
    maker_fee_bps: Decimal
    decisions: int
    order_lots: int
    opening_position_lots: int
    opening_cash_tick_lots: int
    opening_half_ticks: int
    bucket_half_ticks: int
    lower: Walk
    upper: Walk

    def pnl(self, walk: Walk) -> Pnl:
        """Return what a walk earned, exactly; a screen knows no funding."""
        grid = self._grid
        fees = grid.maker_fee.amount(walk.end.notional_tick_lots)
        gross = grid.half_tick_lot.amount(self._gross(walk.end))
        return Pnl(gross, fees, NOTHING, exact_sum(gross, fees.copy_negate()), None)

    def volume_quote(self, walk: Walk) -> Decimal:
        """Return what a walk traded."""
        return self._grid.tick_lot.amount(walk.end.notional_tick_lots)

    def equity(self, walk: Walk) -> list[float]:
        """Return a walk's net P&L at the moments of the run, in the quote currency."""
        grid = self._grid
        unit, fee = grid.half_tick_lot.approximate(1), grid.maker_fee.approximate(1)
        return [unit * self._gross(m) - fee * m.notional_tick_lots for m in walk.marks]

    @property
    def _grid(self) -> Grid:
        return Grid.of(self.instrument, self.maker_fee_bps, NOTHING)

    def _gross(self, mark: Mark) -> int:
        """Return cash and position at mark since the opening, in half ticks times lots."""
        held = mark.position_lots * mark.mid_half_ticks
        opening = self.opening_position_lots * self.opening_half_ticks
        return 2 * (mark.cash_tick_lots - self.opening_cash_tick_lots) + held - opening


@dataclass(frozen=True, slots=True, kw_only=True)
class Screened:
    """A whole run. `left_out` names what is configured and a screen does without."""

    version: str
    config_hash: str
    deploy: str
    started_ns: int
    ended_ns: int
    exit: int
    reporting_currency: str
    left_out: Sequence[str]
    markets: Sequence[ScreenedMarket]
    lower: "Total"
    upper: "Total"


@dataclass(frozen=True, slots=True)
class Total:
    """All markets by one rule: fills, P&L by currency, in one currency, and its changes.

    `pnl` is None where a rate is not known. `returns` are of the stretches between the moments.
    """

    fills: int
    by_currency: dict[str, Pnl]
    currency: str
    pnl: Pnl | None
    returns: tuple[float, ...]
