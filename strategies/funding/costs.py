"""Say how long two legs have to be held until funding has paid for their four trades."""

import math
from dataclasses import dataclass

from strategies.funding.rates import HOURS_A_YEAR

ROUNDING = 1e-9
"""What arithmetic may add to a count of periods: 24 bps at 1 bp are 24 of them, not 25."""


@dataclass(frozen=True, slots=True)
class LegCost:
    """What one trade of a leg costs: its fee, and how far from mid it fills."""

    fee_bps: float
    slippage_bps: float

    @property
    def one_way_bps(self) -> float:
        """Cost of one trade."""
        return self.fee_bps + self.slippage_bps


def round_trip_bps(first: LegCost, second: LegCost) -> float:
    """Return what entering and leaving with both legs costs: four trades."""
    return 2.0 * (first.one_way_bps + second.one_way_bps)


def periods_exact(cost_bps: float, gain_bps: float, rate: float) -> float | None:
    """Return after how many settlements at one rate the cost less a gain of the basis is earned.

    None: never, since the rate pays nothing. Less than zero counts as zero: nothing is to earn.
    """
    due_bps = cost_bps - gain_bps
    if due_bps <= 0.0:
        return 0.0
    return due_bps / (rate * 10_000.0) if rate > 0.0 else None


def break_even_periods(cost_bps: float, gain_bps: float, rate: float) -> int | None:
    """Return how many whole settlements it takes; None: never."""
    exact = periods_exact(cost_bps, gain_bps, rate)
    return None if exact is None else math.ceil(exact - ROUNDING)


def net_annual(rate: float, interval_h: float, cost_bps: float, held_h: float) -> float:
    """Return the yearly rate of a hold after its costs, a share: only whole periods pay."""
    periods = math.floor(held_h / interval_h + ROUNDING)
    return (periods * rate - cost_bps / 10_000.0) * HOURS_A_YEAR / held_h
