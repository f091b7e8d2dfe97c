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
from operator import itemgetter
from typing import TYPE_CHECKING

from connectors.model.errors import DataError, TornTape
from connectors.model.events import TRADE_BUY, TRADE_SELL
from connectors.tape.csv_stamp import STAMPS
from connectors.tape.lines import Torn, read_lines
from connectors.tape.ordering import assemble
from connectors.tape.row_runs import RowRuns
from connectors.tape.source import Reader, TapeSource
from connectors.tape.top_rows import NO_LEVEL, Fit, TopRows

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from connectors.model.instrument import Instrument
    from connectors.tape.tape import Tape

    Level = tuple[float, float]

QUOTES = ("bid", "bid_size", "ask", "ask_size")
TRADES = ("trade_price", "trade_size", "trade_side")
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
    if source.repair:
        top.rows.fit = Fit(instrument.tick_size, instrument.lot_size_base)
    notes: Counter[str] = Counter()
    torn: list[str] = []
    for number, path in enumerate(paths):
        try:
            _read_file(top, path, number << LINE_BITS, notes if source.repair else None)
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


def _read_file(top: _Top, path: Path, base: int, repaired: Counter[str] | None) -> None:
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
            top.take(layout.to_ns(stamp), values, base + number)
        except (ValueError, OverflowError, ArithmeticError) as error:
            if repaired is not None and layout is not None:
                repaired[BAD_LINES] += 1
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


class _Top:
    """The best level of each side, as the lines tell it."""

    __slots__ = ("_stamp_ns", "rows")

    def __init__(self, rows: RowRuns) -> None:
        self.rows = TopRows(rows)
        self._stamp_ns = 0

    def lose(self, place: int) -> None:
        """Take a line that says nothing for a gap in the book."""
        self.rows.lose(self._stamp_ns, self._stamp_ns, place)

    def take(self, ts_ns: int, cells: list[str], place: int) -> None:
        """Take one line's quote cells and trade cells, if any; raise ValueError for bad ones."""
        bid_price, bid_size, ask_price, ask_size, *trade = cells
        bid = _level(bid_price, bid_size, self.rows.bid)
        ask = _level(ask_price, ask_size, self.rows.ask)
        taken = _trade(*trade) if trade else None
        self.rows.tell(bid, ask, ts_ns, ts_ns, place, taken)
        self._stamp_ns = ts_ns


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
