"""Read `fills.csv` back into columns of ticks and lots."""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path

from connectors.model.errors import DataError, OffGrid
from connectors.model.events import BUY, SELL
from connectors.model.instrument import Instrument
from runner.report.fills import COLUMNS
from runner.report.fills import ROLES as NAMES_OF_ROLES
from runner.results import UNKNOWN_MID, FillColumns

MIDS = ("mid", "mid_1s", "mid_5s", "mid_10s", "mid_60s")
SIDES = {"buy": BUY, "sell": SELL}
ROLES = {name: role for role, name in NAMES_OF_ROLES.items()}
Row = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class SavedFills:
    """One market's fills, and the fee of each by its trade id."""

    columns: FillColumns
    fees_quote: Mapping[int, Decimal]


def read_fills(path: Path, instruments: Mapping[str, Instrument]) -> dict[str, SavedFills]:
    """Return each market's fills; raise DataError with the line that cannot be read."""
    columns: dict[str, dict[str, list[int]]] = {
        market: {name: [] for name in FillColumns.__dataclass_fields__} for market in instruments
    }
    fees: dict[str, dict[int, Decimal]] = {market: {} for market in instruments}
    for number, row in _rows(path):
        try:
            own = columns[row["market"]]
            fees[row["market"]][int(row["trade_id"])] = Decimal(row["fee"])
            for name, value in _values(row, instruments[row["market"]]).items():
                own[name].append(value)
        except (KeyError, ValueError, InvalidOperation, OffGrid, TypeError) as error:
            raise DataError(
                f"{path}: expected a fill in line {number}, was something else: {error}"
            ) from None
    return {name: SavedFills(FillColumns(**own), fees[name]) for name, own in columns.items()}


def _rows(path: Path) -> Iterator[tuple[int, Row]]:
    try:
        with path.open(encoding="utf-8", newline="") as file:
            lines = csv.DictReader(file)
            missing = [name for name in COLUMNS if name not in (lines.fieldnames or ())]
            if missing:
                raise DataError(f"{path}: expected the columns of a run, {missing[0]} is missing")
            yield from enumerate(lines, start=2)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise DataError(f"{path}: expected the fills of a run, cannot be read: {error}") from None


def _values(row: Row, instrument: Instrument) -> dict[str, int]:
    lot, half = instrument.lot_size_base, instrument.tick_size / 2
    mids = {
        f"{name}_half_ticks": _count(row[name], half) if row[name] else UNKNOWN_MID for name in MIDS
    }
    return {
        "recv_ns": int(row["ts_ns"]),
        "venue_ns": int(row["ts_venue_ns"]),
        "side": SIDES[row["side"]],
        "ticks": _count(row["price"], instrument.tick_size),
        "lots": _count(row["size"], lot),
        "role": ROLES[row["role"]],
        "trade_id": int(row["trade_id"]),
        "client_id": int(row["client_id"]),
        "flips_200ms": int(row["flips_200ms"]),
        "position_before_lots": _count(row["inventory_before"], lot),
        **mids,
    }


def _count(text: str, step: Decimal) -> int:
    """Return how many steps a decimal is; raise ValueError for what lies between two."""
    count = Decimal(text) / step
    if count != count.to_integral_value():
        raise ValueError(f"{text} is not on the grid of {step}")
    return int(count)
