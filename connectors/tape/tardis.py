"""Read Tardis.dev's CSV: trades, and incremental_book_L2 or quotes.

The header says what a file holds. Stamps are in us: `timestamp` the venue's, `local_timestamp`
Tardis's own. A row of a snapshot after one that is none begins the book anew: the connection was
lost, so from the row before on nothing was known.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

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
from connectors.tape.lines import read_lines
from connectors.tape.source import Reader, TapeSource
from connectors.tape.top_rows import NO_LEVEL

if TYPE_CHECKING:
    from collections import Counter
    from pathlib import Path

    from connectors.model.instrument import Instrument
    from connectors.tape.tape import Tape

    Level = tuple[float, float]

COMMON = ("exchange", "symbol", "timestamp", "local_timestamp")
L2 = (*COMMON, "is_snapshot", "side", "price", "amount")
TRADE = (*COMMON, "id", "side", "price", "amount")
QUOTE = (*COMMON, "ask_amount", "ask_price", "bid_price", "bid_amount")
_BOOK_SIDES = {"bid": BID, "ask": ASK}
_TAKERS = {"buy": TRADE_BUY, "sell": TRADE_SELL}


def read(paths: tuple[Path, ...], instrument: Instrument, source: TapeSource) -> Tape:
    """Read the files of one symbol; raises what `read_archive` raises."""
    return read_archive(paths, instrument, source, _parser_of)


def _parser_of(path: Path, instrument: Instrument, notes: Counter[str]) -> Parser:
    _, first = next(read_lines(path), (0, b""))
    try:
        header = tuple(cells_of(first))
    except UnicodeDecodeError as error:
        raise DataError(f"{path}:1: expected a header, was no text: {error}") from error
    if header == L2:
        return _Levels(instrument.symbol, notes)
    if header == TRADE:
        return _Trades(instrument.symbol, notes)
    if header == QUOTE:
        return _Quotes(instrument.symbol, notes)
    raise DataError(
        f"{path}:1: expected the header of incremental_book_L2, trades or quotes, was"
        f" {','.join(header)[:120]}"
    )


class _Rows(ABC):
    """What the three kinds have in common: a header, other symbols, two stamps."""

    what = BOOK

    def __init__(self, symbol: str, notes: Counter[str]) -> None:
        self.stream = Stream(self.what, notes)
        self._symbol = symbol
        self._stamps = (0, 0)

    def begin(self) -> None:  # noqa: B027 - no kind has anything to begin
        """Go on: each row says whether it is of a snapshot."""

    def take(self, line: bytes, number: int, place: int) -> None:
        """Take a row of our symbol."""
        cells = cells_of(line)
        if number == 1:
            return
        if cells[1] != self._symbol:
            self.stream.notes["rows of other symbols left out"] += 1
            return
        stamps = int(cells[2]) * 1_000, int(cells[3]) * 1_000
        self._row(cells[4:8], *stamps, place)
        self._stamps = stamps

    def lose(self, place: int) -> None:  # noqa: B027 - trades have nothing to lose
        """Know nothing until it is said anew."""

    @abstractmethod
    def _row(self, cells: list[str], venue_ns: int, recv_ns: int, place: int) -> None:
        """Take the cells of a row that are of its kind."""


class _Levels(_Rows):
    """Levels set one by one, in snapshots and changes."""

    def __init__(self, symbol: str, notes: Counter[str]) -> None:
        super().__init__(symbol, notes)
        self._is_known = False
        self._in_snapshot = False

    def lose(self, place: int) -> None:
        """Know nothing until the next snapshot."""
        if self._is_known:
            self.stream.rows.mark(GAP, *self._stamps, place)
        self._is_known = self._in_snapshot = False

    def _row(self, cells: list[str], venue_ns: int, recv_ns: int, place: int) -> None:
        is_snapshot, side, price, amount = cells
        kind, level = _BOOK_SIDES[side], (float(price), float(amount))
        begins = _truth(is_snapshot) and not self._in_snapshot
        if begins:
            self._begin_book(venue_ns, recv_ns, place)
        self._in_snapshot = _truth(is_snapshot)
        if self._is_known:
            self.stream.rows.add(kind, (level,), venue_ns, recv_ns, place)
        else:
            self.stream.notes["changes of an unknown book left out"] += 1

    def _begin_book(self, venue_ns: int, recv_ns: int, place: int) -> None:
        if self._is_known:
            self.stream.notes["connections lost"] += 1
            self.stream.rows.mark(GAP, *self._stamps, place)
        self._is_known = True
        self.stream.rows.mark(CLEAR_BIDS, venue_ns, recv_ns, place)
        self.stream.rows.mark(CLEAR_ASKS, venue_ns, recv_ns, place)


class _Trades(_Rows):
    """Trades with the taker's side; those without one are left out."""

    what = TRADES

    def _row(self, cells: list[str], venue_ns: int, recv_ns: int, place: int) -> None:
        trade_id, side, price, amount = cells
        level = (float(price), float(amount))
        if side == "unknown":
            self.stream.notes["trades without a side left out"] += 1
        elif self.stream.is_unseen(trade_id):
            self.stream.rows.add(_TAKERS[side], (level,), venue_ns, recv_ns, place)


class _Quotes(_Rows):
    """Best prices; an empty cell is an empty side."""

    def lose(self, place: int) -> None:
        """Know nothing until the next row."""
        self.stream.top.lose(*self._stamps, place)

    def _row(self, cells: list[str], venue_ns: int, recv_ns: int, place: int) -> None:
        ask_amount, ask_price, bid_price, bid_amount = cells
        bid, ask = _level(bid_price, bid_amount), _level(ask_price, ask_amount)
        self.stream.top.tell(bid, ask, venue_ns, recv_ns, place)


def _level(price: str, amount: str) -> Level:
    return (float(price), float(amount)) if price and amount else NO_LEVEL


def _truth(text: str) -> bool:
    if text not in ("true", "false"):
        raise ValueError(f"is_snapshot is {text!r} instead of true or false")
    return text == "true"


READER = Reader("tardis", 1, "*_{symbol}.csv*", read)
