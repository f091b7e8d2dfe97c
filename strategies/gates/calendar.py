"""Pause by the clock of the decision: outside quoting hours, and around funding timestamps.

Both are states of the moment, evaluated anew with each decision, so that a missed edge is no fault.
"""

from connectors.model.kernel import kernel
from strategies import reasons as why
from strategies.desk import Desk
from strategies.gates.effect import pull_both

MINUTE_NS = 60_000_000_000
WEEK_MIN = 7 * 24 * 60
EPOCH_MIN = 3 * 24 * 60
"""1970-01-01 was a Thursday: so many minutes after Monday 00:00."""


@kernel
def minute_of_week(now_ns: int) -> int:
    """Return the minutes since Monday 00:00 UTC."""
    return (now_ns // MINUTE_NS + EPOCH_MIN) % WEEK_MIN


@kernel
def look_at_hours(desk: Desk, now_ns: int) -> None:
    """Pull both sides unless a window holds the moment; one may run over the end of the week."""
    hours = desk.params.gates.hours
    minute = minute_of_week(now_ns)
    inside = False
    for k in range(hours.count):
        first, until = hours.first_min[k], hours.until_min[k]
        if first < until:
            inside = inside or first <= minute < until
        else:
            inside = inside or minute >= first or minute < until
    if not inside:
        pull_both(desk.quotes, why.HOURS)


@kernel
def look_at_funding(desk: Desk, now_ns: int) -> None:
    """Pull both sides from `before_ns` ahead of a funding timestamp until `after_ns` past it."""
    funding = desk.params.gates.funding
    if funding.every_ns <= 0:
        return
    past_ns = now_ns % funding.every_ns
    if past_ns < funding.after_ns or past_ns >= funding.every_ns - funding.before_ns:
        pull_both(desk.quotes, why.FUNDING_TIME)
