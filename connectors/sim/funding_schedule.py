"""Say when funding is settled and at what rate: at equal times, or as a history says."""

from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal

from connectors.model.errors import DataError
from connectors.sim.exchange_state import FUNDING_ROWS
from connectors.sim.funding import Settlement

SECOND_NS = 1_000_000_000
HOUR_NS = 3_600 * SECOND_NS


def regular(
    rate: Decimal, interval_h: Decimal, first_ns: int, last_ns: int
) -> tuple[Settlement, ...]:
    """Return a settlement at each multiple of the interval since the epoch, after the first."""
    if rate == 0:
        return ()
    every_ns = int(interval_h * HOUR_NS)
    due = range((first_ns // every_ns + 1) * every_ns, last_ns + 1, every_ns)
    return _bounded(tuple(Settlement(due_ns, rate) for due_ns in due), "funding_interval_h")


def recorded(
    history: Sequence[tuple[int, Decimal]], first_ns: int, last_ns: int, what: str
) -> tuple[Settlement, ...]:
    """Return those of a history's moments and rates that lie after the first moment.

    Raises DataError, which names the history, where it is of another time than the tape, or has
    more settlements than one tape can hold.
    """
    if not history or history[0][0] > last_ns or history[-1][0] < first_ns:
        raise DataError(f"{what}: expected settlements of the tape's time, was {_span(history)}")
    inside = (Settlement(*row) for row in history if first_ns < row[0] <= last_ns)
    return _bounded(tuple(inside), what)


def _span(history: Sequence[tuple[int, Decimal]]) -> str:
    """Say in words from when to when a history runs."""
    if not history:
        return "none"
    first, last = (
        datetime.fromtimestamp(due_ns // SECOND_NS, UTC).strftime("%Y-%m-%dT%H:%MZ")
        for due_ns in (history[0][0], history[-1][0])
    )
    return f"{first} to {last}"


def _bounded(schedule: tuple[Settlement, ...], what: str) -> tuple[Settlement, ...]:
    if len(schedule) > FUNDING_ROWS:
        raise DataError(
            f"{what}: expected at most {FUNDING_ROWS:,} settlements in one tape,"
            f" was {len(schedule):,}"
        )
    return schedule
