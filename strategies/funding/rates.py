"""Put funding rates and prices of two legs on one scale.

A rate is a share of the notional that longs pay shorts at each settlement, so that rates of venues
compare only per hour: 5 bps in 8 h are less than 1 bp in 1 h.
"""

import math

HOURS_A_YEAR = 8760.0
ROUNDING_BPS = 1e-6
"""What arithmetic may add to a basis: 50100/50000 - 1 is more than 20 bps in doubles."""


def per_hour(settled: float, interval_h: float, predicted: float | None = None) -> float:
    """Return a venue's rate per hour: of its prediction for the next settlement where it has one.

    Without a prediction the last settlement stands for the next.
    """
    return (settled if predicted is None else predicted) / interval_h


def annual(rate: float, interval_h: float) -> float:
    """Return the simple yearly rate (APR): a share of the notional, nothing reinvested."""
    return rate * HOURS_A_YEAR / interval_h


def compounded(rate: float, interval_h: float) -> float:
    """Return the yearly rate with every payment reinvested (APY), a share."""
    return math.expm1(HOURS_A_YEAR / interval_h * math.log1p(rate))


def basis_bps(price: float, other: float) -> float:
    """Return how far one leg's price is above the other's; a perpetual's above spot."""
    return (price - other) / other * 10_000.0


def is_within(found_bps: float, most_bps: float) -> bool:
    """Tell whether a basis of either sign is at most so large, rounding apart."""
    return abs(found_bps) <= most_bps + ROUNDING_BPS
