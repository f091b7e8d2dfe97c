"""Put the settlements of two legs into periods of one length: what was paid, and at what rate."""

import math
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from connectors.model.errors import DataError
from runner.watch.stamp import utc_text
from strategies.funding.rates import per_hour

MINUTE_NS = 60_000_000_000
HOUR_NS = 60 * MINUTE_NS
HOLE = 1.5
"""A gap of so many usual intervals misses a settlement; a shorter one is an interval of its own."""

Settled = tuple[int, Decimal]
"""When (ns since 1970, UTC), and the share of the notional that longs paid."""


@dataclass(frozen=True, slots=True)
class Leg:
    """One side: its settlements, rising (none: spot), and what one trade costs."""

    name: str
    settled: Sequence[Settled]
    fee_bps: Decimal
    slippage_bps: Decimal
    can_short: bool

    @property
    def one_way_bps(self) -> Decimal:
        """Cost of one trade."""
        return self.fee_bps + self.slippage_bps


@dataclass(frozen=True, slots=True)
class Payment:
    """What longs of one leg (0: first, 1: second) paid at a moment, a share of the notional."""

    at_ns: int
    leg: int
    rate: Decimal


@dataclass(frozen=True, slots=True)
class Period:
    """A time up to `at_ns`, what was paid in it, and the rate per hour: first leg less second.

    The rate is None where a leg told none in this time. `missed_ns` is how much of the time lies in
    gaps that miss settlements.
    """

    at_ns: int
    step_h: float
    payments: tuple[Payment, ...]
    rate_per_h: float | None
    missed_ns: int


def usual_interval_ns(settled: Sequence[Settled]) -> int:
    """Return the most common time between settlements, to the minute."""
    gaps = Counter(round((b[0] - a[0]) / MINUTE_NS) for a, b in pairwise(settled))
    return max(gaps, key=lambda gap: (gaps[gap], -gap)) * MINUTE_NS


def periods(first: Leg, second: Leg) -> list[Period]:
    """Return the periods of a pair in the time that both legs cover; the slower leg sets them.

    Raises DataError where the legs have no time in common.
    """
    legs = [(k, leg) for k, leg in enumerate((first, second)) if leg.settled]
    rates = {k: dict(_rates(leg.settled)) for k, leg in legs}
    _, slow = max(legs, key=lambda item: (usual_interval_ns(item[1].settled), -item[0]))
    begin, end = _common(first, second, [leg for _, leg in legs])
    moments = [at for at, _ in slow.settled if begin <= at <= end]
    usual_ns = usual_interval_ns(slow.settled)
    paid = sorted(
        (Payment(at, k, rate) for k, leg in legs for at, rate in leg.settled),
        key=lambda payment: (payment.at_ns, payment.leg),
    )
    stamps = [payment.at_ns for payment in paid]
    found = []
    for before, at in pairwise(moments):
        inside = tuple(paid[bisect_right(stamps, before) : bisect_right(stamps, at)])
        missed_ns = at - before - usual_ns if at - before > HOLE * usual_ns else 0
        rate = _rate_of(inside, rates)
        found.append(Period(at, usual_ns / HOUR_NS, inside, rate, missed_ns))
    return found


def _common(first: Leg, second: Leg, legs: Sequence[Leg]) -> tuple[int, int]:
    begin = max(leg.settled[0][0] for leg in legs)
    end = min(leg.settled[-1][0] for leg in legs)
    if begin >= end:
        raise DataError(
            f"funding: expected histories of one time, was {first.name} and {second.name}: one"
            f" begins {utc_text(begin, 0)}, one ends {utc_text(end, 0)}"
        )
    return begin, end


def _rates(settled: Sequence[Settled]) -> Iterator[tuple[int, float]]:
    """Yield each settlement's moment and rate per hour of the interval that it ended."""
    usual_ns = usual_interval_ns(settled)
    before_ns = settled[0][0] - usual_ns
    for at_ns, rate in settled:
        gap_ns = at_ns - before_ns
        interval_ns = gap_ns if gap_ns <= HOLE * usual_ns else usual_ns
        yield at_ns, per_hour(float(rate), interval_ns / HOUR_NS)
        before_ns = at_ns


def _rate_of(paid: Sequence[Payment], rates: dict[int, dict[int, float]]) -> float | None:
    """Return the mean rate of the first leg less that of the second; None: one is not known."""
    means = {}
    for leg, known in rates.items():
        told = [known[payment.at_ns] for payment in paid if payment.leg == leg]
        if not told:
            return None
        means[leg] = math.fsum(told) / len(told)
    return means.get(0, 0.0) - means.get(1, 0.0)
