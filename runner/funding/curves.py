"""Collect what the page draws: equity and rates of all pairs, a point a day."""

import math
from collections.abc import Sequence
from decimal import Decimal

from runner.funding.history import Period
from runner.funding.trial import Trial
from strategies.funding.rates import HOURS_A_YEAR

DAY_NS = 86_400_000_000_000
DAYS = 30
"""How long rates are averaged over: a single one is noise."""

Values = list[float | None]


def equity_chart(trials: Sequence[Trial], places: int, currency: str) -> dict[str, object]:
    """Return the equity of each pair at the end of every day (UTC), as plain JSON values."""
    days = _days(trials)
    return _chart(days, currency, places, [(t.name, _equity(t, days)) for t in trials])


def rate_chart(trials: Sequence[tuple[Trial, Sequence[Period]]]) -> dict[str, object]:
    """Return the rates of each pair as yearly ones in hundredths, the mean of the days before."""
    days = _days([trial for trial, _ in trials])
    curves = [(trial.name, _rates(history, days)) for trial, history in trials]
    return _chart(days, "% a year", 1, curves)


def _chart(
    days: Sequence[int], unit: str, places: int, curves: Sequence[tuple[str, Values]]
) -> dict[str, object]:
    return {
        "currency": unit,
        "money_decimals": places,
        "start_ms": days[0] // 1_000_000,
        "t": [(day - days[0]) // 1_000_000 for day in days],
        "net": [{"name": name, "values": values} for name, values in curves],
    }


def _days(trials: Sequence[Trial]) -> list[int]:
    first = min(trial.first_ns for trial in trials) // DAY_NS
    last = max(trial.last_ns for trial in trials) // DAY_NS + 1
    return [day * DAY_NS for day in range(first, last + 1)]


def _equity(trial: Trial, days: Sequence[int]) -> Values:
    values: Values = []
    equity, at = Decimal(0), 0
    for day in days:
        while at < len(trial.entries) and trial.entries[at].at_ns <= day:
            equity += trial.entries[at].quote
            at += 1
        known = trial.first_ns <= day + DAY_NS and day - DAY_NS <= trial.last_ns
        values.append(float(f"{equity:.6g}") if known else None)
    return values


def _rates(history: Sequence[Period], days: Sequence[int]) -> Values:
    known = [(p.at_ns, p.rate_per_h) for p in history if p.rate_per_h is not None]
    values: Values = []
    low = high = 0
    for day in days:
        while high < len(known) and known[high][0] <= day:
            high += 1
        while low < high and known[low][0] <= day - DAYS * DAY_NS:
            low += 1
        inside = [rate for _, rate in known[low:high]]
        mean = math.fsum(inside) / len(inside) * HOURS_A_YEAR * 100.0 if inside else None
        values.append(None if mean is None else float(f"{mean:.4g}"))
    return values
