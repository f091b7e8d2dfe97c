"""Read a plain CSV of best prices and trades.

The header names the columns, in any order::

    ts_ms,bid,bid_size,ask,ask_size,trade_price,trade_size,trade_side
    1721347022504,63943.9,46.371,63944.0,0.095,,,
    1721347022507,63943.9,46.371,63944.0,0.045,63944.0,0.050,buy

- one stamp column: `ts_ns`, `ts_us`, `ts_ms` (since 1970, UTC) or `ts_iso` (with its offset or Z);
- `bid`, `bid_size`, `ask`, `ask_size`: the best prices after this row, sizes in base units. Both
  cells of a side empty: unchanged. Size 0: the side is empty;
- `trade_price`, `trade_size`, `trade_side` (optional, all or none): a trade just before, with the
  side of the taker, `buy` or `sell`.

There is one level a side and one clock; our stamp is the venue's plus the least feed latency. Cells
are not quoted; files may be gzipped and are joined in name order.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from operator import itemgetter
from typing import TYPE_CHECKING

from connectors.model.errors import DataError, TornTape
from connectors.model.events import ASK, BID, CLEAR_ASKS, CLEAR_BIDS, GAP, TRADE_BUY, TRADE_SELL
from connectors.tape.csv_stamp import STAMPS
from connectors.tape.lines import Torn, read_lines
from connectors.tape.ordering import assemble
from connectors.tape.row_runs import RowRuns
from connectors.tape.source import Reader, TapeSource

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from connectors.model.instrument import Instrument
    from connectors.tape.tape import Tape

    Level = tuple[float, float]

QUOTES = ("bid", "bid_size", "ask", "ask_size")
TRADES = ("trade_price", "trade_size", "trade_side")
NO_LEVEL = (0.0, 0.0)
SIDE_AT = 6
"""Where among a line's values the side of its trade stands; the others are prices and sizes."""
MOST = 1_000_000_000_000
BAD_LINES = "lines that are no row left out, a gap instead"
LINE_BITS = 40
"""A place is the file's number above this many bits and the line's number below."""


def read(paths: tuple[Path, ...], instrument: Instrument, source: TapeSource) -> Tape:
    """Read the files, joined in their order.

    Raises DataError with file and line for a header or a cell that is not as described above,
    TornTape for a file whose last line has no end (0.15 may be the rest of 0.157) unless
    `allow_torn`, which drops that line.
    """
    rows = RowRuns()
    top = _Top(rows)
    notes: Counter[str] = Counter()
    good = _Repair(instrument, notes) if source.repair else None
    torn: list[str] = []
    for number, path in enumerate(paths):
        try:
            _read_file(top, path, number << LINE_BITS, good)
        except Torn as error:
            cut = f"{error}; {rows.rows} good rows precede"
            if not source.takes_torn:
                raise TornTape(f"{cut}; set tape.allow_torn=true to use them") from error
            torn.append(cut)

    def text(place: int) -> str:
        return f"{paths[place >> LINE_BITS]}:{place & ((1 << LINE_BITS) - 1)}"

    return assemble(
        instrument,
        source,
        rows.columns(instrument, text),
        lambda row: text(rows.place_of(row)),
        torn="; ".join(torn) or None,
        notes=notes,
    )


@dataclass(frozen=True, slots=True)
class _Layout:
    """How a line's cells are found: stamp, quotes, then the trade's where the file has them."""

    width: int
    to_ns: Callable[[str], int]
    pick: Callable[[list[str]], tuple[str, ...]]


def _read_file(top: _Top, path: Path, base: int, repair: _Repair | None) -> None:
    layout: _Layout | None = None
    for number, line in read_lines(path):
        try:
            cells = line.decode("utf-8-sig").strip().split(",")
            if layout is None:
                layout = _layout([cell.strip() for cell in cells])
                continue
            if not line.endswith(b"\n"):
                raise Torn(f"{path}:{number}: the last line does not end, so it may be cut")
            if len(cells) != layout.width:
                raise ValueError(f"{len(cells)} cells instead of {layout.width}")
            stamp, *values = layout.pick(cells)
            if repair is not None:
                repair.check(values)
            top.take(layout.to_ns(stamp), values, base + number)
        except (ValueError, OverflowError, ArithmeticError) as error:
            if repair is not None and layout is not None:
                repair.notes[BAD_LINES] += 1
                top.lose(base + number)
                continue
            expected = "a header" if layout is None else "a row as the header says"
            raise DataError(f"{path}:{number}: expected {expected}: {error}") from error


def _layout(names: list[str]) -> _Layout:
    """Find the columns; raise ValueError for one that is missing, unknown or there twice."""
    stamps = [(name, to_ns) for name, to_ns in STAMPS if name in names]
    if len(stamps) != 1:
        raise ValueError(f"one of {', '.join(name for name, _ in STAMPS)} must be a column")
    name, to_ns = stamps[0]
    wanted = (name, *QUOTES, *(TRADES if any(trade in names for trade in TRADES) else ()))
    if sorted(names) != sorted(wanted):
        raise ValueError(f"the columns are {','.join(names)} instead of {','.join(wanted)}")
    return _Layout(len(names), to_ns, itemgetter(*(names.index(column) for column in wanted)))


@dataclass(frozen=True, slots=True)
class _Repair:
    """What a line must be so that a repaired tape takes it."""

    instrument: Instrument
    notes: Counter[str]

    def check(self, values: list[str]) -> None:
        """Raise ValueError or ArithmeticError unless every price and size is on the grid."""
        steps = (self.instrument.tick_size, self.instrument.lot_size_base)
        for k, cell in enumerate(value for at, value in enumerate(values) if at != SIDE_AT):
            if cell and (not 0 <= Decimal(cell) < MOST or Decimal(cell) % steps[k % 2]):
                raise ValueError(f"{cell} is not on the grid of {steps[k % 2]}")


class _Top:
    """The best level of each side, and the rows that its changes make.

    After a line that was lost nothing is known of either side until a line says it again.
    """

    __slots__ = ("_known", "_levels", "_rows", "_stamp_ns")

    def __init__(self, rows: RowRuns) -> None:
        self._rows = rows
        self._levels = {BID: NO_LEVEL, ASK: NO_LEVEL}
        self._known = False
        self._stamp_ns = 0

    def lose(self, place: int) -> None:
        """Take a line that says nothing for a gap in the book."""
        if self._known:
            self._rows.mark(GAP, self._stamp_ns, self._stamp_ns, place)
        self._known = False
        self._levels = {BID: NO_LEVEL, ASK: NO_LEVEL}

    def take(self, ts_ns: int, cells: list[str], place: int) -> None:
        """Take one line's quote cells and trade cells, if any; raise ValueError for bad ones."""
        bid_price, bid_size, ask_price, ask_size, *trade = cells
        bid = _level(bid_price, bid_size, self._levels[BID])
        ask = _level(ask_price, ask_size, self._levels[ASK])
        taken = _trade(*trade) if trade else None
        self._stamp_ns = ts_ns
        if not self._known:
            self._known = True
            self._rows.mark(CLEAR_BIDS, ts_ns, ts_ns, place)
            self._rows.mark(CLEAR_ASKS, ts_ns, ts_ns, place)
        if taken is not None:
            kind, level = taken
            self._rows.add(kind, (level,), ts_ns, ts_ns, place)
        changes = [(BID, bid), (ASK, ask)]
        for side, level in changes:
            price, size = self._levels[side]
            if size and (level[0] != price or not level[1]):
                self._rows.add(side, ((price, 0.0),), ts_ns, ts_ns, place)
        for side, level in changes:
            if level[1] and level != self._levels[side]:
                self._rows.add(side, (level,), ts_ns, ts_ns, place)
            self._levels[side] = level


def _level(price: str, size: str, unchanged: Level) -> Level:
    """Return a side's level, without a price where its size is 0."""
    if not price and not size:
        return unchanged
    if not size:
        raise ValueError(f"the price {price} has no size")
    size_base = float(size)
    return (float(price), size_base) if size_base else NO_LEVEL


def _trade(price: str, size: str, side: str) -> tuple[int, Level] | None:
    """Return the kind and the level of a trade; None where all its cells are empty."""
    if not price and not size and not side:
        return None
    match side.lower():
        case "buy":
            return TRADE_BUY, (float(price), float(size))
        case "sell":
            return TRADE_SELL, (float(price), float(size))
        case _:
            raise ValueError(f"trade_side is {side!r} instead of buy or sell")


READER = Reader("csv", 1, "{symbol}[!a-z0-9]*csv*", read)
