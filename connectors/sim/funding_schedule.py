"""Say when funding is settled and at what rate: at equal times, or as a table recorded it."""

from csv import DictReader
from decimal import Decimal, InvalidOperation
from pathlib import Path

from connectors.model.errors import DataError
from connectors.sim.exchange_state import FUNDING_ROWS
from connectors.sim.funding import Settlement

HOUR_NS = 3_600 * 1_000_000_000
HIGHEST_RATE = Decimal("0.1")


def regular(rate: Decimal, interval_h: int, first_ns: int, last_ns: int) -> tuple[Settlement, ...]:
    """Return a settlement at each multiple of the interval since the epoch, after the first."""
    if rate == 0:
        return ()
    every_ns = interval_h * HOUR_NS
    due = range((first_ns // every_ns + 1) * every_ns, last_ns + 1, every_ns)
    return _bounded(tuple(Settlement(due_ns, rate) for due_ns in due), "funding_interval_h")


def recorded(path: Path, first_ns: int, last_ns: int) -> tuple[Settlement, ...]:
    """Return the settlements of a .csv with ts_ns and rate that lie after the first moment.

    Raises DataError, naming file and row, for what cannot be meant.
    """
    found: list[Settlement] = []
    try:
        with path.open(newline="", encoding="utf-8") as file:
            for line in DictReader(file):
                found.append(Settlement(int(line["ts_ns"]), Decimal(line["rate"])))
    except (OSError, ValueError, KeyError, TypeError, InvalidOperation) as error:
        reason = type(error).__name__ if isinstance(error, InvalidOperation) else str(error)
        row = len(found) + 1
        raise DataError(f"{path}: row {row}: expected ts_ns, rate: {reason}") from error
    before_ns = -1
    for row, settlement in enumerate(found, start=1):
        if settlement.due_ns <= before_ns:
            raise DataError(f"{path}: row {row}: expected ts_ns above {before_ns}")
        if not (settlement.rate.is_finite() and abs(settlement.rate) <= HIGHEST_RATE):
            raise DataError(
                f"{path}: row {row}: expected a rate from -0.1 to 0.1, a share of the notional,"
                f" was {settlement.rate}"
            )
        before_ns = settlement.due_ns
    return _bounded(tuple(s for s in found if first_ns < s.due_ns <= last_ns), str(path))


def _bounded(schedule: tuple[Settlement, ...], what: str) -> tuple[Settlement, ...]:
    if len(schedule) > FUNDING_ROWS:
        raise DataError(
            f"{what}: expected at most {FUNDING_ROWS:,} settlements in one tape,"
            f" was {len(schedule):,}"
        )
    return schedule
