"""Read a table of recorded latencies: .csv or .npz with ts_ns, entry_ns and response_ns."""

from collections.abc import Sequence
from csv import DictReader
from pathlib import Path
from zipfile import BadZipFile

from connectors.model.errors import DataError
from connectors.sim.exchange_state import LATENCY_ROWS, Exchange

COLUMNS = ("ts_ns", "entry_ns", "response_ns")
Row = tuple[int, int, int]
LONGEST_NS = 1 << 40
"""About 18 minutes: no latency is longer."""


def read_latencies(path: Path) -> list[Row]:
    """Return the rows of a table; raise DataError, naming file and row, for what cannot be meant.

    Stamps rise, and a request never overtakes the one before it: its time of arrival does not fall.
    """
    try:
        rows = _read_npz(path) if path.suffix == ".npz" else _read_csv(path)
    except (OSError, ValueError, KeyError, TypeError, BadZipFile) as error:
        names = ", ".join(COLUMNS)
        raise DataError(f"{path}: expected columns of integers {names}: {error}") from error
    if not 0 < len(rows) <= LATENCY_ROWS:
        raise DataError(f"{path}: expected 1 to {LATENCY_ROWS:,} rows, was {len(rows):,}; thin it")
    _check(path, rows)
    return rows


def load_latencies(x: Exchange, rows: Sequence[Row]) -> None:
    """Let an exchange that has just been started take its latencies from a table."""
    table = x.latency
    table.count = len(rows)
    rest = [0] * (LATENCY_ROWS - len(rows))
    table.sent_ns = [row[0] for row in rows] + rest
    table.entry_ns = [row[1] for row in rows] + rest
    table.response_ns = [row[2] for row in rows] + rest


def _read_csv(path: Path) -> list[Row]:
    with path.open(newline="", encoding="utf-8") as file:
        return [_row([line[name] for name in COLUMNS]) for line in DictReader(file)]


def _read_npz(path: Path) -> list[Row]:
    import numpy as np

    with np.load(path) as arrays:
        columns = [arrays[name].tolist() for name in COLUMNS]
    return [_row(values) for values in zip(*columns, strict=True)]


def _row(values: Sequence[str | int]) -> Row:
    sent_ns, entry_ns, response_ns = (int(value) for value in values)
    return sent_ns, entry_ns, response_ns


def _check(path: Path, rows: Sequence[Row]) -> None:
    before: Row | None = None
    for number, row in enumerate(rows, start=1):
        if not all(0 <= latency < LONGEST_NS for latency in row[1:]):
            raise DataError(f"{path}: row {number}: expected latencies from 0 ns, was {row[1:]}")
        if before is not None and row[0] <= before[0]:
            raise DataError(f"{path}: row {number}: expected ts_ns above {before[0]}, was {row[0]}")
        if before is not None and row[0] + row[1] <= before[0] + before[1]:
            raise DataError(
                f"{path}: row {number}: expected to arrive after the one before it,"
                f" which does at {before[0] + before[1]}, was {row[0] + row[1]}"
            )
        before = row
