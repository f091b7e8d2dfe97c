"""Read Bybit's public archive: trades of linear contracts or spot, and the order book.

Trades are gzipped CSV (``BTCUSDT2024-01-31.csv.gz``, spot with ``_`` before the day), the book JSON
lines in zip (``2024-01-31_BTCUSDT_ob500.data.zip``): a snapshot, then changes whose update id grows
by one. A jump of it is a gap until the next snapshot.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import msgspec

from connectors.model.errors import DataError
from connectors.model.events import (
    ASK,
    BID,
    CLEAR_ASKS,
    CLEAR_BIDS,
    GAP,
    TRADE_BUY,
    TRADE_SELL,
)
from connectors.tape.archive import BOOK, TRADES, Parser, Stream, cells_of, read_archive
from connectors.tape.binance_wire import as_ns
from connectors.tape.source import Reader, TapeSource

if TYPE_CHECKING:
    from collections import Counter
    from pathlib import Path

    from connectors.model.instrument import Instrument
    from connectors.tape.tape import Tape

_SIDES = {"buy": TRADE_BUY, "sell": TRADE_SELL}


class Levels(msgspec.Struct, gc=False):
    """The levels that a message sets, and its update id."""

    s: str
    u: int
    b: list[tuple[float, float]] = []
    a: list[tuple[float, float]] = []


class Message(msgspec.Struct, gc=False):
    """A line of the book: `ts` when it was sent, `cts` when the venue made it, in ms."""

    type: str
    ts: int
    data: Levels
    cts: int | None = None


_decode = msgspec.json.Decoder(Message, strict=False).decode


def read(paths: tuple[Path, ...], instrument: Instrument, source: TapeSource) -> Tape:
    """Read the files of one symbol; raises what `read_archive` raises."""
    return read_archive(paths, instrument, source, _parser_of)


def _parser_of(path: Path, instrument: Instrument, notes: Counter[str]) -> Parser:
    if "_ob" in path.name:
        return _Book(instrument.symbol, notes)
    if ".csv" in path.name:
        return _Trades(notes)
    raise DataError(
        f"{path}: expected the archive's name, such as BTCUSDT2024-01-31.csv.gz or"
        " 2024-01-31_BTCUSDT_ob500.data.zip"
    )


class _Trades:
    """A header, then a trade a line; the columns are found by their names."""

    def __init__(self, notes: Counter[str]) -> None:
        self.stream = Stream(TRADES, notes)
        self._at: tuple[int, ...] = ()
        self._is_spot = False

    def begin(self) -> None:
        """Wait for the header of the next file."""
        self._at = ()

    def take(self, line: bytes, number: int, place: int) -> None:
        """Take the header, then each trade once."""
        cells = cells_of(line)
        if not self._at:
            self._is_spot = "volume" in cells
            size, trade_id = ("volume", "id") if self._is_spot else ("size", "trdMatchID")
            names = ("timestamp", "side", "price", size, trade_id)
            self._at = tuple(cells.index(name) for name in names)
            return
        stamp, side, price, size, trade_id = (cells[at] for at in self._at)
        kind, level = _SIDES[side.lower()], (float(price), float(size))
        stamp_ns = as_ns(int(stamp)) if self._is_spot else int(Decimal(stamp) * 1_000_000_000)
        if self._is_spot:
            is_new = self.stream.is_new(int(trade_id))
        else:
            is_new = self.stream.is_unseen(trade_id)
        if is_new:
            self.stream.rows.add(kind, (level,), stamp_ns, stamp_ns, place)

    def lose(self, place: int) -> None:
        """Go on: a trade that is missing costs no book."""


class _Book:
    """Snapshots and changes; nothing is known before the first snapshot or after a jump."""

    def __init__(self, symbol: str, notes: Counter[str]) -> None:
        self.stream = Stream(BOOK, notes)
        self._symbol = symbol
        self._is_known = False
        self._stamps = (0, 0)

    def begin(self) -> None:
        """Go on: the ids say whether the next file follows."""

    def take(self, line: bytes, number: int, place: int) -> None:
        """Take a message of our symbol."""
        message = _decode(line)
        data = message.data
        if data.s != self._symbol:
            raise ValueError(f"the symbol is {data.s}, not {self._symbol}")
        recv_ns = as_ns(message.ts)
        self._stamps = (recv_ns if message.cts is None else as_ns(message.cts), recv_ns)
        if message.type == "snapshot":
            self._is_known = True
            self.stream.rows.mark(CLEAR_BIDS, *self._stamps, place)
            self.stream.rows.mark(CLEAR_ASKS, *self._stamps, place)
        elif not self._follows(data.u, place):
            return
        self.stream.last_id = data.u
        self.stream.rows.add(BID, data.b, *self._stamps, place)
        self.stream.rows.add(ASK, data.a, *self._stamps, place)

    def lose(self, place: int) -> None:
        """Know nothing until the next snapshot."""
        if self._is_known:
            self.stream.rows.mark(GAP, *self._stamps, place)
        self._is_known = False

    def _follows(self, update_id: int, place: int) -> bool:
        """Tell whether a change continues the book; a jump is a gap."""
        notes = self.stream.notes
        if not self._is_known:
            notes["changes of an unknown book left out"] += 1
        elif update_id <= self.stream.last_id:
            notes["repeated changes of the book left out"] += 1
        elif update_id > self.stream.last_id + 1:
            notes["breaks in the book's changes"] += 1
            self.lose(place)
        else:
            return True
        return False


READER = Reader("bybit_public", 1, "*{symbol}[0-9_]*", read)
