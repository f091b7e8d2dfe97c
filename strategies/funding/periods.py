"""Make one series of rates of two legs' settlements, each with the interval that it paid for.

The slower leg sets the periods; what the faster one settled within one is averaged. A period in
which the faster one has told nothing is left out: its rate is not known.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from strategies.funding.rates import per_hour


@dataclass(frozen=True, slots=True)
class Settled:
    """A settlement: when, the share of the notional that longs paid, and for how long."""

    at_ns: int
    rate: float
    interval_ns: int

    @property
    def rate_per_h(self) -> float:
        """The rate per hour of its interval."""
        return per_hour(self.rate, self.interval_ns / HOUR_NS)


HOUR_NS = 3_600_000_000_000

History = Sequence[Settled] | None
"""A leg's settlements, rising; None: it pays none, as spot."""


@dataclass(frozen=True, slots=True)
class Series:
    """Rates per hour of known periods, first leg less second, rising; `last_ns` ends the last.

    `is_known` tells whether the slower leg's last settlement is among them.
    """

    step_h: float
    rates_per_h: tuple[float, ...]
    last_ns: int
    is_known: bool


def series(first: History, second: History) -> Series | None:
    """Return the rates of two legs; None where a leg that pays has settled nothing yet."""
    legs = [leg for leg in (first, second) if leg is not None]
    if not legs or not all(legs):
        return None
    slow = max(legs, key=lambda leg: leg[-1].interval_ns)
    found = []
    known_ns = 0
    for settled in slow:
        begin_ns = settled.at_ns - settled.interval_ns
        one, other = (
            settled.rate_per_h if leg is slow else _mean(leg, begin_ns, settled.at_ns)
            for leg in (first, second)
        )
        if one is not None and other is not None:
            found.append(one - other)
            known_ns = settled.at_ns
    last = slow[-1]
    return Series(last.interval_ns / HOUR_NS, tuple(found), last.at_ns, known_ns == last.at_ns)


def _mean(leg: History, begin_ns: int, end_ns: int) -> float | None:
    """Return a leg's mean rate per hour in a time; nothing for one that pays none."""
    if leg is None:
        return 0.0
    told = [s.rate_per_h for s in leg if begin_ns < s.at_ns <= end_ns]
    return math.fsum(told) / len(told) if told else None
